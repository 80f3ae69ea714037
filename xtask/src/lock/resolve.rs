//! Asks cargo what the lock file of every combination is.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use super::parse::{Block, blocks};
use super::{FILE, Lock, compose};
use crate::pack::{Case, Matrix, Template, cases};
use crate::render::{self, Replacement};

/// How far versions may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Versions stay; only what the manifest changed is resolved anew.
    Keep,
    /// Every version moves to the newest that fits.
    Update,
}

/// The name that services are rendered under to be resolved; any would do.
const NAME: &str = "lock-probe";

/// What the template's lock file has to be. `facts` are the replacements without which the template may not render.
///
/// The lock file that is there only says which versions to keep: it is not rendered, so a damaged one is mended.
///
/// # Errors
/// When the template doesn't render, or cargo can't resolve it.
pub fn refresh(template: &Template, mode: Mode, facts: Replacement<'_>) -> Result<String> {
    let current = std::fs::read(template.dir.join(FILE)).unwrap_or_default();
    let mut seed = match mode {
        Mode::Keep => blocks(&String::from_utf8_lossy(&current)),
        Mode::Update => Vec::new(),
    };
    let mut locks: Vec<(Case, Lock)> = Vec::new();
    // The same manifest has the same lock file: options that change no dependency cost nothing.
    let mut known: BTreeMap<String, Lock> = BTreeMap::new();
    let replacements = [facts, (FILE, None)];
    for case in cases(&template.manifest, Matrix::All) {
        let rendered = render::render_with(template, NAME, &case.answers, &replacements)?;
        let folder = rendered.path();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))
            .with_context(|| format!("{} renders no Cargo.toml", template.name))?;
        let lock = if let Some(lock) = known.get(&manifest) {
            lock.clone()
        } else {
            let lock = resolve(&folder, mode, &seed)
                .with_context(|| format!("cannot resolve {} with {case}", template.name))?;
            // The combinations have to agree: the later ones start from what the earlier ones settled on.
            seed.extend(lock.dependencies.iter().cloned());
            known.insert(manifest, lock.clone());
            lock
        };
        locks.push((case, lock));
    }
    Ok(compose(&locks))
}

fn resolve(folder: &Path, mode: Mode, seed: &[Block]) -> Result<Lock> {
    let path = folder.join("Cargo.lock");
    std::fs::write(&path, seeded(seed))?;
    let shell = Shell::new()?;
    shell.change_dir(folder);
    let run = |args: &[&str]| -> Result<()> {
        let output = crate::process::cargo(&shell, args)
            .quiet()
            .ignore_status()
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    };
    // `--workspace` moves nothing but what the manifest asks for. Offline first: most of the time nothing is missing.
    if mode == Mode::Update || run(&["update", "--workspace", "--offline"]).is_err() {
        std::fs::write(&path, seeded(seed))?;
        run(&["update", "--workspace"])?;
    }
    Lock::parse(&std::fs::read_to_string(&path)?, NAME)
}

/// A lock file with every entry of `seed` once; cargo drops those that it has no use for.
pub fn seeded(seed: &[Block]) -> String {
    let mut entries: BTreeMap<(&str, &str), &Block> = BTreeMap::new();
    for block in seed {
        entries
            .entry((&block.name, &block.version))
            .or_insert(block);
    }
    let mut out = String::from("version = 4\n");
    for block in entries.values() {
        out += "\n";
        out += &*block.text;
    }
    out
}
