//! `drift`: how far services are from what their recorded version rendered, and from the version they could have.
//!
//! Only looks: nothing is written, no branch is switched, and nobody on the network is asked. Bringing a service forward
//! is `upgrade`'s.

mod about;
mod answers;
mod behind;
mod diff;
mod files;
mod look;
mod markers;
pub mod page;
mod references;
mod renders;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;

use crate::history;
use crate::pack::Pack;
use crate::report::Report;
use renders::Renders;

pub use about::FINDINGS;

/// A service is behind what it could have.
const BEHIND: &str = "drift-behind";
/// A platform file is not as its version rendered it.
pub const PLATFORM_FILE: &str = "drift-platform-file";
/// A workflow names the pack at another address or ref.
const REFERENCE: &str = "drift-reference";
/// An answer that the wanted version can't take over.
const ANSWER: &str = "drift-answer";
/// A question that the service was never asked. Alone it is no drift.
const QUESTION: &str = "drift-question";
/// An upgrade left something to decide, and nobody has.
const CONFLICT: &str = "drift-conflict";
/// The pack doesn't know what the service was made from.
const UNKNOWN: &str = "drift-unknown-version";
/// The wanted version has no such template.
const TEMPLATE: &str = "drift-template";

/// What was found in all services.
#[derive(Debug)]
pub struct Drift {
    /// The version that they are compared with, as messages call it.
    pub wanted: String,
    /// One for each service, in the order in which they were named.
    pub services: Vec<Row>,
    /// Everything that was found.
    pub report: Report,
    /// Of platform files that were edited by hand: what was changed, by the finding's file.
    pub diffs: BTreeMap<String, String>,
}

/// One service.
#[derive(Debug)]
pub struct Row {
    /// The folder, as it was named.
    pub service: String,
    /// What it was made from, where it could be opened.
    pub made: Option<Made>,
    /// How much was found.
    pub counts: Counts,
    /// Why it could not be looked at, or not to the end.
    pub failure: Option<String>,
}

/// What a service says that it was made from.
#[derive(Debug)]
pub struct Made {
    /// The service's own name.
    pub name: String,
    /// The template.
    pub template: String,
    /// The version.
    pub version: String,
}

/// How much was found in a service.
#[derive(Debug, Default)]
pub struct Counts {
    /// How many releases it is behind; nothing where that is not known.
    pub behind: Option<usize>,
    /// Platform files that are not as they were rendered; nothing where that is not known.
    pub edited: Option<usize>,
    /// Answers that the wanted version can't take over.
    pub answers: usize,
    /// Questions that are new.
    pub questions: usize,
    /// References to the pack that are behind or go elsewhere.
    pub references: usize,
    /// Conflicts that are not decided.
    pub conflicts: usize,
}

impl Drift {
    /// Whether a service could not be looked at, or not to the end.
    pub fn is_incomplete(&self) -> bool {
        self.services.iter().any(|row| row.failure.is_some())
    }
}

/// Compares the services in `dirs` with the newest version, or with what `to` names.
///
/// # Errors
/// When the pack's history can't be read, or has nothing that `to` names. What keeps one service from being looked at
/// stands in its row.
pub fn check(pack: &Pack, dirs: &[PathBuf], to: Option<&str>) -> Result<Drift> {
    let history = history::open(pack)?;
    let wanted = match to {
        Some(reference) => history.at(reference)?,
        None => history.newest()?,
    };
    let target = look::Target {
        pack,
        history: &history,
        facts: history.facts_for(&wanted),
        name: wanted.name(),
        point: wanted,
        asked: to,
    };
    let mut renders = Renders::default();
    let mut drift = Drift {
        wanted: target.name.clone(),
        services: Vec::new(),
        report: Report::default(),
        diffs: BTreeMap::new(),
    };
    for dir in dirs {
        let (row, found) = look::look(&target, &mut renders, dir);
        drift.services.push(row);
        drift.report.extend(found.report);
        drift.diffs.extend(found.diffs);
    }
    Ok(drift)
}
