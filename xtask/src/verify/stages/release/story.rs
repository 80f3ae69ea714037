//! What has to be seen of a service on its way: each chapter runs its workflows once and looks at what is there then.

use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use super::act::Ran;
use super::engine::{self, Container};
use super::load::{self, Load, Served};
use super::registry;
use super::world::{ENVIRONMENTS, World};
use crate::contract::client::Request;

/// What became of a chapter: what was seen, or what is wrong.
pub(super) type Told = Result<Result<String, String>>;

/// A version that was pushed.
#[derive(Clone, Debug)]
struct Version {
    commit: String,
    digest: String,
}

/// A story so far.
#[derive(Debug)]
pub(super) struct Story {
    world: World,
    first: Option<Version>,
    newest: Option<Version>,
}

/// A chapter's name, and how it goes.
pub(super) type Chapter = (&'static str, fn(&mut Story) -> Told);

/// From the first push to the last rollback.
pub(super) const WHOLE: &[Chapter] = &[
    ("first-version", Story::first_version),
    ("blocked-in-staging", Story::blocked_in_staging),
    ("bad-in-prod", Story::bad_in_prod),
    ("rolled-back", Story::rolled_back),
];

/// Just to production.
pub(super) const SHORT: &[Chapter] = &[("first-version", Story::first_version)];

/// What a check inside a chapter found.
type Check<T = ()> = Result<Result<T, String>>;

/// Goes on with what was found, or ends the chapter with what is wrong.
macro_rules! found {
    ($check:expr) => {
        match $check? {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        }
    };
}

impl Story {
    pub(super) fn new(world: World) -> Self {
        Self {
            world,
            first: None,
            newest: None,
        }
    }

    /// A push is built once, and that image is in every environment.
    fn first_version(&mut self) -> Told {
        let commit = self.world.repository.commit("Create the service")?;
        let ran = self.world.push("1-first-version")?;
        let version = found!(carried(&ran, &commit));
        let records = found!(self.everywhere(&ran, &version));
        let text = format!(
            "{} in dev, staging and prod; records {}; act {:.0} s",
            version.digest,
            records.join(", "),
            ran.seconds
        );
        self.first = Some(version);
        Ok(Ok(text))
    }

    /// A version that is not ready in staging: dev takes it, staging refuses it and goes on, prod hears nothing.
    fn blocked_in_staging(&mut self) -> Told {
        let first = known(self.first.as_ref())?;
        self.world.repository.change(CONNECT, SOUND, UNREADY)?;
        self.world
            .repository
            .change(CONNECT, "_config: &Config", "config: &Config")?;
        self.world
            .repository
            .change(CONNECT, "_readiness: &Readiness", "readiness: &Readiness")?;
        let commit = self
            .world
            .repository
            .commit("Ask a system that staging has not")?;
        let before = self.containers()?;
        let load = Load::start(self.world.ports[1], &[&first.commit]);
        let ran = self.world.push("2-blocked-in-staging");
        let served = load.stop()?;
        let ran = ran?;

        let jobs = ran.log.jobs();
        let ended = |job: &str| jobs.get(job).copied();
        for (job, expected) in [
            ("dev", Some(true)),
            ("staging", Some(false)),
            ("rollback-staging", Some(true)),
            ("prod", None),
            ("rollback-prod", None),
        ] {
            if ended(job) != expected {
                let fault = format!(
                    "a version that is not ready in staging: the job `{job}` {}, and should have {}",
                    word(ended(job)),
                    word(expected)
                );
                return Ok(Err(ran.fault(&fault)));
            }
        }
        if ran.succeeded {
            return Ok(Err(
                ran.fault("the run succeeded, though staging refused the version")
            ));
        }
        let digest = ran.log.output("image", "digest").unwrap_or_default();
        let blocked = Version {
            commit,
            digest: digest.to_owned(),
        };
        found!(self.runs(&ran, "dev", &blocked));
        for environment in ["staging", "prod"] {
            found!(self.runs(&ran, environment, &first));
        }
        if self.containers()?[1..] != before[1..] {
            return Ok(Err(ran.fault(
                "staging or prod was replaced, though the version never got there",
            )));
        }
        let reconciled = ran
            .log
            .output("rollback-staging", "action")
            .unwrap_or("nothing");
        if reconciled != "noop" {
            return Ok(Err(ran.fault(&format!(
                "`rollback-staging` says `{reconciled}`, not `noop`: the version before ran all along"
            ))));
        }
        let served = found!(unbroken("staging", &served));
        Ok(Ok(format!(
            "{} in dev alone; rollback-staging: {reconciled}; staging {served}; act {:.0} s",
            blocked.digest, ran.seconds
        )))
    }

    /// A version that is ready everywhere, and wrong in prod.
    fn bad_in_prod(&mut self) -> Told {
        let first = known(self.first.as_ref())?;
        self.world.repository.change(CONNECT, UNREADY, SOUND)?;
        self.world
            .repository
            .change(CONNECT, "config: &Config", "_config: &Config")?;
        self.world
            .repository
            .change(CONNECT, "readiness: &Readiness", "_readiness: &Readiness")?;
        self.world.repository.change(
            "config/prod.yaml",
            "server:\n",
            "server:\n  body_limit: 1B\n",
        )?;
        let commit = self.world.repository.commit("Take small bodies only")?;
        let load = Load::start(self.world.ports[2], &[&first.commit, &commit]);
        let ran = self.world.push("3-bad-in-prod");
        let served = load.stop()?;
        let ran = ran?;
        let version = found!(carried(&ran, &commit));
        let records = found!(self.everywhere(&ran, &version));
        for (environment, expected) in [(1, 201), (2, 413)] {
            found!(self.takes_an_item(environment, expected));
        }
        let text = format!(
            "{} in dev, staging and prod, which refuses items with 413; records {}; while it was swapped in, prod {}; act {:.0} s",
            version.digest,
            records.join(", "),
            counted(&served),
            ran.seconds
        );
        self.newest = Some(version);
        Ok(Ok(text))
    }

    /// By hand, back to the version before.
    fn rolled_back(&mut self) -> Told {
        let (first, bad) = (known(self.first.as_ref())?, known(self.newest.as_ref())?);
        let load = Load::start(self.world.ports[2], &[&first.commit, &bad.commit]);
        let ran = self
            .world
            .roll_back("4-rolled-back", "prod", "prod refuses items");
        let served = load.stop()?;
        let ran = ran?;
        if !ran.succeeded {
            return Ok(Err(ran.fault("the rollback failed")));
        }
        let action = ran
            .log
            .output("rollback-prod", "action")
            .unwrap_or("nothing");
        if action != "rolled-back" {
            return Ok(Err(ran.fault(&format!(
                "`rollback-prod` says `{action}`, not `rolled-back`"
            ))));
        }
        found!(self.runs(&ran, "prod", &first));
        for environment in ["dev", "staging"] {
            found!(self.runs(&ran, environment, &bad));
        }
        found!(self.takes_an_item(2, 201));
        let tag = format!("quarantined-prod-{}", &bad.commit[..12]);
        let status = self.world.driver().status()?;
        let shown = status
            .iter()
            .flat_map(|environment| &environment.quarantined);
        if !shown.into_iter().any(|held| held.tag == tag) {
            return Ok(Err(
                ran.fault(&format!("`idp-deploy status` does not show `{tag}`"))
            ));
        }
        if !registry::tags(&self.world.image)?.contains(&tag) {
            return Ok(Err(ran.fault(&format!("the registry has no tag `{tag}`"))));
        }
        Ok(Ok(format!(
            "prod back on {}; {tag}; meanwhile prod {}; act {:.0} s\n{}",
            first.digest,
            counted(&served),
            ran.seconds,
            self.world.driver().table()?
        )))
    }

    /// Whether every environment runs `version`; its records.
    fn everywhere(&self, ran: &Ran, version: &Version) -> Check<Vec<String>> {
        let mut records = Vec::new();
        for environment in ENVIRONMENTS {
            records.push(found!(self.runs(ran, environment, version)));
        }
        Ok(Ok(records))
    }

    /// Whether engine, service and driver agree that `environment` runs `version`; its record.
    fn runs(&self, ran: &Ran, environment: &str, version: &Version) -> Check<String> {
        let wrong = |what: String| Ok(Err(ran.fault(&format!("{environment}: {what}"))));
        let position = ENVIRONMENTS.iter().position(|known| *known == environment);
        let port = self.world.ports[position.unwrap_or_default()];
        let expected = format!("{}@{}", self.world.image, version.digest);
        let containers = engine::running(&format!("{}-{environment}", self.world.name))?;
        let images: Vec<&str> = containers.iter().map(|c| c.image.as_str()).collect();
        if images != [expected.as_str()] {
            return wrong(format!("the engine runs {images:?}, not {expected}"));
        }
        let says = load::version(port).unwrap_or_else(|error| format!("nothing: {error:#}"));
        if says != version.commit {
            return wrong(format!("/version says {says}, not {}", version.commit));
        }
        let status = self.world.driver().status()?;
        let here = status
            .into_iter()
            .find(|here| here.environment == environment);
        let Some(here) = here else {
            return wrong("`idp-deploy status` does not show it".to_owned());
        };
        let digests = [here.digest.as_ref(), here.running.as_ref()];
        if digests != [Some(&version.digest); 2] {
            return wrong(format!(
                "`idp-deploy status` has recorded {digests:?} as digest and running, not {}",
                version.digest
            ));
        }
        let record = here.record.unwrap_or_default();
        let short = &version.commit[..12];
        if !record.starts_with(&format!("deployed-{environment}-")) || !record.ends_with(short) {
            return wrong(format!("the record is `{record}`, not one of {short}"));
        }
        Ok(Ok(record))
    }

    fn containers(&self) -> Result<Vec<Vec<Container>>> {
        let project = |environment| format!("{}-{environment}", self.world.name);
        ENVIRONMENTS
            .iter()
            .map(|environment| engine::running(&project(environment)))
            .collect()
    }

    fn takes_an_item(&self, environment: usize, expected: u16) -> Check {
        let name = ENVIRONMENTS[environment];
        let item = Request::new("POST", "/api/v1/items").json(&json!({"name": "a chair"}));
        let status = load::status(self.world.ports[environment], &item)?;
        Ok(if status == expected {
            Ok(())
        } else {
            Err(format!(
                "{name} answers a new item with {status}, not {expected}"
            ))
        })
    }
}

/// Where a service connects to what it stands on.
const CONNECT: &str = "src/dependencies/mod.rs";

/// As it is rendered.
const SOUND: &str = "    ) -> Result<Self, ConfigError> {\n        Ok(Self {";

/// With a check that fails in staging.
const UNREADY: &str = r#"    ) -> Result<Self, ConfigError> {
        let staging = config.environment.name() == "staging";
        let limit = std::time::Duration::from_secs(1);
        readiness.register("ledger", limit, move || async move {
            if staging {
                return Err("staging has no ledger".to_owned());
            }
            Ok(())
        });
        Ok(Self {"#;

/// The version that a run has carried through every job.
fn carried(ran: &Ran, commit: &str) -> Check<Version> {
    if !ran.succeeded {
        return Ok(Err(ran.fault("the run failed")));
    }
    let Some(digest) = ran.log.output("image", "digest") else {
        return Ok(Err(ran.fault("the job `image` names no digest")));
    };
    Ok(Ok(Version {
        commit: commit.to_owned(),
        digest: digest.to_owned(),
    }))
}

fn known(version: Option<&Version>) -> Result<Version> {
    let version = version.cloned();
    version.ok_or_else(|| anyhow::anyhow!("the chapter before has not ended"))
}

fn unbroken(environment: &str, served: &Served) -> Check<String> {
    if served.dropped == 0 && served.requests > 0 {
        return Ok(Ok(counted(served)));
    }
    Ok(Err(format!(
        "{environment} {}, though nothing was deployed there\n{}",
        counted(served),
        served.faults.join("\n")
    )))
}

fn counted(served: &Served) -> String {
    let mut text = String::new();
    // Writing to memory does not fail.
    let _ = write!(
        text,
        "was asked {} times and dropped {}",
        served.requests, served.dropped
    );
    text
}

fn word(ended: Option<bool>) -> &'static str {
    match ended {
        Some(true) => "succeeded",
        Some(false) => "failed",
        None => "not run",
    }
}
