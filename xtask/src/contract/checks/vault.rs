//! S17: secrets from a vault: read, renewed, rotated, refused, and kept while it is down. Against a real OpenBao server.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;

use super::openmetrics::Exposition;
use super::promlint::lint;
use super::refusals::{CONFIGURATION, refused};
use super::secrets::{TOKEN, with_token};
use crate::contract::bao::{Bao, PROGRAM, ROOT, SECRET_ID};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::running::{Running, call, eventually};
use crate::contract::{Check, Fault, Need, Setup, Subject};
use crate::process::finish::Finished;

const KEY: &str = "management.token";
const NAME: &str = "management-token";
const PATH: &str = "secret/data/demo/management-token";
/// How long a change may take to be noticed. The service asks every 100 ms.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a service with a database refers to as well.
const DATABASE: &str = "database.url";
const NEEDS: &[Need] = &[Need::Host, Need::Program(PROGRAM)];

pub const CHECKS: &[Check] = &[
    Check {
        id: "S17",
        name: "fetches-secrets-from-a-vault",
        title: "the `vault` provider reads KV v2 by a token or an AppRole; nothing of either is logged",
        needs: NEEDS,
        remedy: "src/secrets/vault/",
        run: fetches,
    },
    Check {
        id: "S17",
        name: "refuses-what-a-vault-forbids",
        title: "a secret that the vault lacks or forbids, and a login that it refuses, end the start at once, by key and path",
        needs: NEEDS,
        remedy: "`read` in src/secrets/vault/mod.rs, `anew` in src/secrets/vault/login.rs",
        run: forbidden,
    },
    Check {
        id: "S17",
        name: "waits-for-a-vault-until-the-deadline",
        title: "a vault that is down is waited for until `secrets.start_deadline`, then refuses to start by its address",
        needs: &[Need::Host],
        remedy: "`patiently` in src/secrets/refresh.rs",
        run: down_at_start,
    },
    Check {
        id: "S17",
        name: "asks-vaults-in-the-clear-on-this-machine-only",
        title: "outside dev, a vault on another machine must have an https address",
        needs: &[],
        remedy: "`open` in src/secrets/vault/mod.rs",
        run: in_the_clear,
    },
    Check {
        id: "S17",
        name: "renews-its-lease",
        title: "a token is renewed ahead of its end",
        needs: NEEDS,
        remedy: "`renewed` in src/secrets/vault/login.rs, `pace` in src/secrets/vault/mod.rs",
        run: renews,
    },
    Check {
        id: "S17",
        name: "replaces-a-revoked-token",
        title: "a token that the vault has revoked is replaced by a new login, and what changed since is used",
        needs: NEEDS,
        remedy: "`read` and `may_help` in src/secrets/vault/mod.rs, `anew` in src/secrets/vault/login.rs",
        run: revoked,
    },
    Check {
        id: "S17",
        name: "trusts-a-vault-by-its-authority",
        title: "over TLS, a vault is asked for secrets if the authority in `secrets.vault.ca_file` signed its certificate, and else refused at once",
        needs: NEEDS,
        remedy: "`authorities` and `secure` in src/platform/transport.rs, `open` in src/secrets/vault/mod.rs",
        run: over_tls,
    },
    Check {
        id: "S17",
        name: "takes-rotated-secrets",
        title: "a secret that changes in the vault is used without a restart, and the old one no more",
        needs: NEEDS,
        remedy: "`round` in src/secrets/refresh.rs, and whoever holds on to an old value",
        run: rotates,
    },
    Check {
        id: "S17",
        name: "keeps-secrets-while-a-vault-is-down",
        title: "with the vault down, values are kept, readiness says `warn` and stays 200, a gauge shows their age; all ends with it",
        needs: NEEDS,
        remedy: "`keep` in src/secrets/refresh.rs, and `Verdict::Warn` in src/platform/health.rs",
        run: down_later,
    },
];

/// A vault that holds what the case refers to, but for the management token.
fn vault(subject: &Subject) -> Result<Bao, Fault> {
    let bao = Bao::start()?;
    fill(&bao, subject)?;
    Ok(bao)
}

fn fill(bao: &Bao, subject: &Subject) -> Result<(), Fault> {
    let url = subject.service.database();
    match url.map_err(|error| Fault::new("a fresh database", format!("{error:#}")))? {
        Some(url) => bao.put("database-url", &url),
        None => Ok(()),
    }
}

/// Key and path of the secret that a refusal is about, of those that the service refers to: it may ask for them in any
/// order.
fn about(subject: &Subject, finished: &Finished) -> (&'static str, &'static str) {
    let on_postgres = subject.answer("database") == Some("postgres");
    if on_postgres && finished.stderr.contains(DATABASE) {
        (DATABASE, "secret/data/demo/database-url")
    } else {
        (KEY, PATH)
    }
}

fn fetches(subject: &Subject) -> Result<(), Fault> {
    let bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let setup = with_token(subject).set("APP__LOG__LEVEL", "trace");
    let by_role = bao.by_role(setup.clone(), "demo", "1h")?;
    for setup in [bao.by_token(setup), by_role] {
        let running = subject.fresh(&setup)?;
        let ready = running.manage("/health/ready")?.status(200)?;
        ready.hold(
            ready.json()?["checks"]["secrets"]["status"] == "pass",
            "the check `secrets` with the status `pass`",
        )?;
        lets_in(subject, &running, TOKEN, true)?;
        let lines = running.lines();
        let leak = lines.iter().find(|line| {
            [TOKEN, ROOT, SECRET_ID]
                .iter()
                .any(|secret| line.contains(secret))
        });
        hold(
            leak.is_none(),
            "no secret in the log, at level trace",
            || leak.cloned().unwrap_or_default(),
        )?;
    }
    Ok(())
}

/// Holds that the management token is, or is not, `token`, where the case has something to protect.
fn lets_in(subject: &Subject, running: &Running, token: &str, expected: bool) -> Result<(), Fault> {
    if subject.answer("metrics") != Some("prometheus") {
        return Ok(());
    }
    let request = Request::get("/metrics").header("authorization", format!("Bearer {token}"));
    call(running.management(), &request)?.status(if expected { 200 } else { 401 })?;
    Ok(())
}

fn forbidden(subject: &Subject) -> Result<(), Fault> {
    let bao = vault(subject)?;
    let by_token = bao.by_token(with_token(subject));
    let by_role = bao.by_role(with_token(subject), "default", "1h")?;
    let refuse = |what: &str, setup: &Setup, by_path: bool, words: &[&str]| {
        let finished = subject.run(&[], setup)?;
        let (key, path) = about(subject, &finished);
        let place = by_path.then_some(path);
        let words: Vec<_> = [key]
            .into_iter()
            .chain(place)
            .chain(words.iter().copied())
            .collect();
        refused(subject, what, &finished, CONFIGURATION, &words)?;
        let said = finished.excerpt();
        let leak = [TOKEN, ROOT, SECRET_ID].iter().any(|it| said.contains(it));
        hold(!leak, format!("{what}: no secret in the refusal"), || said)
    };
    let missing = ["vault", PATH, "missing"];
    refuse("a secret that is missing", &by_token, true, &missing)?;
    bao.put(NAME, TOKEN)?;
    let words = ["vault", "forbidden", "policy"];
    refuse("a secret that is forbidden", &by_role, true, &words)?;
    let unknown = by_role
        .clone()
        .set("APP__SECRETS__VAULT__ROLE_ID", "nobody");
    let words = ["login", "role_id"];
    refuse("a role that is not known", &unknown, false, &words)?;
    let without = by_token.unset("SECRET_VAULT_TOKEN");
    let words = ["SECRET_VAULT_TOKEN", "vault-token"];
    refuse("no token", &without, false, &words)?;
    let other = by_role
        .set("APP__SECRETS__VAULT__FIELD", "password")
        .set("APP__SECRETS__VAULT__AUTH", "token")
        .set("SECRET_VAULT_TOKEN", ROOT);
    refuse("no such field", &other, true, &["`password`"])
}

fn down_at_start(subject: &Subject) -> Result<(), Fault> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let address = free.map_err(|error| Fault::new("a free port", error.to_string()))?;
    let address = format!("http://{address}");
    let setup = with_token(subject)
        .set("APP__SECRETS__PROVIDER", "vault")
        .set("APP__SECRETS__VAULT__ADDRESS", address.clone())
        .set("SECRET_VAULT_TOKEN", ROOT)
        .set("APP__SECRETS__START_DEADLINE", "700ms");
    let finished = subject.run(&[], &setup)?;
    let what = "a vault that is down";
    refused(
        subject,
        what,
        &finished,
        CONFIGURATION,
        &[
            about(subject, &finished).0,
            "vault",
            &address,
            "unreachable",
        ],
    )?;
    hold(
        finished.stdout.contains("waiting for secrets"),
        "a log line that says what the start waits for",
        || finished.excerpt(),
    )
}

fn in_the_clear(subject: &Subject) -> Result<(), Fault> {
    let setup = with_token(subject)
        .set("APP_ENV", "prod")
        .set("APP__SECRETS__PROVIDER", "vault")
        .set(
            "APP__SECRETS__VAULT__ADDRESS",
            "http://vault.example.com:8200",
        )
        .set("SECRET_VAULT_TOKEN", ROOT);
    let finished = subject.run(&[], &setup)?;
    let words = ["secrets.vault.address", "in the clear", "https://"];
    refused(
        subject,
        "a vault in the clear",
        &finished,
        CONFIGURATION,
        &words,
    )
}

fn renews(subject: &Subject) -> Result<(), Fault> {
    let bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let setup = bao.by_role(with_token(subject), "demo", "3s")?;
    // So that nothing but the lease can be the reason to call.
    let running = subject.fresh(&setup.set("APP__SECRETS__REFRESH", "1h"))?;
    let first = bao.tokens()?.first().map(|token| token["accessor"].clone());
    let renewed = eventually(PATIENCE, || {
        let tokens = bao.tokens().ok()?;
        let token = tokens
            .iter()
            .find(|token| Some(&token["accessor"]) == first.as_ref())?;
        token["last_renewal"].is_string().then_some(())
    });
    hold(
        renewed.is_some(),
        "the token to be renewed before its 3 s have passed",
        || running.lines().join("\n"),
    )
}

fn revoked(subject: &Subject) -> Result<(), Fault> {
    let bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let running = subject.fresh(&bao.by_role(with_token(subject), "demo", "1h")?)?;
    for token in bao.tokens()? {
        let body = json!({ "accessor": token["accessor"] });
        bao.ask("POST", "auth/token/revoke-accessor", Some(&body))?;
    }
    let other = format!("other-{TOKEN}");
    bao.put(NAME, &other)?;
    running.line("message `secret rotated`, with its name", |line| {
        line["message"] == "secret rotated" && line["secret"] == NAME
    })?;
    lets_in(subject, &running, &other, true)
}

fn over_tls(subject: &Subject) -> Result<(), Fault> {
    let folder = tempfile::tempdir().map_err(|error| Fault::new("a folder", error.to_string()))?;
    let (bao, authority) = Bao::start_with_tls(folder.path())?;
    let address = format!("https://{}", bao.address);
    let setup = bao
        .by_token(with_token(subject))
        .set("APP__SECRETS__VAULT__ADDRESS", address.clone());
    let finished = subject.run(&[], &setup)?;
    let (key, _) = about(subject, &finished);
    let words = [key, &address, "not to be trusted", "secrets.vault.ca_file"];
    let what = "a vault whose authority is not known";
    refused(subject, what, &finished, CONFIGURATION, &words)?;
    // It holds nothing: what it says of that, it says to who trusts it.
    let known = setup.set(
        "APP__SECRETS__VAULT__CA_FILE",
        authority.display().to_string(),
    );
    let finished = subject.run(&[], &known)?;
    let (key, path) = about(subject, &finished);
    let what = "a vault whose authority is known, and that is empty";
    refused(
        subject,
        what,
        &finished,
        CONFIGURATION,
        &[key, path, "missing"],
    )
}

fn rotates(subject: &Subject) -> Result<(), Fault> {
    let bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let running = subject.fresh(&bao.by_token(with_token(subject)))?;
    lets_in(subject, &running, TOKEN, true)?;
    let other = format!("other-{TOKEN}");
    bao.put(NAME, &other)?;
    running.line("message `secret rotated`, with its name", |line| {
        line["message"] == "secret rotated" && line["secret"] == NAME
    })?;
    lets_in(subject, &running, &other, true)?;
    lets_in(subject, &running, TOKEN, false)
}

fn down_later(subject: &Subject) -> Result<(), Fault> {
    let mut bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let running = subject.fresh(&bao.by_token(with_token(subject)))?;
    stale(subject, &running, "to be 0", |age| age == 0.0)?;
    bao.stop();
    let says = |status: &str| {
        let said = eventually(PATIENCE, || {
            let ready = running.manage("/health/ready").ok()?;
            let said = ready.json().ok()?["checks"]["secrets"]["status"] == status;
            (said && ready.response.status == 200).then_some(ready)
        });
        said.ok_or_else(|| {
            let last = running
                .manage("/health/ready")
                .map(|it| it.response.excerpt());
            Fault::new(
                format!("readiness to be 200, its check `secrets` with the status `{status}`"),
                last.unwrap_or_else(|fault| fault.seen),
            )
        })
    };
    let ready = says("warn")?;
    ready.hold(ready.json()?["status"] == "ready", "`status` to be `ready`")?;
    stale(subject, &running, "to be more than 0", |age| age > 0.0)?;
    lets_in(subject, &running, TOKEN, true)?;
    let warned = || {
        let lines = running.lines();
        lines
            .iter()
            .filter(|line| line.contains("secrets not refreshed"))
            .count()
    };
    hold(
        warned() == 1,
        "one warning, however often it was tried",
        || running.lines().join("\n"),
    )?;

    let bao = Bao::start_at(bao.address)?;
    fill(&bao, subject)?;
    bao.put(NAME, TOKEN)?;
    says("pass")?;
    stale(subject, &running, "to be 0 again", |age| age == 0.0)
}

/// Holds `secrets_stale_seconds` and how it is named, where metrics are there to be read.
fn stale(
    subject: &Subject,
    running: &Running,
    expected: &str,
    kept: impl Fn(f64) -> bool,
) -> Result<(), Fault> {
    if subject.answer("metrics") != Some("prometheus") {
        return Ok(());
    }
    let request = Request::get("/metrics").header("authorization", format!("Bearer {TOKEN}"));
    let reply = call(running.management(), &request)?.status(200)?;
    let read = Exposition::parse(&reply.response.text())
        .map_err(|problem| reply.fault(format!("OpenMetrics text; {problem}")))?;
    reply.hold(
        read.only("secrets_stale_seconds").is_some_and(kept),
        format!("`secrets_stale_seconds` {expected}"),
    )?;
    // No other check sees this metric: it comes with a provider that is asked again.
    let wrong = lint(&read);
    hold(
        wrong.is_empty(),
        "metrics that are named and typed by Prometheus' conventions",
        || wrong.join("\n"),
    )
}
