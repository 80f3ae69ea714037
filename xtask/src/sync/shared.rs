//! Files that templates share. cargo-generate copies one folder, so what two templates need stands in both: one copy is
//! edited, the others are written from it. `xtask/shared.toml` says which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use crate::pack::{self, Pack};
use crate::report::Report;
use crate::rules::template::model::Pattern;

/// The file that says so, relative to the pack's root.
pub const FILE: &str = "xtask/shared.toml";

/// The list of what every template has in common.
pub const COMMON: &str = "platform";

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    /// Patterns that several templates share, by a name.
    #[serde(default)]
    lists: BTreeMap<String, Vec<String>>,
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
    /// The name of a list, with which the patterns begin.
    list: Option<String>,
    /// Patterns as in a `.gitignore`: a later one with `!` takes back what an earlier one names.
    #[serde(default)]
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
    let file = Shared::read(&pack.root)?;
    let mut all = Vec::new();
    for share in &file.shared {
        let pattern = file.pattern(share)?;
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

/// What the common list covers; `None` where there is no such list, and templates share nothing by themselves.
pub fn common(root: &Path) -> Result<Option<Pattern>> {
    let file = Shared::read(root)?;
    file.lists.get(COMMON).map(pattern).transpose()
}

/// Whether a table gives the folder `name` its copies.
pub fn gives(root: &Path, name: &str) -> Result<bool> {
    let file = Shared::read(root)?;
    Ok(file.shared.iter().any(|share| share.to == name))
}

impl Shared {
    /// A pack without the file shares nothing.
    fn read(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        toml::from_str(&pack::read(&path)?)
            .with_context(|| format!("cannot read {}", path.display()))
    }

    /// What `share` covers.
    fn pattern(&self, share: &Share) -> Result<Pattern> {
        let listed: &[String] = match &share.list {
            None => &[],
            Some(name) => self.lists.get(name).with_context(|| {
                let to = &share.to;
                format!("{FILE}: `{to}` takes the list `{name}`, which is not there; add it under `[lists]`")
            })?,
        };
        pattern(listed.iter().chain(&share.files))
    }
}

fn pattern<'a>(lines: impl IntoIterator<Item = &'a String>) -> Result<Pattern> {
    Pattern::all(lines.into_iter().map(String::as_str)).map_err(|fault| anyhow!("{FILE}: {fault}"))
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
