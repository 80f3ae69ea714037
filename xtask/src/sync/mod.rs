//! Everything that is derived: stamped facts, lock files, generated documentation.
//!
//! One function a kind of file says what the file has to hold; whether it is written or only compared is decided
//! here, in one place. Nobody edits two files to change one thing.

mod docs;
mod facts;
mod regions;
pub mod shared;
mod workflows;

pub use facts::{FILE as FACTS, line as fact};

use std::path::Path;

use anyhow::{Context, Result};

use crate::interrupt;
use crate::lock::{self, Mode};
use crate::pack::{Pack, Template};
use crate::report::Report;

/// A file that is derived, and what it has to hold.
#[derive(Debug)]
pub struct Artifact {
    /// Path relative to the pack's root, with `/`.
    pub file: String,
    /// Its whole content.
    pub content: String,
}

/// Every derived file as it has to be.
///
/// # Errors
/// When a template doesn't render or cargo can't resolve it.
pub fn artifacts(pack: &Pack, mode: Mode) -> Result<Vec<Artifact>> {
    let mut all = Vec::new();
    for template in pack.templates()? {
        // Facts as they will be, whatever stands in the file now: it may be missing or damaged.
        let facts = facts_of(pack, &template).content;
        let lock = lock::refresh(&template, mode, (facts::FILE, Some(&facts)))?;
        all.push(Artifact {
            file: format!("{}/{}", template.name, facts::FILE),
            content: facts::script(pack, &template.name, &lock::crate_names(&lock)),
        });
        all.push(Artifact {
            file: format!("{}/{}", template.name, lock::FILE),
            content: lock,
        });
    }
    all.extend(of_pack(pack)?);
    Ok(all)
}

/// Those of them outside of templates.
fn of_pack(pack: &Pack) -> Result<Vec<Artifact>> {
    let mut all = docs::artifacts(pack)?;
    all.extend(regions::artifacts(pack)?);
    all.extend(workflows::artifacts(pack)?);
    Ok(all)
}

/// The facts of `template`, with the crates of the lock file that is there.
fn facts_of(pack: &Pack, template: &Template) -> Artifact {
    let lock = std::fs::read(template.dir.join(lock::FILE)).unwrap_or_default();
    let names = lock::crate_names(&String::from_utf8_lossy(&lock));
    Artifact {
        file: format!("{}/{}", template.name, facts::FILE),
        content: facts::script(pack, &template.name, &names),
    }
}

/// Writes what follows from the facts, and asks nobody for locks, which do not.
pub fn write_facts(pack: &Pack) -> Result<()> {
    let mut all = of_pack(pack)?;
    all.extend(pack.templates()?.iter().map(|it| facts_of(pack, it)));
    all.retain(|artifact| !artifact.holds(&pack.root));
    put(&pack.root, &all)
}

/// Which templates carry facts that are not those of `platform.toml`, or copies that differ from what they share: what can
/// be seen without asking cargo for locks.
pub fn check_facts(pack: &Pack) -> Result<Report> {
    let mut report = shared::check(pack)?;
    for template in pack.templates()? {
        if !template.files.iter().any(|file| file == facts::FILE) {
            continue;
        }
        compare(pack, facts_of(pack, &template), &mut report);
    }
    Ok(report)
}

/// Which derived files are not as they have to be.
pub fn check(pack: &Pack) -> Result<Report> {
    let mut report = shared::check(pack)?;
    for artifact in artifacts(pack, Mode::Keep)? {
        compare(pack, artifact, &mut report);
    }
    Ok(report)
}

fn compare(pack: &Pack, artifact: Artifact, report: &mut Report) {
    if artifact.holds(&pack.root) {
        return;
    }
    let current = std::fs::read(pack.root.join(&artifact.file)).unwrap_or_default();
    let current = String::from_utf8_lossy(&current);
    let line = first_difference(&current, &artifact.content);
    let message = format!(
        "`{}` is not what it is derived from; it differs from line {line} on",
        artifact.file
    );
    report.error_in_file("out-of-sync", artifact.file, message, "cargo xtask sync");
}

/// Writes the derived files that differ, and names them.
pub fn write(pack: &Pack, mode: Mode) -> Result<Vec<String>> {
    // First: lock files are resolved from what the templates hold then.
    let mut written = write_copies(pack)?;
    let mut changes = artifacts(pack, mode)?;
    changes.retain(|artifact| !artifact.holds(&pack.root));
    put(&pack.root, &changes)?;
    written.extend(changes.into_iter().map(|artifact| artifact.file));
    Ok(written)
}

/// Writes the files that templates share where they differ, and names them. No fact stands in them.
pub fn write_copies(pack: &Pack) -> Result<Vec<String>> {
    let mut written = Vec::new();
    for copy in shared::copies(pack)? {
        if copy.write(&pack.root)? {
            written.push(copy.to);
        }
    }
    Ok(written)
}

/// The files that templates share and that differ, each with what it is copied from.
pub fn stale_copies(pack: &Pack) -> Result<Vec<(String, String)>> {
    let mut stale = shared::copies(pack)?;
    stale.retain(|copy| !copy.orphan && !copy.holds(&pack.root));
    Ok(stale.into_iter().map(|copy| (copy.to, copy.from)).collect())
}

impl Artifact {
    /// Whether its file is as it has to be.
    pub fn holds(&self, root: &Path) -> bool {
        std::fs::read(root.join(&self.file)).is_ok_and(|held| held == self.content.as_bytes())
    }
}

/// Writes files in their order, each as a whole or not at all. None is written unless there is room and leave for all.
pub fn put(root: &Path, files: &[Artifact]) -> Result<()> {
    interrupt::whole(|| {
        let mut staged = Vec::new();
        for Artifact { file, content } in files {
            let path = root.join(file);
            let temporary = stage(&path, content)
                .with_context(|| format!("cannot write {}", path.display()))?;
            staged.push((temporary, path));
        }
        for (temporary, path) in staged {
            temporary
                .persist(&path)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    })
}

/// What will be the file at `path`, beside it and with its mode.
fn stage(path: &Path, content: &str) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)?;
    if path.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    let file = tempfile::NamedTempFile::new_in(folder)?;
    std::fs::write(file.path(), content)?;
    if let Ok(metadata) = path.metadata() {
        std::fs::set_permissions(file.path(), metadata.permissions())?;
    } else {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(file)
}

fn first_difference(a: &str, b: &str) -> usize {
    a.lines().zip(b.lines()).take_while(|(a, b)| a == b).count() + 1
}
