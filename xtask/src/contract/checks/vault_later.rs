//! S17, while the service runs: a vault's tokens end, its secrets change, and it may be down. Against a real OpenBao server.

use std::rc::Rc;
use std::time::Duration;

use serde_json::json;

use super::metrics::{named_well, read};
use super::secrets::{TOKEN, with_token};
use super::vault::{NAME, NEEDS, fill, lets_in, vault};
use crate::contract::bao::Bao;
use crate::contract::client::Request;
use crate::contract::collector::Collector;
use crate::contract::fault::hold;
use crate::contract::running::{Running, call, eventually};
use crate::contract::{Check, Fault, Setup, Subject};

/// How long a change may take to be noticed. The service asks every 100 ms.
const PATIENCE: Duration = Duration::from_secs(20);

/// The gauge that tells how old kept secrets are.
const STALE: &str = "secrets_stale_seconds";
/// Exports after one with a new token until the token before can no longer be under way.
const MORE: usize = 4;

pub const CHECKS: &[Check] = &[
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

/// A service with a token from a vault, and how its use and its metrics are seen from outside: with `metrics=prometheus`
/// it asks for the token at `/metrics`, with `metrics=otlp` it shows it to a collector.
struct Watched<'a> {
    subject: &'a Subject,
    running: Rc<Running>,
    collector: Option<Collector>,
}

impl<'a> Watched<'a> {
    fn start(subject: &'a Subject, setup: Setup) -> Result<Self, Fault> {
        let pushes = subject.answer("metrics") == Some("otlp");
        let collector = pushes.then(Collector::start).transpose()?;
        let setup = match &collector {
            Some(collector) => setup
                .set("APP__TELEMETRY__ENDPOINT", collector.endpoint())
                .set("APP__TELEMETRY__EXPORT_INTERVAL", "50ms")
                .set("APP__TELEMETRY__TOKEN__SECRET", NAME),
            None => setup,
        };
        Ok(Self {
            subject,
            running: subject.fresh(&setup)?,
            collector,
        })
    }

    /// Holds that the service uses `token`.
    fn uses(&self, token: &str) -> Result<(), Fault> {
        let Some(collector) = &self.collector else {
            return lets_in(self.subject, &self.running, token, true);
        };
        let bearer = format!("Bearer {token}");
        let shown = || (collector.authorization() == bearer).then(|| collector.asked());
        // Metrics and spans have a thread each: one may have read the token before while the other sent with the new one.
        let settled = eventually(PATIENCE, shown).and_then(|asked| {
            let more = || (collector.asked() >= asked + MORE).then(|| collector.authorization());
            eventually(PATIENCE, more)
        });
        hold(
            settled.as_ref() == Some(&bearer),
            format!("the collector to be sent to with `{bearer}`"),
            || format!("`{}`", collector.authorization()),
        )
    }

    /// Holds `secrets_stale_seconds` and how it is named, where metrics are there to be read.
    fn stale(&self, expected: &str, kept: impl Fn(f64) -> bool) -> Result<(), Fault> {
        if let Some(collector) = &self.collector {
            let pushed = eventually(PATIENCE, || collector.gauge(STALE).filter(|age| kept(*age)));
            return hold(
                pushed.is_some(),
                format!("the collector to receive `{STALE}`, and it {expected}"),
                || format!("{:?}", collector.gauge(STALE)),
            );
        }
        if self.subject.answer("metrics") != Some("prometheus") {
            return Ok(());
        }
        let request = Request::get("/metrics").header("authorization", format!("Bearer {TOKEN}"));
        let reply = call(self.running.management(), &request)?.status(200)?;
        let read = read(&reply)?;
        reply.hold(
            read.only(STALE).is_some_and(kept),
            format!("`{STALE}` {expected}"),
        )?;
        // No other check sees this metric: it comes with a provider that is asked again.
        named_well(&read)
    }
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
    let tokens = bao.tokens()?;
    hold(!tokens.is_empty(), "the role to be given a token", || {
        running.lines().join("\n")
    })?;
    for token in tokens {
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

fn rotates(subject: &Subject) -> Result<(), Fault> {
    let bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let watched = Watched::start(subject, bao.by_token(with_token(subject)))?;
    watched.uses(TOKEN)?;
    let other = format!("other-{TOKEN}");
    bao.put(NAME, &other)?;
    let running = &watched.running;
    running.line("message `secret rotated`, with its name", |line| {
        line["message"] == "secret rotated" && line["secret"] == NAME
    })?;
    watched.uses(&other)?;
    lets_in(subject, running, TOKEN, false)
}

fn down_later(subject: &Subject) -> Result<(), Fault> {
    let mut bao = vault(subject)?;
    bao.put(NAME, TOKEN)?;
    let watched = Watched::start(subject, bao.by_token(with_token(subject)))?;
    let running = &watched.running;
    watched.stale("to be 0", |age| age == 0.0)?;
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
    watched.stale("to be more than 0", |age| age > 0.0)?;
    watched.uses(TOKEN)?;
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
    watched.stale("to be 0 again", |age| age == 0.0)
}
