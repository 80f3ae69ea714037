//! `image`: the container image, and the service in it under every compose profile.

use std::sync::mpsc::{self, Sender};
use std::thread;

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::cmd;

use super::{compose, contract, dockerfile, on_kubernetes, on_postgres};
use crate::contract::{Compose, Subject};
use crate::verify::bench::{Service, verdict};
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// How many bytes an image may add to its base: what `docs/contract.md` says under S19.
const LIMIT: u64 = 25_000_000;

/// A commit as a pipeline would pass it; the label has to say it.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Profiles that are looked at at the same time: most of a check is waiting for the engine. Those of one lane follow each
/// other.
type Lanes = &'static [&'static [&'static str]];

/// Where compose runs every environment.
const EVERYWHERE: Lanes = &[&["dev", "staging"], &["prod"]];

/// Where it runs a developer's machine alone.
const DEV: Lanes = &[&["dev"]];

/// The lanes of a step's case.
fn lanes(step: &Step) -> Lanes {
    if on_kubernetes(step) { DEV } else { EVERYWHERE }
}

/// The profiles of its compose file.
pub(super) fn profiles(step: &Step) -> Vec<&'static str> {
    lanes(step).concat()
}

/// The profile under which the checks run that take long and are about what all of them share: the last.
fn thorough(step: &Step) -> Option<&'static str> {
    profiles(step).pop()
}

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
        run: compose::config,
    },
    Gate {
        name: "compose-model",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: compose::model,
    },
    Gate {
        name: "bases",
        scope: Scope::Case,
        needs: &[],
        run: dockerfile::bases,
    },
    Gate {
        name: "build",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: build,
    },
    Gate {
        name: "layers",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: dockerfile::layers,
    },
    Gate {
        name: "size",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: size,
    },
    Gate {
        name: "labels",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: labels,
    },
    Gate {
        name: "shell-less",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: dockerfile::shell_less,
    },
    Gate {
        name: "contract",
        scope: Scope::Case,
        needs: &[Tool::Docker],
        run: hold,
    },
];

pub(super) fn tag(service: &Service) -> String {
    format!("idp-verify/{}:latest", service.name)
}

fn build(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let shell = service.shell()?;
    let tag = tag(&service);
    let (commit, version) = (
        format!("COMMIT={COMMIT}"),
        format!("VERSION={}", service.version()?),
    );
    // When this build fails, an image of an earlier one must not be tested in its place.
    let _ = cmd!(shell, "docker image rm --force {tag}")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .ignore_status()
        .run();
    // The host's network, since a build may have to go through the host's own way to the registry.
    let command = cmd!(
        shell,
        "docker build --network host --build-arg {commit} --build-arg {version} --tag {tag} ."
    );
    verdict(command.env("DOCKER_BUILDKIT", "1"))
}

/// What S19 asks of the image's own configuration: a numeric user that is not root, a health check, OCI labels.
fn labels(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let (shell, tag) = (service.shell()?, tag(&service));
    let format = "{{json .Config}}";
    let config = cmd!(shell, "docker image inspect --format {format} {tag}");
    let config: Value = serde_json::from_str(&config.quiet().read()?)?;
    let mut faults = Vec::new();
    let user = config["User"].as_str().unwrap_or_default();
    if !user
        .split(':')
        .all(|id| id.parse::<u32>().is_ok_and(|id| id > 0))
    {
        faults.push(format!("the user is `{user}`; write `USER 65532:65532`"));
    }
    if config["Healthcheck"]["Test"]
        .as_array()
        .is_none_or(Vec::is_empty)
    {
        faults.push("there is no HEALTHCHECK; the binary has a `healthcheck` command".to_owned());
    }
    let version = service.version()?;
    for (label, expected) in [
        ("revision", COMMIT),
        ("version", &version),
        ("source", "https://"),
    ] {
        let name = format!("org.opencontainers.image.{label}");
        let value = config["Labels"][&name].as_str().unwrap_or_default();
        if !value.starts_with(expected) {
            faults.push(format!(
                "the label {name} is `{value}`, not `{expected}`; see the LABEL of the Dockerfile"
            ));
        }
    }
    Ok(if faults.is_empty() {
        Verdict::Passed(format!("user {user}"))
    } else {
        Verdict::Failed(faults.join("\n"))
    })
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
    // BuildKit keeps the base to itself where it pulled it.
    if cmd!(shell, "docker image inspect {base}")
        .quiet()
        .ignore_stderr()
        .read()
        .is_err()
    {
        cmd!(shell, "docker pull --quiet {base}").quiet().read()?;
    }
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
    let only = bench.checks();
    let mut failed = Vec::new();
    thread::scope(|scope| {
        let mut told = Vec::new();
        for lane in lanes(step) {
            let (sender, results) = mpsc::channel();
            let service = &service;
            told.push(results);
            scope.spawn(move || {
                for profile in *lane {
                    let under = under(service, template, profile, step, only, &sender);
                    // Nobody listens once the run is given up.
                    let _ = sender.send(Said::End(profile, under));
                }
            });
        }
        // What each lane says is told in order, however they overlap.
        for said in told.iter().flatten() {
            match said {
                Said::Check(name, verdict, seconds) => inner(&name, verdict, seconds)?,
                Said::End(profile, verdict) => {
                    if let Verdict::Failed(text) = verdict? {
                        failed.push(format!("{profile}: {text}"));
                    }
                }
            }
        }
        anyhow::Ok(())
    })?;
    Ok(if failed.is_empty() {
        Verdict::Passed(profiles(step).join(", "))
    } else {
        Verdict::Failed(failed.join("\n"))
    })
}

/// What a lane tells of its profiles.
enum Said {
    Check(String, Verdict, f64),
    End(&'static str, Result<Verdict>),
}

/// The contract under one profile.
fn under(
    service: &Service,
    template: &str,
    profile: &str,
    step: &Step,
    only: &[String],
    said: &Sender<Said>,
) -> Result<Verdict> {
    let compose = Compose {
        folder: service.path.clone(),
        profile: profile.to_owned(),
        image: tag(service),
        postgres: on_postgres(step),
    };
    let version = service.version()?;
    let mut subject = Subject::new(Box::new(compose), &service.name, &version, template);
    profile.clone_into(&mut subject.environment);
    subject.brief = thorough(step) != Some(profile);
    subject
        .answers
        .extend(step.case.iter().flat_map(|case| case.answers.clone()));
    let suffix = format!(" [{profile}]");
    contract(&subject, only, &suffix, &mut |name, verdict, seconds| {
        let check = Said::Check(name.to_owned(), verdict, seconds);
        said.send(check).context("nobody listens any more")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Case;
    use crate::verify::stages::STAGES;

    #[test]
    fn every_profile_is_looked_at_and_one_of_them_at_length() {
        for (deploy, expected) in [
            ("compose", &["dev", "staging", "prod"][..]),
            ("kubernetes", &["dev"]),
        ] {
            let answers = [("deploy".to_owned(), deploy.to_owned())].into();
            let step = Step {
                stage: &STAGES[0],
                gate: &GATES[0],
                template: None,
                case: Some(Case { answers }),
                root: None,
            };
            assert_eq!(profiles(&step), expected);
            assert_eq!(thorough(&step), expected.last().copied());
        }
    }
}
