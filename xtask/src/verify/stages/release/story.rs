//! What has to be seen of a service on its way: each chapter runs its workflows once and looks at what is there then.

use anyhow::{Context, Result, bail};

use super::act::Ran;
use super::changes;
use super::load::{Load, Served};
use super::seen::Version;
use super::world::World;

/// A story so far.
#[derive(Debug)]
pub(super) struct Story {
    world: World,
    first: Option<Version>,
    newest: Option<Version>,
}

/// A chapter's name, and how it goes: what was seen, or what is wrong.
pub(super) type Chapter = (&'static str, fn(&mut Story) -> Result<String>);

/// From the first push to the last rollback.
pub(super) const WHOLE: &[Chapter] = &[
    ("first-version", Story::first_version),
    ("blocked-in-staging", Story::blocked_in_staging),
    ("bad-in-prod", Story::bad_in_prod),
    ("rolled-back", Story::rolled_back),
];

/// Just to production.
pub(super) const SHORT: &[Chapter] = &[("first-version", Story::first_version)];

/// The jobs of a version that staging refuses, and whether they succeed, if they are run.
const BLOCKED: [(&str, Option<bool>); 5] = [
    ("dev", Some(true)),
    ("staging", Some(false)),
    ("rollback-staging", Some(true)),
    ("prod", None),
    ("rollback-prod", None),
];

impl Story {
    pub(super) fn new(world: World) -> Self {
        Self {
            world,
            first: None,
            newest: None,
        }
    }

    /// A push is built once, and that image is in every environment.
    fn first_version(&mut self) -> Result<String> {
        changes::quick(&self.world.repository)?;
        let commit = self.world.repository.commit("Create the service")?;
        let ran = self.world.push("1-first-version")?;
        let version = carried(&ran, commit)?;
        let records = self.world.everywhere(&ran, &version)?;
        let text = told(&version, "in dev, staging and prod", &records, &ran);
        self.first = Some(version);
        Ok(text)
    }

    /// A version that is not ready in staging: dev takes it, staging refuses it and goes on, prod hears nothing.
    fn blocked_in_staging(&mut self) -> Result<String> {
        let first = known(self.first.as_ref())?;
        let world = &mut self.world;
        let commit = changes::unready_in_staging(&mut world.repository)?;
        let before = world.containers()?;
        let load = Load::start(world.port("staging"), &[&first.commit]);
        let ran = world.push("2-blocked-in-staging");
        let served = load.stop()?;
        let ran = ran?;

        let jobs = ran.log.jobs();
        for (job, expected) in BLOCKED {
            let ended = jobs.get(job).copied();
            if ended != expected {
                let (ended, expected) = (word(ended), word(expected));
                return Err(ran.fault(&format!(
                    "the job `{job}` {ended}; it should have {expected}"
                )));
            }
        }
        if ran.succeeded {
            return Err(ran.fault("the run succeeded, though staging refused the version"));
        }
        let blocked = Version::built(&ran, commit)?;
        let mut records = vec![world.runs(&ran, "dev", &blocked)?];
        for environment in ["staging", "prod"] {
            records.push(world.runs(&ran, environment, &first)?);
        }
        if world.containers()?[1..] != before[1..] {
            return Err(
                ran.fault("staging or prod was replaced, though the version never got there")
            );
        }
        let action = action(&ran, "rollback-staging", "noop")?;
        if served.dropped > 0 || served.requests == 0 {
            let faults = served.faults.join("\n");
            bail!(
                "staging {}, though nothing was deployed there\n{faults}",
                counted(&served)
            );
        }
        Ok(format!(
            "{}; rollback-staging: {action}; staging {}",
            told(&blocked, "in dev alone", &records, &ran),
            counted(&served)
        ))
    }

    /// A version that is ready everywhere, and wrong in prod.
    fn bad_in_prod(&mut self) -> Result<String> {
        let first = known(self.first.as_ref())?;
        let world = &mut self.world;
        let commit = changes::refusing_in_prod(&mut world.repository)?;
        let load = Load::start(world.port("prod"), &[&first.commit, &commit]);
        let ran = world.push("3-bad-in-prod");
        let served = load.stop()?;
        let ran = ran?;
        let version = carried(&ran, commit)?;
        let records = world.everywhere(&ran, &version)?;
        world.answers_an_item("staging", 201)?;
        world.answers_an_item("prod", 413)?;
        let text = format!(
            "{}; prod refuses items; while it was swapped in, prod {}",
            told(&version, "in dev, staging and prod", &records, &ran),
            counted(&served)
        );
        self.newest = Some(version);
        Ok(text)
    }

    /// By hand, back to the version before.
    fn rolled_back(&mut self) -> Result<String> {
        let (first, bad) = (known(self.first.as_ref())?, known(self.newest.as_ref())?);
        let world = &self.world;
        let load = Load::start(world.port("prod"), &[&first.commit, &bad.commit]);
        let ran = world.roll_back("4-rolled-back", "prod", "prod refuses items");
        let served = load.stop()?;
        let ran = ran?;
        if !ran.succeeded {
            return Err(ran.fault("the rollback failed"));
        }
        action(&ran, "rollback-prod", "rolled-back")?;
        let mut records = vec![world.runs(&ran, "prod", &first)?];
        for environment in ["dev", "staging"] {
            records.push(world.runs(&ran, environment, &bad)?);
        }
        world.answers_an_item("prod", 201)?;
        let tag = world.quarantined(&ran, "prod", &bad)?;
        Ok(format!(
            "{}; {tag}; meanwhile prod {}\n{}",
            told(&first, "in prod again", &records, &ran),
            counted(&served),
            world.driver().table()?
        ))
    }
}

/// The version that a run has carried through every job.
fn carried(ran: &Ran, commit: String) -> Result<Version> {
    if ran.succeeded {
        Version::built(ran, commit)
    } else {
        Err(ran.fault("the run failed"))
    }
}

fn known(version: Option<&Version>) -> Result<Version> {
    let version = version.cloned();
    version.context("the chapter before has not come to its end")
}

/// What the driver says it has done in `job`, which has to be `expected`.
fn action<'a>(ran: &Ran, job: &str, expected: &'a str) -> Result<&'a str> {
    match ran.log.output(job, "action") {
        Some(action) if action == expected => Ok(expected),
        other => {
            let other = other.unwrap_or("nothing");
            Err(ran.fault(&format!("the job `{job}` says `{other}`, not `{expected}`")))
        }
    }
}

fn told(version: &Version, place: &str, records: &[String], ran: &Ran) -> String {
    let (digest, records) = (&version.digest, records.join(", "));
    format!(
        "{digest} {place}; records {records}; act {:.0} s",
        ran.seconds
    )
}

fn counted(served: &Served) -> String {
    format!(
        "was asked {} times and dropped {}",
        served.requests, served.dropped
    )
}

fn word(ended: Option<bool>) -> &'static str {
    match ended {
        Some(true) => "succeeded",
        Some(false) => "failed",
        None => "not run",
    }
}
