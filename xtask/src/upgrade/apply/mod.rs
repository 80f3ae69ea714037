//! Writes a plan into the service's folder: every file as a whole, the record last.
//!
//! A copy of everything that is to be written is put into git's own folder first (the journal). A run that is cut off
//! leaves it there, and the next run knows by it which of the changes that are not committed are its own.

mod clean;
mod journal;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Plan;
use crate::repository::Repository;
use crate::service::Record;
use crate::tree::Entry;
use journal::Journal;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// There was nothing to write.
    Nothing,
    /// It had been written before, and is not committed yet.
    Already,
    /// It was written.
    Written,
    /// What an earlier run had begun was written to its end.
    Resumed,
}

/// What is to stand at each path that changes; nothing where the file goes.
type Writes = BTreeMap<String, Option<Entry>>;

/// Writes `plan`, on a new branch if one is named.
///
/// # Errors
/// When the folder holds changes that are not committed, something is in the way, or a file can't be written; before
/// anything is written, except in the last case, which a second run repeats.
pub fn apply(plan: &Plan, branch: Option<&str>) -> Result<Applied> {
    let dir = &plan.service.dir;
    let repository = Repository::around(dir)?;
    let journal = Journal::of(dir, &repository)?;
    let mut writes = writes(plan, &repository)?;
    let head = repository.commit("HEAD").unwrap_or_default();
    let begun = journal.read(&head)?;
    if begun.is_none() && !writes.is_empty() && stands(dir, &writes)? {
        return Ok(Applied::Already);
    }
    if begun.is_some() {
        write::sweep(dir, &repository.uncommitted()?)?;
    }
    clean::judge(dir, &repository, &writes, begun.as_ref())?;
    // It may have been on its way to another version.
    for path in begun.iter().flatten().map(|(path, _)| path) {
        if writes.contains_key(path) {
            continue;
        }
        if let Some(entry) = plan.before.get(path) {
            writes.insert(path.clone(), Some(repository.checked_out(path, entry)?));
        } else if Entry::read(&dir.join(path))? == begun.as_ref().and_then(|b| b.get(path)?.clone())
        {
            // Its own; what somebody else has put there since, and git ignores, stays.
            writes.insert(path.clone(), None);
        }
    }
    if writes.is_empty() {
        journal.remove()?;
        return Ok(Applied::Nothing);
    }
    clean::in_the_way(dir, plan, &writes, begun.as_ref())?;
    clean::hidden(dir, &repository, &writes)?;
    if let Some(branch) = branch {
        can_switch(&repository, branch)?;
    }
    // Before the branch: cut off in between, the next run makes it.
    if begun.as_ref() != Some(&writes) {
        journal.begin(&head, &writes)?;
    }
    if let Some(branch) = branch
        && let Err(error) = switch(&repository, branch)
    {
        if begun.is_none() {
            journal.remove()?;
        }
        return Err(error);
    }
    aside(plan)?;
    write::all(dir, &writes, |path| path == Record::FILE)?;
    journal.remove()?;
    Ok(if begun.is_some() {
        Applied::Resumed
    } else {
        Applied::Written
    })
}

/// Puts what the service did not take where the report says.
fn aside(plan: &Plan) -> Result<()> {
    let folder = plan.service.dir.join(&plan.aside_folder);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let files = plan.aside.iter();
    let writes = files.map(|(path, entry)| (path.clone(), Some(entry.clone())));
    write::all(&folder, &writes.collect(), |_| false)
}

/// Every path whose content changes, with what the folder is to hold: as git would check it out, by the line endings
/// that the repository is set to.
fn writes(plan: &Plan, repository: &Repository) -> Result<Writes> {
    let mut writes = Writes::new();
    for path in plan.before.keys() {
        if !plan.after.contains_key(path) {
            writes.insert(path.clone(), None);
        }
    }
    let converts = repository.converts(&plan.after)?;
    for (path, entry) in &plan.after {
        if plan.before.get(path) != Some(entry) {
            let entry = if converts {
                repository.checked_out(path, entry)?
            } else {
                entry.clone()
            };
            writes.insert(path.clone(), Some(entry));
        }
    }
    Ok(writes)
}

/// Whether the folder holds all of it already.
fn stands(dir: &Path, writes: &Writes) -> Result<bool> {
    for (path, wanted) in writes {
        if Entry::read(&dir.join(path))? != *wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

fn can_switch(repository: &Repository, branch: &str) -> Result<()> {
    // As after a run that was cut off.
    if repository.branch().as_deref() == Some(branch) {
        return Ok(());
    }
    if repository.commit(&format!("refs/heads/{branch}")).is_some() {
        bail!(
            "the service has a branch `{branch}` already; remove it with `git branch -D {branch}`, or name another with `--branch NAME`"
        );
    }
    Ok(())
}

fn switch(repository: &Repository, branch: &str) -> Result<()> {
    if repository.branch().as_deref() != Some(branch) {
        repository.git(&["switch", "--quiet", "--create", branch])?;
    }
    Ok(())
}
