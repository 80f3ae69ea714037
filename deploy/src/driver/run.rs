//! One run of a command: what it works on, where it is in its plan, and what it has come to so far.

use std::env;
use std::process;
use std::time::Duration;

use super::plan::{Plan, Step};
use crate::backend::{Backend, BackendError, Lock};
use crate::error::Error;
use crate::failpoint;
use crate::ledger::{History, Ledger, Record};
use crate::names::{Commit, Digest, Environment, Image, Pinned};
use crate::outcome::Outcome;
use crate::registry::{Client, Manifest};
use crate::report::Report;

/// Makes the back end, for commands that need one.
pub type OpenBackend<'a> = dyn Fn() -> Result<Box<dyn Backend>, BackendError> + 'a;

/// A back end, and the lock that it gave.
pub type Locked = (Box<dyn Backend>, Box<dyn Lock>);

/// A command under way.
pub struct Run<'a> {
    /// Of which service.
    pub image: &'a Image,
    /// Its registry.
    pub client: &'a Client,
    /// Its tags.
    pub ledger: Ledger<'a>,
    /// Where lines go.
    pub report: &'a Report,
    /// How to get at what deploys.
    pub open: &'a OpenBackend<'a>,
    /// How long to wait for a lock.
    pub lock_wait: Duration,
    /// What it has come to.
    pub outcome: Outcome,
    /// What was done and what was not, for an error from here on. Empty while nothing was.
    pub so_far: String,
    plan: &'static Plan,
    reached: usize,
}

/// A record with what it names.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The record.
    pub record: Record,
    /// The digest under its tag.
    pub digest: Digest,
    /// What the tag of its commit names, where that is another digest.
    pub contradicted: Option<Digest>,
}

impl<'a> Run<'a> {
    /// Before its first step.
    pub fn new(
        plan: &'static Plan,
        image: &'a Image,
        client: &'a Client,
        report: &'a Report,
        open: &'a OpenBackend<'a>,
        lock_wait: Duration,
    ) -> Self {
        Self {
            image,
            client,
            ledger: Ledger::new(client),
            report,
            open,
            lock_wait,
            outcome: Outcome::default(),
            so_far: String::new(),
            plan,
            reached: 0,
        }
    }

    /// The command's name.
    pub fn command(&self) -> &'static str {
        self.plan.command
    }

    /// Goes on to a step. Every step comes through here: this is where a failpoint ends the process.
    pub fn at(&mut self, step: Step) {
        let ahead = self.plan.steps[self.reached..].iter();
        let position = ahead.clone().position(|next| *next == step);
        debug_assert!(
            position.is_some(),
            "{} has no step {} from here on",
            self.plan.command,
            step.name()
        );
        self.reached += position.unwrap_or_default();
        failpoint::reach(step.name());
    }

    /// A line about the step that is under way.
    pub fn say(&self, text: &str) {
        let step = self.plan.steps.get(self.reached);
        self.report.line(step.map_or("", |step| step.name()), text);
    }

    /// Takes the environment's lock, with the back end that has it.
    pub fn lock(&mut self, environment: Environment) -> Result<Locked, Error> {
        self.at(Step::Lock);
        let backend = (self.open)()?;
        let owner = format!("{} (process {})", who(), process::id());
        let lock = backend.lock(environment, &owner, self.lock_wait)?;
        self.say(&format!("{environment} is ours: {owner}"));
        Ok((backend, lock))
    }

    /// Lists the tags.
    pub fn history(&mut self) -> Result<History, Error> {
        self.at(Step::Read);
        Ok(self.ledger.read()?)
    }

    /// The manifest behind a digest.
    pub fn fetch(&self, digest: &Digest) -> Result<Manifest, Error> {
        let found = self.client.manifest(digest.as_str())?;
        found.ok_or_else(|| {
            Error::NoImage(format!("{} is not in the registry", self.pinned(digest)))
        })
    }

    /// A record with its digest, and whether its commit's tag agrees.
    pub fn placed(&self, history: &History, record: &Record) -> Result<Placed, Error> {
        let tag = record.to_string();
        let digest = self.ledger.digest(&tag)?;
        let digest = digest.ok_or_else(|| {
            Error::NoImage(format!(
                "the record `{tag}` is listed, and names nothing: it was deleted by somebody"
            ))
        })?;
        let tagged = match history.commit(&record.short) {
            Some(commit) => self.ledger.digest(commit.as_str())?,
            None => None,
        };
        Ok(Placed {
            record: record.clone(),
            contradicted: tagged.filter(|tagged| *tagged != digest),
            digest,
        })
    }

    /// The full commit of a record.
    pub fn commit_of(
        &self,
        history: &History,
        record: &Record,
        digest: &Digest,
    ) -> Result<Commit, Error> {
        if let Some(commit) = history.commit(&record.short) {
            return Ok(commit.clone());
        }
        let manifest = self.fetch(digest)?;
        let found = self.ledger.commit_of(history, record, &manifest)?;
        found.ok_or_else(|| {
            Error::NoImage(format!(
                "no tag says which commit {} of `{record}` is, and the image has no label `org.opencontainers.image.revision`; tag it by its commit again",
                record.short
            ))
        })
    }

    /// The image by digest.
    pub fn pinned(&self, digest: &Digest) -> Pinned {
        Pinned {
            image: self.image.clone(),
            digest: digest.clone(),
        }
    }

    /// Moves the cache tag to where it belongs, if it is not there.
    pub fn cache(&mut self, environment: Environment, digest: &Digest) -> Result<(), Error> {
        self.at(Step::Cache);
        let tag = environment.name();
        if self.ledger.digest(tag)?.as_ref() == Some(digest) {
            return Ok(());
        }
        let manifest = self.fetch(digest)?;
        if self.ledger.move_to(tag, &manifest)? {
            self.say(&format!("`{tag}` names {digest} now"));
        }
        Ok(())
    }
}

impl Placed {
    /// Refuses a record that somebody moved.
    pub fn unmoved(&self) -> Result<(), Error> {
        match &self.contradicted {
            None => Ok(()),
            Some(tagged) => Err(Error::Mismatch(format!(
                "`{}` names {}, and its commit's tag names {tagged}: one of both was overwritten; tag the right one again, or go to another version by name",
                self.record, self.digest
            ))),
        }
    }
}

/// Who runs this, for a lock and for a note.
pub fn who() -> String {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    if let (Some(repository), Some(run)) = (set("GITHUB_REPOSITORY"), set("GITHUB_RUN_ID")) {
        let attempt = set("GITHUB_RUN_ATTEMPT").unwrap_or_else(|| "1".to_owned());
        let actor = set("GITHUB_ACTOR").unwrap_or_else(|| "nobody".to_owned());
        return format!("{actor}, {repository} run {run} attempt {attempt}");
    }
    let user = set("USER").or_else(|| set("LOGNAME"));
    let host = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    format!("{}@{host}", user.unwrap_or_else(|| "somebody".to_owned()))
}
