//! Asks cargo what the lock file of every combination is.

use std::collections::{BTreeMap, BTreeSet};
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

/// The file that cargo keeps.
const LOCK: &str = "Cargo.lock";

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
    let text = match mode {
        Mode::Keep => settle(folder, seed)?,
        Mode::Update => update(folder, seed, &[])?,
    };
    Lock::parse(&text, NAME)
}

/// The lock file that the manifest in `folder` needs, with the versions of `seed` wherever they fit.
///
/// Offline first: most of the time nothing is missing, and then nothing is asked of anybody. But what cargo has to choose
/// offline, it chooses among what this machine happens to have downloaded; so then the registry is asked, and only where it
/// can't be reached that choice stands.
///
/// # Errors
/// What cargo says where it can't resolve it.
pub fn settle(folder: &Path, seed: &[Block]) -> Result<String> {
    let offline = update(folder, seed, &["--offline"]);
    if let Ok(lock) = &offline
        && is_known(&blocks(lock), seed)
    {
        return offline;
    }
    update(folder, seed, &[]).or_else(|error| offline.map_err(|_| error))
}

/// Whether all that comes from a registry is in the seed.
fn is_known(lock: &[Block], seed: &[Block]) -> bool {
    let known: BTreeSet<(&str, &str)> = seed.iter().map(key).collect();
    let mut foreign = lock
        .iter()
        .filter(|block| block.text.contains("\nsource = "));
    foreign.all(|block| known.contains(&key(block)))
}

fn key(block: &Block) -> (&str, &str) {
    (&block.name, &block.version)
}

fn update(folder: &Path, seed: &[Block], more: &[&str]) -> Result<String> {
    let path = folder.join(LOCK);
    std::fs::write(&path, seeded(seed))
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    let shell = Shell::new()?;
    shell.change_dir(folder);
    // It moves nothing but what the manifest asks for.
    let args = [&["update", "--workspace"], more].concat();
    let output = crate::process::cargo(&shell, &args)
        .quiet()
        .ignore_status()
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    crate::pack::read(&path)
}

/// A lock file with every entry of `seed` once; cargo drops those that it has no use for.
fn seeded(seed: &[Block]) -> String {
    let mut entries: BTreeMap<(&str, &str), &Block> = BTreeMap::new();
    for block in seed {
        entries.entry(key(block)).or_insert(block);
    }
    let mut out = String::from("version = 4\n");
    for block in entries.values() {
        out += "\n";
        out += &*block.text;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, version: &str, source: &str) -> Block {
        Block {
            name: name.into(),
            version: version.into(),
            text: format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}"),
        }
    }

    #[test]
    fn only_what_comes_from_a_registry_has_to_be_known() {
        let (registry, own) = ("source = \"registry+x\"\n", "");
        let seed = [entry("a", "1.0.0", registry), entry("b", "1.0.0", registry)];
        let same = [entry("a", "1.0.0", registry), entry("own", "0.1.0", own)];
        assert!(is_known(&same, &seed));
        assert!(is_known(&[], &[]));
        for other in [entry("a", "1.0.1", registry), entry("c", "1.0.0", registry)] {
            assert!(!is_known(&[other], &seed));
        }
    }
}
