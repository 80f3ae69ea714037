//! `adopt`: makes a fork the organisation's own. Writes `platform.toml` and all that is derived from it; commits nothing.
//!
//! Everything is worked out first, in memory: what is refused or fails leaves the tree as it was. `platform.toml` is
//! written first, so that the same command, typed again, ends what a crash has cut short.

mod facts;

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::diff;
use crate::lock::Mode;
use crate::pack::platform::{FILE, misfit};
use crate::pack::{self, Pack, Platform};
use crate::report::{Source, few};
use crate::repository::{self, Repository};
use crate::sync::{self, Artifact};

use facts::rewritten;

/// What is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// Facts by name, with their new values.
    pub facts: Vec<(&'static str, &'a str)>,
    /// The commit whose facts stand for those that are not given; none for what `platform.toml` says now.
    pub facts_of: Option<&'a str>,
    /// Whether there may be changes that are not committed.
    pub allow_dirty: bool,
}

/// What there is to do.
#[derive(Debug)]
pub struct Plan {
    /// The pack with its new facts.
    pub pack: Pack,
    /// Files to be written, in this order.
    changes: Vec<Artifact>,
    /// Copies of shared files that are to be written first, each with its original.
    copies: Vec<(String, String)>,
}

/// The facts that the pack is to have.
///
/// # Errors
/// When one can't stand in workflows and image names, or the commit has none.
pub fn wanted(pack: &Pack, request: &Request<'_>) -> Result<Platform> {
    for (name, value) in &request.facts {
        if let Some(form) = misfit(name, value) {
            bail!("`--{name} {value:?}` can't stand in workflows and image names; give {form}");
        }
    }
    let mut platform = match request.facts_of {
        Some(commit) => facts_at(&pack.root, commit)?,
        None => pack.platform.clone(),
    };
    for (name, value) in &request.facts {
        platform.set(name, value);
    }
    Ok(platform)
}

fn facts_at(root: &Path, commit: &str) -> Result<Platform> {
    // A repository around an unpacked archive is another one.
    let repository = repository::is_top(root).then(|| Repository::at(root));
    let text = repository.transpose()?.and_then(|it| it.text(commit, FILE));
    let Some(text) = text else {
        bail!(
            "`--facts-of {commit:?}` is no commit with a {FILE}; give one that `git log` shows, such as `HEAD~1`"
        );
    };
    Platform::parse(&Source::new(FILE, text)).map_err(|finding| {
        let (line, column) = (finding.line, finding.column);
        let (message, help) = (finding.message, finding.help);
        anyhow!("{FILE} at {commit}:{line}:{column}: {message}; {help}")
    })
}

/// Gives a copy of a pack, at `root`, other facts, and all that follows from them. Asks nobody for locks, which do not.
///
/// # Errors
/// When a file can't be read or written, or something can't be derived.
pub fn stamp(root: &Path, platform: &Platform) -> Result<Pack> {
    let path = root.join(FILE);
    let text = rewritten(&pack::read(&path)?, platform)?;
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    let pack = Pack::open(Some(root))?;
    sync::write_facts(&pack)?;
    Ok(pack)
}

/// Works out what has to be written, and writes nothing.
///
/// # Errors
/// When the tree has changes that are not committed and that adopting does not make, or something can't be derived.
pub fn plan(pack: &Pack, platform: &Platform, allow_dirty: bool) -> Result<Plan> {
    let root = &pack.root;
    let content = rewritten(&pack::read(&root.join(FILE))?, platform)?;
    let pack = Pack {
        root: root.clone(),
        platform: platform.clone(),
        version: pack.version.clone(),
        foreign: pack.foreign,
    };
    let facts = Artifact {
        file: FILE.into(),
        content,
    };
    let mut changes = vec![facts];
    changes.extend(sync::artifacts(&pack, Mode::Keep)?);
    let (held, changes): (Vec<_>, Vec<_>) = changes
        .into_iter()
        .partition(|artifact| artifact.holds(root));
    if !allow_dirty && repository::is_top(root) {
        // What an earlier run has written before it was cut short is what this one would write.
        let written = |file: &String| held.iter().any(|artifact| artifact.file == *file);
        let mut others = Repository::at(root)?
            .uncommitted()
            .context("cannot see what is not committed; mend that, or pass `--allow-dirty`")?;
        others.retain(|file| !written(file));
        refuse(&others)?;
    }
    Ok(Plan {
        copies: sync::stale_copies(&pack)?,
        pack,
        changes,
    })
}

/// Refuses work that is not committed: nobody could tell it from what is written here.
fn refuse(changed: &[String]) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    bail!(
        "not committed: {}; commit or stash that, or pass `--allow-dirty`",
        few(changed)
    )
}

impl Plan {
    /// The files that will be written.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let copies = self.copies.iter().map(|(to, _)| to.as_str());
        let changes = self.changes.iter().map(|change| change.file.as_str());
        changes.chain(copies)
    }

    /// Writes them, and names them.
    ///
    /// # Errors
    /// When one can't be written; the same command goes on from there.
    pub fn write(self) -> Result<Vec<String>> {
        let root = &self.pack.root;
        sync::put(root, &self.changes)?;
        let mut written: Vec<String> = self.changes.into_iter().map(|change| change.file).collect();
        if !self.copies.is_empty() {
            // Lock files were worked out from what the copies held before.
            written.extend(sync::write(&self.pack, Mode::Keep)?);
            written.dedup();
        }
        Ok(written)
    }

    /// What would be written, as a unified diff.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn difference(&self) -> Result<String> {
        let root = &self.pack.root;
        let mut text = String::new();
        let mut add = |file: &str, new: &[u8]| {
            let old = std::fs::read(root.join(file)).ok();
            let name = diff::name("a", file, old.is_some());
            let new = (&*format!("b/{file}"), new);
            text += &diff::unified((&name, &old.unwrap_or_default()), new);
        };
        for change in &self.changes {
            add(&change.file, change.content.as_bytes());
        }
        for (to, from) in &self.copies {
            let path = root.join(from);
            let new =
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            add(to, &new);
        }
        Ok(text)
    }
}
