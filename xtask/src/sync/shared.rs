//! Files that templates share. cargo-generate copies one folder, so what two templates need stands in both: one copy is
//! edited, the others are written from it. `xtask/shared.toml` says which.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use crate::pack::{self, Pack};
use crate::report::Report;
use crate::rules::template::model::Pattern;

/// The list, relative to the pack's root.
pub(super) const FILE: &str = "xtask/shared.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    shared: Vec<Share>,
}

/// What one folder takes from another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    /// The folder whose copy is edited.
    from: String,
    /// The folder that gets copies.
    to: String,
    /// Patterns as in a `.gitignore`: a later one with `!` takes back what an earlier one names.
    files: Vec<String>,
}

/// A copy, as paths relative to the pack's root.
pub(super) struct Copy {
    pub(super) from: String,
    pub(super) to: String,
    /// Whether there is no original.
    pub(super) orphan: bool,
}

/// All copies that the list asks for, and files among them that are copies of nothing.
pub(super) fn copies(pack: &Pack) -> Result<Vec<Copy>> {
    let path = pack.root.join(FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let list: List = toml::from_str(&pack::read(&path)?)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let mut all = Vec::new();
    for share in &list.shared {
        let pattern = Pattern::all(share.files.iter().map(String::as_str))
            .map_err(|fault| anyhow!("{FILE}: {fault}"))?;
        let covered = |folder: &str| -> Result<BTreeSet<String>> {
            let files = pack::tracked(&pack.root, folder)
                .with_context(|| format!("{FILE} names the folder `{folder}`"))?;
            Ok(files
                .into_iter()
                .filter(|file| pattern.covers(file))
                .collect())
        };
        let originals = covered(&share.from)?;
        if originals.is_empty() {
            // A misspelt folder would make orphans of all copies.
            bail!(
                "{FILE}: no file of `{}` is shared; name a folder that is there",
                share.from
            );
        }
        let orphans = covered(&share.to)?;
        let orphans = orphans.difference(&originals);
        let copy = |file: &String, orphan| Copy {
            from: format!("{}/{file}", share.from),
            to: format!("{}/{file}", share.to),
            orphan,
        };
        all.extend(originals.iter().map(|file| copy(file, false)));
        all.extend(orphans.map(|file| copy(file, true)));
    }
    Ok(all)
}

impl Copy {
    /// Whether the copy is what it has to be.
    pub(super) fn holds(&self, root: &Path) -> bool {
        let copy = std::fs::read(root.join(&self.to)).ok();
        !self.orphan && copy.is_some() && copy == std::fs::read(root.join(&self.from)).ok()
    }

    /// Makes it so; whether there was anything to do. What has no original stays: it may be somebody's work.
    pub(super) fn write(&self, root: &Path) -> Result<bool> {
        if self.orphan || self.holds(root) {
            return Ok(false);
        }
        let to = root.join(&self.to);
        let attempt = || -> std::io::Result<()> {
            let folder = to.parent().unwrap_or(root);
            std::fs::create_dir_all(folder)?;
            // With its mode; as a whole or not at all.
            let new = tempfile::NamedTempFile::new_in(folder)?;
            std::fs::copy(root.join(&self.from), new.path())?;
            new.persist(&to)?;
            Ok(())
        };
        attempt().with_context(|| format!("cannot write {}", to.display()))?;
        Ok(true)
    }
}

/// Which copies are not what they are copied from.
pub(super) fn check(pack: &Pack) -> Result<Report> {
    let mut report = Report::default();
    for copy in copies(pack)? {
        if copy.holds(&pack.root) {
            continue;
        }
        let (message, help) = if copy.orphan {
            (
                format!(
                    "`{}` stands among the copies of {FILE}, and there is no `{}`",
                    copy.to, copy.from
                ),
                format!(
                    "git rm {}  # or keep it, by a line with `!` in {FILE}",
                    copy.to
                ),
            )
        } else {
            (
                format!(
                    "`{}` is not the same as `{}`, which it is copied from",
                    copy.to, copy.from
                ),
                format!("make the change in {} and run: cargo xtask sync", copy.from),
            )
        };
        report.error_in_file("out-of-sync", copy.to, message, help);
    }
    Ok(report)
}
