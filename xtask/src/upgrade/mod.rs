//! `upgrade`: brings a service to another version of what it was made from, with its own changes kept.
//!
//! Everything is worked out in memory from what the service has committed, before anything is written: what the recorded
//! version rendered, what the wanted one renders, and a merge of the three, file by file, by who owns it. Writing is
//! `apply`'s.

mod answers;
mod apply;
mod lock;
pub mod merge;
pub mod migrate;
mod request;

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use semver::Version;

pub use answers::Change;
pub use apply::{Applied, apply};
pub use lock::Outcome;
pub use request::Request;

use crate::history::{self, History, Point};
use crate::pack::Pack;
use crate::repository::Repository;
use crate::service::{Ownership, Record, Service};
use crate::tree::Tree;
use merge::{Classes, Labels, Note};
use migrate::Done;

/// The lock file, which is resolved and not merged.
const LOCK: &str = "Cargo.lock";

/// What an upgrade comes to.
#[derive(Debug)]
pub struct Plan {
    /// The service, as it is committed.
    pub service: Service,
    /// The version that it was made from, as messages call it.
    pub from: String,
    /// The version that it goes to.
    pub to: String,
    /// The commit of the pack that it goes to.
    pub commit: String,
    /// What the versions are called where they stand in files.
    labels: Labels,
    /// What the template has and the service did not take.
    pub aside: Tree,
    /// Where that is put: in git's own folder, so that nobody commits it. As seen from the service.
    pub aside_folder: String,
    /// What the service holds now.
    pub before: Tree,
    /// What it is to hold, its record included.
    pub after: Tree,
    /// What became of each file that somebody should hear of.
    pub notes: Vec<Note>,
    /// What became of each answer that is not as it was.
    pub answers: Vec<Change>,
    /// What the template's migrations did.
    pub migrations: Vec<Done>,
    /// What became of the lock file.
    pub lock: lock::Outcome,
}

impl Plan {
    /// Whether somebody has to decide something.
    pub fn has_conflicts(&self) -> bool {
        self.notes.iter().any(|note| note.what.is_conflict()) || self.lock.open().is_some()
    }

    /// What happened to a file, and what to do about it, where there is something to do.
    pub fn said(&self, note: &Note) -> (String, String) {
        let said = note.said(&self.labels, &self.aside_folder);
        let (what, remedy) = said.split_once("; ").unwrap_or((&said, ""));
        (what.to_owned(), remedy.to_owned())
    }

    /// The paths that change.
    pub fn changed(&self) -> Vec<&str> {
        let paths: BTreeSet<&String> = self.before.keys().chain(self.after.keys()).collect();
        let changed = |path: &&String| self.before.get(*path) != self.after.get(*path);
        let paths = paths.into_iter().filter(changed);
        paths.map(String::as_str).collect()
    }

    /// Whether the service is as the wanted version has it.
    pub fn is_empty(&self) -> bool {
        self.before == self.after
    }
}

/// Works out what `request` comes to.
///
/// # Errors
/// When the service or the pack's history can't be read, a template refuses an answer, or a migration fails.
pub fn plan(pack: &Pack, request: &Request) -> Result<Plan> {
    let service = Service::open(&request.dir)?;
    let repository = Repository::around(&service.dir)?;
    let before = repository.tree("HEAD")?;
    let record = committed(&service, &before)?;
    let history = history::open(pack)?;
    let from = match &request.from {
        Some(reference) => history.at(reference)?,
        None => history.of_record(&record)?,
    };
    let to = match &request.to {
        Some(reference) => history.at(reference)?,
        None => newest(&history, &record, &from)?,
    };
    forward(&history, &record, &from, &to)?;
    let mut plan = work_out(&history, Sides { record, from, to }, before, request)?;
    plan.service.dir = service.dir;
    let folder = repository.git_path("idp-upgrade-aside")?;
    plan.aside_folder = format!("{folder}/{}", repository.place()?);
    Ok(plan)
}

/// The two versions, and what the service says of itself.
struct Sides {
    record: Record,
    from: Point,
    to: Point,
}

fn work_out(history: &History<'_>, sides: Sides, before: Tree, request: &Request) -> Result<Plan> {
    let Sides { record, from, to } = sides;
    let name = record.name();
    let past = from.template(&record.template)?;
    let wanted = to.template(&record.template)?;
    let facts = history.facts_of_record(&record, &from)?;
    let mut base = past
        .tree(name, &past.answers(&record.answers)?, &facts)
        .with_context(|| format!("cannot render what `{name}` was made from, {}", from.name()))?;

    let mut ours = before.clone();
    let mut carried = record.answers.clone();
    let mut newest = version(&to)?;
    if !to.is_release {
        newest = migrate::newest(&wanted.template, &newest)?;
    }
    let recorded = version(&from)?;
    let migrations = migrate::migrate(
        &wanted.template,
        &recorded,
        &newest,
        &mut ours,
        &mut carried,
    )?;
    migrate::follow(&mut base, &migrations);
    let (given, answers) = answers::carry(
        &wanted.template.manifest,
        &request.defines,
        &record.answers,
        &carried,
    )?;
    let mut theirs = wanted
        .tree(name, &given, &history.facts_for(&to))
        .with_context(|| format!("cannot render `{name}` as {} would", to.name()))?;

    let classes = Classes {
        base: ownership(&base)?,
        theirs: ownership(&theirs)?,
    };
    let mut apart = |file: &str| [base.remove(file), ours.remove(file), theirs.remove(file)];
    let [_, _, written] = apart(Record::FILE);
    let locks = apart(LOCK);
    let labels = Labels {
        base: from.name(),
        theirs: to.name(),
    };
    let merged = merge::merge(&base, &ours, &theirs, &classes, &labels)?;

    let mut after = merged.tree;
    let lock = lock::resolve(&mut after, &ours, &theirs, locks, &merged.notes)?;
    let mut written =
        written.with_context(|| format!("{} renders no {}", to.name(), Record::FILE))?;
    if !to.is_release {
        written.bytes = answers::with_commit(&written.bytes, &to.commit)?;
    }
    after.insert(Record::FILE.to_owned(), written);
    Ok(Plan {
        service: Service {
            dir: request.dir.clone(),
            record,
        },
        from: from.name(),
        to: to.name(),
        commit: to.commit,
        labels,
        aside: merged.aside,
        aside_folder: String::new(),
        before,
        after,
        notes: merged.notes,
        answers,
        migrations,
        lock,
    })
}

/// The record as it is committed: in the folder it is written last, so it may be the one or the other there.
fn committed(service: &Service, before: &Tree) -> Result<Record> {
    let text = before.get(Record::FILE).and_then(|entry| entry.text());
    let text = text.with_context(|| {
        format!(
            "{} is not committed in {}; commit it first",
            Record::FILE,
            service.dir.display()
        )
    })?;
    Record::parse(text).with_context(|| {
        format!(
            "{}, as it is committed",
            service.dir.join(Record::FILE).display()
        )
    })
}

/// The newest release, or what the service was made from where that is newer still.
fn newest(history: &History<'_>, record: &Record, from: &Point) -> Result<Point> {
    let newest = history.newest()?;
    if version(&newest)? < version(from)? {
        bail!(
            "`{}` was made from {}, which is newer than the newest release, {}; name what to go to with `--to REF`",
            record.name(),
            from.name(),
            newest.name()
        );
    }
    // Made between two releases: the last one is behind it.
    if history.precedes(&newest, from) {
        return history.at(&from.commit);
    }
    Ok(newest)
}

fn forward(history: &History<'_>, record: &Record, from: &Point, to: &Point) -> Result<()> {
    if version(to)? < version(from)? || history.precedes(to, from) {
        bail!(
            "`{}` was made from {}, and {} is older; an upgrade goes forward only, going back is `git revert` in the service",
            record.name(),
            from.name(),
            to.name()
        );
    }
    Ok(())
}

fn version(point: &Point) -> Result<Version> {
    Version::parse(&point.version).with_context(|| {
        format!(
            "`{}` is no version of a pack; write it as X.Y.Z",
            point.version
        )
    })
}

fn ownership(tree: &Tree) -> Result<Ownership> {
    let text = tree.get(Ownership::FILE).and_then(|entry| entry.text());
    Ownership::parse(text.unwrap_or_default()).context(Ownership::FILE)
}
