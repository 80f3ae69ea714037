//! S17 and S18: secrets are fetched where the configuration says, and never shown.

use super::layers::{environments, printed, row};
use super::refusals::{CONFIGURATION, refused};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::running::call;
use crate::contract::{Check, Fault, Need, Setup, Subject};

/// A secret that would be recognised anywhere.
pub const TOKEN: &str = "canary-5f1d0c77b3";
/// Where the `env` provider looks for it.
pub const VARIABLE: &str = "SECRET_MANAGEMENT_TOKEN";

const REFERENCE: &str = "APP__MANAGEMENT__TOKEN__SECRET";
const KEY: &str = "management.token";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S17",
        name: "fetches-secrets-from-the-environment",
        title: "the `env` provider reads SECRET_NAME; one that is missing refuses to start by key, provider and place",
        needs: &[],
        remedy: "src/secrets/env.rs, and `Secrets::fetch` in src/secrets/mod.rs",
        run: from_env,
    },
    Check {
        id: "S17",
        name: "fetches-secrets-from-files",
        title: "the `file` provider reads `secrets.directory`/NAME; one that is missing refuses to start by its path",
        needs: &[Need::Host],
        remedy: "src/secrets/file.rs, and `Secrets::fetch` in src/secrets/mod.rs",
        run: from_files,
    },
    Check {
        id: "S18",
        name: "never-shows-a-secret",
        title: "no log line at any level, no `config` output and no refusal holds a secret's value",
        needs: &[],
        remedy: "whoever exposes a secret, and `•••` in src/config/report.rs",
        run: never_shown,
    },
    Check {
        id: "S18",
        name: "refuses-placeholders-outside-dev",
        title: "a secret that begins with `dev-only-` starts in dev and is refused elsewhere",
        needs: &[],
        remedy: "`Secrets::fetch` in src/secrets/mod.rs",
        run: placeholders,
    },
    Check {
        id: "S18",
        name: "starts-without-secrets",
        title: "as rendered, without a database, it needs no secret, in any environment",
        needs: &[Need::Other("database", "postgres")],
        remedy: "references to secrets in config/*.yaml",
        run: without,
    },
];

/// A setup whose configuration refers to a secret, which is not given yet.
pub fn with_token(subject: &Subject) -> Setup {
    subject.setup().set(REFERENCE, "management-token")
}

/// Starts, and holds that the secret is the one it uses, where the case has something to protect.
fn starts(subject: &Subject, setup: &Setup, token: &str) -> Result<(), Fault> {
    let running = subject.fresh(setup)?;
    running.manage("/health/ready")?.status(200)?;
    if subject.answer("metrics") == Some("prometheus") {
        let request = Request::get("/metrics").header("authorization", format!("Bearer {token}"));
        call(running.management(), &request)?.status(200)?;
    }
    Ok(())
}

fn from_env(subject: &Subject) -> Result<(), Fault> {
    let setup = with_token(subject);
    for missing in [setup.clone(), setup.clone().set(VARIABLE, "")] {
        let finished = subject.run(&[], &missing)?;
        refused(
            subject,
            "a missing secret",
            &finished,
            CONFIGURATION,
            &[KEY, "env", VARIABLE],
        )?;
    }
    starts(subject, &setup.set(VARIABLE, TOKEN), TOKEN)?;
    if subject.environment == "dev" && !subject.service.in_container() {
        starts(
            subject,
            &with_token(subject).file(".env", format!("{VARIABLE}={TOKEN}\n")),
            TOKEN,
        )?;
    }
    Ok(())
}

fn from_files(subject: &Subject) -> Result<(), Fault> {
    // Relative to the working directory, which is the check's own.
    let setup = with_token(subject)
        .set("APP__SECRETS__PROVIDER", "file")
        .set("APP__SECRETS__DIRECTORY", "mounted");
    let path = "mounted/management-token";
    let elsewhere = setup.clone().set(VARIABLE, TOKEN);
    for missing in [elsewhere, setup.clone().file(path, "\n")] {
        let finished = subject.run(&[], &missing)?;
        refused(
            subject,
            "a missing secret",
            &finished,
            CONFIGURATION,
            &[KEY, "file", path],
        )?;
    }
    starts(
        subject,
        &setup.clone().file(path, format!("{TOKEN}\n")),
        TOKEN,
    )?;
    starts(subject, &setup.file(path, TOKEN), TOKEN)
}

fn never_shown(subject: &Subject) -> Result<(), Fault> {
    let setup = with_token(subject).set(VARIABLE, TOKEN);
    let printed = printed(subject, &setup)?;
    let line = row(&printed, KEY)?;
    let quoted = printed.lines().find(|line| line.contains(TOKEN));
    hold(quoted.is_none(), "no secret in `config`", || {
        quoted.unwrap_or_default().to_owned()
    })?;
    hold(
        line.contains("•••"),
        format!("`config` to print `{KEY}` as `•••`"),
        || line.to_owned(),
    )?;
    hold(
        line.contains(REFERENCE),
        format!("the layer of `{KEY}`"),
        || line.to_owned(),
    )?;

    let running = subject.fresh(&setup.clone().set("APP__LOG__LEVEL", "trace"))?;
    for authorization in [format!("Bearer {TOKEN}"), "Bearer wrong".to_owned()] {
        let request = Request::get("/metrics").header("authorization", authorization);
        call(running.management(), &request)?;
    }
    let id = running.get("/version")?.status(200)?.id()?;
    running.access_line(&id)?;
    let lines = running.lines();
    let leak = lines.iter().find(|line| line.contains(TOKEN));
    hold(
        leak.is_none(),
        "no secret in the log, at level trace",
        || leak.cloned().unwrap_or_default(),
    )?;

    // A value where a reference belongs, and a secret that is refused: neither may be quoted.
    let misplaced = subject.setup().set("APP__MANAGEMENT__TOKEN", TOKEN);
    let placeholder = format!("dev-only-{TOKEN}");
    let refusals = [
        ("a secret's value in configuration", misplaced),
        ("a placeholder", setup.set(VARIABLE, placeholder)),
    ];
    for (what, setup) in refusals {
        // Dev takes placeholders, and would serve.
        if subject.environment == "dev" && what == "a placeholder" {
            continue;
        }
        let finished = subject.run(&[], &setup)?;
        refused(subject, what, &finished, CONFIGURATION, &[KEY])?;
        hold(
            !finished.excerpt().contains(TOKEN),
            format!("{what} not to be quoted"),
            || finished.excerpt(),
        )?;
    }
    Ok(())
}

fn placeholders(subject: &Subject) -> Result<(), Fault> {
    for environment in environments(subject) {
        let setup = with_token(subject)
            .set("APP_ENV", environment)
            .set(VARIABLE, "dev-only-token");
        if environment == "dev" {
            starts(subject, &setup, "dev-only-token")?;
        } else {
            let finished = subject.run(&[], &setup)?;
            let what = format!("a placeholder in {environment}");
            refused(
                subject,
                &what,
                &finished,
                CONFIGURATION,
                &[KEY, "dev-only-"],
            )?;
        }
    }
    Ok(())
}

fn without(subject: &Subject) -> Result<(), Fault> {
    for environment in environments(subject) {
        let setup = Setup::default().set("APP_ENV", environment);
        let running = subject.fresh(&setup)?;
        running.get("/health/ready")?.status(200)?;
    }
    Ok(())
}
