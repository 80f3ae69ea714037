//! S16: a configuration that does not fit is refused so that it can be mended; one that does can be looked at.

use super::layers::{printed, row};
use super::refusals::{CONFIGURATION, refused};
use crate::contract::fault::hold;
use crate::contract::launch::Edit;
use crate::contract::{Check, Fault, Need, Subject};

/// Every key that tools and tests rely on.
const KEYS: &[&str] = &[
    "server.host",
    "server.port",
    "server.drain_delay",
    "server.shutdown_timeout",
    "server.request_timeout",
    "server.header_timeout",
    "server.body_limit",
    "server.max_in_flight",
    "management.host",
    "management.port",
    "log.level",
    "log.format",
    "cors.allowed_origins",
    "secrets.provider",
    "secrets.directory",
];

pub const CHECKS: &[Check] = &[
    Check {
        id: "S16",
        name: "refusals-name-the-variable",
        title: "a key or value from the environment that does not fit is refused by key, variable and remedy",
        needs: &[Need::Long],
        remedy: "`refusal` in src/config/mod.rs, and the types in src/config/settings.rs",
        run: variables,
    },
    Check {
        id: "S16",
        name: "refusals-name-the-file",
        title: "a key or value from a file that does not fit, or is missing, is refused by key, file and remedy",
        needs: &[Need::Host],
        remedy: "`refusal` in src/config/mod.rs, and `deny_unknown_fields` in src/config/settings.rs",
        run: files,
    },
    Check {
        id: "S16",
        name: "shows-the-effective-configuration",
        title: "`config` prints every value with the layer it came from",
        needs: &[],
        remedy: "`effective` in src/config/report.rs",
        run: shows,
    },
    Check {
        id: "S16",
        name: "config-check-covers-all-environments",
        title: "`config --check` exits 0 as rendered, and 78 when any environment's file is wrong",
        needs: &[Need::Host],
        remedy: "`check` in src/config/report.rs",
        run: checks_all,
    },
];

fn variables(subject: &Subject) -> Result<(), Fault> {
    for (variable, value, key) in [
        ("APP__SERVER__PROT", "1", "server.prot"),
        ("APP__SEVER__PORT", "1", "sever"),
        ("APP__SERVER__PORT", "70000", "server.port"),
        ("APP__SERVER__DRAIN_DELAY", "soon", "server.drain_delay"),
        ("APP__SERVER__BODY_LIMIT", "much", "server.body_limit"),
        ("APP__SERVER__MAX_IN_FLIGHT", "-1", "server.max_in_flight"),
        ("APP__SERVER__MAX_IN_FLIGHT", "0", "server.max_in_flight"),
        ("APP__SERVER__PORT", "off", "server.port"),
        (
            "APP__SERVER__HEADER_TIMEOUT",
            "300000000000y",
            "server.header_timeout",
        ),
        ("APP__SERVER__PORT__X", "1", "APP__SERVER__PORT__X"),
        ("APP_SERVER__PORT", "1", "APP_SERVER__PORT"),
        ("APP__LOG__FORMAT", "xml", "log.format"),
        ("APP__SECRETS__PROVIDER", "drawer", "secrets.provider"),
    ] {
        let finished = subject.run(&[], &subject.setup().set(variable, value))?;
        let what = format!("`{variable}={value}`");
        refused(subject, &what, &finished, CONFIGURATION, &[key, variable])?;
    }
    Ok(())
}

fn files(subject: &Subject) -> Result<(), Fault> {
    let own = format!("config/{}.yaml", subject.environment);
    let set = |key: &str, value: &str| Edit::Key(key.into(), value.into());
    let without = |key: &str| Edit::NoKey(key.into());
    let cases = [
        (own.as_str(), set("server.prot", "1"), "server.prot"),
        ("config/default.yaml", set("sever", "{port: 1}"), "sever"),
        (
            own.as_str(),
            set("server.shutdown_timeout", "soon"),
            "server.shutdown_timeout",
        ),
        (
            own.as_str(),
            set("server.max_in_flight", "[1]"),
            "server.max_in_flight",
        ),
        (
            own.as_str(),
            set("server.request_timeout", "10"),
            "server.request_timeout",
        ),
        (
            "config/default.yaml",
            without("server.body_limit"),
            "server.body_limit",
        ),
        ("config/default.yaml", without("cors"), "cors"),
    ];
    for (path, edit, key) in cases {
        let what = format!("{path} {edit}");
        let setup = subject.setup().edit(path, edit).unset("APP__LOG__FORMAT");
        let finished = subject.run(&[], &setup)?;
        refused(subject, &what, &finished, CONFIGURATION, &[key, path])?;
    }
    Ok(())
}

fn shows(subject: &Subject) -> Result<(), Fault> {
    let setup = subject
        .setup()
        .set("APP__SERVER__REQUEST_TIMEOUT", "1234ms");
    let printed = printed(subject, &setup)?;
    let own = format!("config/{}.yaml", subject.environment);
    for key in KEYS {
        let line = row(&printed, key)?;
        let mut layers = ["config/default.yaml", "APP__", own.as_str()].into_iter();
        let told = layers.any(|layer| line.contains(layer));
        hold(told, format!("`{key}` with the layer it came from"), || {
            line.to_owned()
        })?;
    }
    let line = row(&printed, "server.request_timeout")?;
    let kept = line.contains("1234ms") && line.contains("APP__SERVER__REQUEST_TIMEOUT");
    hold(
        kept,
        "the value and the name of the variable that won",
        || line.to_owned(),
    )
}

fn checks_all(subject: &Subject) -> Result<(), Fault> {
    // The environment of the process is a layer of all three, so a check of the files has none.
    let clean = subject.setup().unset("APP__LOG__FORMAT");
    let finished = subject.run(&["config", "--check"], &clean)?;
    hold(
        finished.code == Some(0),
        "`config --check` to exit 0 as rendered",
        || finished.excerpt(),
    )?;
    for environment in ["dev", "staging", "prod"] {
        let path = format!("config/{environment}.yaml");
        let broken = clean
            .clone()
            .edit(&path, Edit::Key("server.prot".into(), "1".into()));
        let finished = subject.run(&["config", "--check"], &broken)?;
        let what = format!("`config --check` with an unknown key in {path}");
        refused(
            subject,
            &what,
            &finished,
            CONFIGURATION,
            &[&path, "server.prot"],
        )?;
    }
    Ok(())
}
