//! S17, at start: secrets from a vault are read or refused, and a vault is trusted or waited for. Against a real OpenBao server.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::refusals::{CONFIGURATION, refused};
use super::secrets::{TOKEN, with_token};
use crate::contract::bao::{Bao, PROGRAM, ROOT, SECRET_ID};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::running::{Running, call};
use crate::contract::{Check, Fault, Need, Setup, Subject};
use crate::process::finish::Finished;

const KEY: &str = "management.token";
pub const NAME: &str = "management-token";
const PATH: &str = "secret/data/demo/management-token";

/// What a service with a database refers to as well.
const DATABASE: &str = "database.url";
pub const NEEDS: &[Need] = &[Need::Host, Need::Program(PROGRAM)];

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
        name: "trusts-a-vault-by-its-authority",
        title: "over TLS, a vault is asked for secrets if the authority in `secrets.vault.ca_file` signed its certificate, and else refused at once",
        needs: NEEDS,
        remedy: "`authorities` and `pool` in src/platform/transport.rs, `open` in src/secrets/vault/mod.rs",
        run: over_tls,
    },
];

/// A vault that holds what the case refers to, but for the management token.
pub fn vault(subject: &Subject) -> Result<Bao, Fault> {
    let bao = Bao::start()?;
    fill(&bao, subject)?;
    Ok(bao)
}

pub fn fill(bao: &Bao, subject: &Subject) -> Result<(), Fault> {
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
pub fn lets_in(
    subject: &Subject,
    running: &Running,
    token: &str,
    expected: bool,
) -> Result<(), Fault> {
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
    let begun = Instant::now();
    let finished = subject.run(&[], &setup)?;
    let took = begun.elapsed();
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
    // However long the next wait would be: the last try is 200 ms before the end.
    hold(
        took >= Duration::from_millis(500),
        "the vault to be waited for until shortly before the deadline",
        || format!("the end after {took:?} of 700 ms"),
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
