//! S15: where a value comes from, and which one wins.

use super::refusals::CONFIGURATION;
use super::samples::under_way;
use crate::contract::fault::hold;
use crate::contract::launch::Edit;
use crate::contract::{Check, Fault, Need, Setup, Subject};

const REMEDY: &str = "`ConfigProvider::load_for` in src/config/mod.rs";
const KEY: &str = "server.max_in_flight";
const VARIABLE: &str = "APP__SERVER__MAX_IN_FLIGHT";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S15",
        name: "environment-variables-beat-files",
        title: "`APP__SECTION__KEY` wins over the files",
        needs: &[],
        remedy: REMEDY,
        run: variables_win,
    },
    Check {
        id: "S15",
        name: "app-env-picks-the-file",
        title: "`APP_ENV` picks config/{dev,staging,prod}.yaml over default.yaml; unset means dev",
        needs: &[Need::Host],
        remedy: REMEDY,
        run: picks_the_file,
    },
    Check {
        id: "S15",
        name: "dotenv-counts-in-dev-only",
        title: "`.env` is a layer between the files and the environment, in dev and nowhere else",
        needs: &[Need::Host],
        remedy: REMEDY,
        run: dotenv,
    },
];

/// The environments that `subject` can be started in: one container profile is one environment.
pub fn environments(subject: &Subject) -> Vec<&str> {
    if subject.service.in_container() {
        vec![&subject.environment]
    } else {
        vec!["dev", "staging", "prod"]
    }
}

/// What `config` prints.
pub fn printed(subject: &Subject, setup: &Setup) -> Result<String, Fault> {
    let finished = subject.run(&["config"], setup)?;
    hold(finished.code == Some(0), "`config` to exit 0", || {
        finished.excerpt()
    })?;
    Ok(finished.stdout)
}

/// The line about `key` of what `config` printed, which has to be there.
pub fn row<'a>(printed: &'a str, key: &str) -> Result<&'a str, Fault> {
    let mut lines = printed.lines();
    lines
        .find(|line| line.split_whitespace().next() == Some(key))
        .ok_or_else(|| Fault::new(format!("`config` to print `{key}`"), printed))
}

/// Holds the line of `config` about [`KEY`]: its value, and words of its layer.
fn effective(subject: &Subject, setup: &Setup, value: &str, layer: &str) -> Result<(), Fault> {
    let printed = printed(subject, setup)?;
    let line = row(&printed, KEY)?;
    let mut words = line.split_whitespace().skip(1);
    let kept = words.next() == Some(value) && line.contains(layer);
    let environment = setup.get("APP_ENV").unwrap_or("no APP_ENV");
    hold(
        kept,
        format!("{environment}: `{KEY}` to be {value}, from {layer}"),
        || line.to_owned(),
    )
}

fn variables_win(subject: &Subject) -> Result<(), Fault> {
    effective(subject, &subject.setup(), "512", "config/")?;
    let one = subject.setup().set(VARIABLE, "33");
    effective(subject, &one, "33", VARIABLE)?;
    // What is printed is also what counts: where there is room for one, the second is refused, probes apart.
    let running = subject.fresh(&subject.setup().set(VARIABLE, "1"))?;
    let _held = under_way(&running)?;
    running.get("/version")?.status(503)?;
    running.get("/health/ready")?.status(200)?;
    Ok(())
}

fn picks_the_file(subject: &Subject) -> Result<(), Fault> {
    let mut setup = subject.setup();
    let values = [("dev", "11"), ("staging", "12"), ("prod", "13")];
    for (environment, value) in values {
        let path = format!("config/{environment}.yaml");
        setup = setup.edit(&path, Edit::Key(KEY.into(), value.into()));
    }
    for (environment, value) in values {
        let path = format!("config/{environment}.yaml");
        effective(
            subject,
            &setup.clone().set("APP_ENV", environment),
            value,
            &path,
        )?;
    }
    effective(
        subject,
        &setup.clone().unset("APP_ENV"),
        "11",
        "config/dev.yaml",
    )?;
    let empty = subject.run(&["config"], &setup.set("APP_ENV", ""))?;
    super::refusals::refused(
        subject,
        "an empty APP_ENV",
        &empty,
        CONFIGURATION,
        &["APP_ENV"],
    )
}

fn dotenv(subject: &Subject) -> Result<(), Fault> {
    let setup = subject
        .setup()
        .file(".env", format!("{VARIABLE}=44\nUNRELATED=\"x y\"\n"));
    effective(subject, &setup.clone().set("APP_ENV", "dev"), "44", ".env")?;
    effective(
        subject,
        &setup.clone().set("APP_ENV", "dev").set(VARIABLE, "33"),
        "33",
        VARIABLE,
    )?;
    for environment in ["staging", "prod"] {
        effective(
            subject,
            &setup.clone().set("APP_ENV", environment),
            "512",
            "config/default.yaml",
        )?;
    }
    Ok(())
}
