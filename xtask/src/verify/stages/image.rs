//! `image`: the container image, and the service in it under every compose profile.

use anyhow::{Context, Result};
use xshell::cmd;

use super::contract;
use crate::contract::{Compose, Subject};
use crate::verify::bench::{Service, verdict};
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// How many bytes an image may add to its base: what `docs/contract.md` says under S19.
const LIMIT: u64 = 25_000_000;

/// The profiles of the compose file.
const PROFILES: &[&str] = &["dev", "staging", "prod"];

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "hadolint",
        scope: Scope::Case,
        needs: &[Tool::Hadolint],
        run: |bench, step, _| {
            let shell = bench.service(step)?.shell()?;
            verdict(cmd!(shell, "hadolint Dockerfile"))
        },
    },
    Gate {
        name: "compose-config",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: compose_config,
    },
    Gate {
        name: "build",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: build,
    },
    Gate {
        name: "size",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: size,
    },
    Gate {
        name: "contract",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: hold,
    },
];

fn tag(service: &Service) -> String {
    format!("idp-verify/{}:latest", service.name)
}

fn compose_config(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let shell = service.shell()?;
    for profile in PROFILES {
        let command = cmd!(shell, "docker compose --profile {profile} config --quiet");
        if let Verdict::Failed(text) = verdict(command.env_remove("IMAGE"))? {
            return Ok(Verdict::Failed(text));
        }
    }
    Ok(Verdict::Passed(PROFILES.join(", ")))
}

fn build(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let shell = service.shell()?;
    let tag = tag(&service);
    // The host's network, since a build may have to go through the host's own way to the registry.
    verdict(cmd!(shell, "docker build --network host --tag {tag} .").env("DOCKER_BUILDKIT", "1"))
}

/// What the image adds to the base that its Dockerfile names.
fn size(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let dockerfile = std::fs::read_to_string(service.path.join("Dockerfile"))?;
    let base = dockerfile
        .lines()
        .find_map(|line| line.trim().strip_prefix("ARG RUNTIME_IMAGE="))
        .context("the Dockerfile has no `ARG RUNTIME_IMAGE=…`")?;
    let shell = service.shell()?;
    let bytes = |image: &str| -> Result<u64> {
        let format = "{{.Size}}";
        let size = cmd!(shell, "docker image inspect --format {format} {image}")
            .quiet()
            .read()?;
        Ok(size.trim().parse()?)
    };
    let added = bytes(&tag(&service))?.saturating_sub(bytes(base)?);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a figure for people, in megabytes"
    )]
    let megabytes = added as f64 / 1e6;
    Ok(if added > LIMIT {
        Verdict::Failed(format!(
            "the image adds {megabytes:.1} MB to {base}; at most {} are allowed: see what the Dockerfile copies",
            LIMIT / 1_000_000
        ))
    } else {
        Verdict::Passed(format!("{megabytes:.1} MB over {base}"))
    })
}

fn hold(bench: &mut Bench<'_>, step: &Step, inner: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let template = &bench.template(step)?.name;
    for profile in PROFILES {
        let compose = Compose {
            folder: service.path.clone(),
            profile: (*profile).to_owned(),
            image: tag(&service),
        };
        let version = service.version()?;
        let mut subject = Subject::new(Box::new(compose), &service.name, &version, template);
        (*profile).clone_into(&mut subject.environment);
        subject
            .answers
            .extend(step.case.iter().flat_map(|case| case.answers.clone()));
        contract(&subject, &format!(" [{profile}]"), inner)?;
    }
    Ok(Verdict::Passed(PROFILES.join(", ")))
}
