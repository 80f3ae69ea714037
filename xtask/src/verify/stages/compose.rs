//! S20: the compose file as compose understands it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::cmd;

use super::image::profiles;
use crate::process;
use crate::verify::bench::{Service, verdict};
use crate::verify::gate::{Inner, Verdict};
use crate::verify::{Bench, Step};

/// An image by digest, as a pipeline hands it on.
const IMAGE: &str = "registry.invalid/orders@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
/// What distinguishes one environment from another; all else has to be the same.
const CONFIGURATION: &[&str] = &[
    "profiles",
    "environment",
    "ports",
    "env_file",
    "depends_on",
    "secrets",
];

/// The profiles are those that the case asks for, and every one is taken, with nothing set.
pub(super) fn config(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let shell = service.shell()?;
    let profiles = profiles(step);
    let listed = process::scrubbed(cmd!(shell, "docker compose config --profiles")).quiet();
    let listed = listed
        .env_remove("IMAGE")
        .ignore_stderr()
        .ignore_status()
        .output()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for profile in &profiles {
        let command = cmd!(shell, "docker compose --profile {profile} config --quiet");
        if let Verdict::Failed(text) = verdict(process::scrubbed(command).env_remove("IMAGE"))? {
            return Ok(Verdict::Failed(text));
        }
    }
    let known: BTreeSet<&str> = listed.lines().collect();
    let expected: BTreeSet<&str> = profiles.iter().copied().collect();
    Ok(if known == expected {
        Verdict::Passed(profiles.join(", "))
    } else {
        let known: Vec<&str> = known.into_iter().collect();
        Verdict::Failed(format!(
            "docker-compose.yml has the profiles {}, where `deploy` asks for {}: what is missing or too many stands under \
             `profiles:` there",
            known.join(", "),
            profiles.join(", ")
        ))
    })
}

/// What each profile runs, and where its configuration comes from.
pub(super) fn model(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?.copy("compose")?;
    std::fs::write(service.path.join(".env"), "APP__LOG__LEVEL=debug\n")?;
    let mut models = Vec::new();
    for profile in profiles(step) {
        models.push((profile, read(&service, profile)?));
    }
    let faults = judge(&models);
    Ok(if faults.is_empty() {
        Verdict::Passed(match models.len() {
            1 => "dev builds".into(),
            _ => "dev builds; the others run one digest".into(),
        })
    } else {
        Verdict::Failed(faults.join("\n"))
    })
}

/// The model that compose makes of a profile, with an image given by digest.
fn read(service: &Service, profile: &str) -> Result<Value> {
    let shell = service.shell()?;
    let command = cmd!(
        shell,
        "docker compose --profile {profile} config --format json"
    );
    let command = process::scrubbed(command).env("IMAGE", IMAGE).quiet();
    serde_json::from_str(&command.read()?)
        .with_context(|| format!("`docker compose config` of the profile `{profile}` is no JSON"))
}

/// What is wrong with the models of all profiles.
fn judge(models: &[(&str, Value)]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |profile: &str, text: String| {
        faults.push(format!("docker-compose.yml, profile `{profile}`: {text}"));
    };
    let mut released: Vec<Value> = Vec::new();
    for (profile, model) in models {
        let service = &model["services"][profile];
        if !service.is_object() {
            fault(profile, format!("no service is called `{profile}`"));
            continue;
        }
        let environment = &service["environment"];
        if environment["APP_ENV"] != *profile {
            fault(
                profile,
                format!(
                    "it has to set `APP_ENV: {profile}`, so that config/{profile}.yaml is read"
                ),
            );
        }
        let from_file = environment["APP__LOG__LEVEL"] == "debug";
        if *profile == "dev" {
            if !from_file {
                fault(profile, "it does not read `.env`; add `env_file`".into());
            }
            if !service["build"].is_object() {
                fault(profile, "it builds nothing; add `build`".into());
            }
            let watched = service["develop"]["watch"].as_array().into_iter().flatten();
            let source = |watch: &Value| {
                watch["path"]
                    .as_str()
                    .is_some_and(|path| path.ends_with("src"))
            };
            if !watched.into_iter().any(source) {
                fault(
                    profile,
                    "it does not reload on a change of src/; add it to `develop.watch`".into(),
                );
            }
            continue;
        }
        if from_file {
            fault(profile, "it reads `.env`, which is for dev alone".into());
        }
        if service["image"] != IMAGE {
            fault(
                profile,
                format!("it runs `{}` instead of `${{IMAGE}}`", service["image"]),
            );
        }
        let services = model["services"].as_object().into_iter().flatten();
        for (name, _) in services.filter(|(_, service)| !service["build"].is_null()) {
            fault(
                profile,
                format!("`{name}` is built; what runs here was built once, before dev"),
            );
        }
        let mut rest = service.clone();
        if let Some(rest) = rest.as_object_mut() {
            rest.retain(|key, _| !CONFIGURATION.contains(&key.as_str()));
        }
        released.push(rest);
    }
    if let [staging, prod] = &released[..]
        && staging != prod
    {
        let keys = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let (staging, prod) = (keys(staging), keys(prod));
        let differs = |key: &&String| staging.get(*key) != prod.get(*key);
        let names = staging.keys().chain(prod.keys()).filter(differs);
        let names: std::collections::BTreeSet<_> = names.cloned().collect();
        let names: Vec<String> = names.into_iter().collect();
        fault(
            "prod",
            format!(
                "it differs from staging in {}; only configuration may",
                names.join(", ")
            ),
        );
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sound() -> Vec<(&'static str, Value)> {
        let released = |environment: &str| json!({"services": {environment: {"image": IMAGE, "environment": {"APP_ENV": environment}, "read_only": true}}});
        let dev = json!({"services": {"dev": {
            "build": {"context": "."},
            "develop": {"watch": [{"action": "rebuild", "path": "/orders/src"}]},
            "environment": {"APP_ENV": "dev", "APP__LOG__LEVEL": "debug"},
        }}});
        vec![
            ("dev", dev),
            ("staging", released("staging")),
            ("prod", released("prod")),
        ]
    }

    #[test]
    fn each_departure_is_named() {
        assert_eq!(judge(&sound()), Vec::<String>::new());
        for (place, key, value, expected) in [
            (
                "/0/services/dev/environment",
                "APP__LOG__LEVEL",
                Value::Null,
                "does not read `.env`",
            ),
            ("/0/services/dev", "build", Value::Null, "builds nothing"),
            ("/0/services/dev", "develop", Value::Null, "does not reload"),
            (
                "/1/services/staging/environment",
                "APP_ENV",
                json!("prod"),
                "`APP_ENV: staging`",
            ),
            (
                "/1/services/staging/environment",
                "APP__LOG__LEVEL",
                json!("debug"),
                "for dev alone",
            ),
            (
                "/2/services/prod",
                "image",
                json!("orders:latest"),
                "instead of `${IMAGE}`",
            ),
            ("/2/services/prod", "build", json!({}), "`prod` is built"),
            (
                "/2/services/prod",
                "read_only",
                json!(false),
                "differs from staging in read_only",
            ),
            ("/2", "services", json!({}), "no service is called `prod`"),
        ] {
            let mut models = sound();
            let (index, place) = (place[1..2].parse::<usize>().unwrap(), &place[2..]);
            models[index].1.pointer_mut(place).unwrap()[key] = value;
            let faults = judge(&models).join("\n");
            assert!(faults.contains(expected), "{expected}: {faults}");
        }
    }
}
