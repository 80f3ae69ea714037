//! Asks cargo what the lock file of every combination is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use super::{Lock, compose};
use crate::pack::{Case, Matrix, Template, cases};
use crate::render;

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

/// What the template's lock file has to be.
///
/// # Errors
/// When the template doesn't render, or cargo can't resolve it.
pub fn refresh(template: &Template, mode: Mode) -> Result<String> {
    let mut locks: Vec<(Case, Lock)> = Vec::new();
    // The same manifest has the same lock file: options that change no dependency cost nothing.
    let mut known: BTreeMap<String, Lock> = BTreeMap::new();
    for case in cases(&template.manifest, Matrix::All) {
        let rendered = render::render(template, NAME, &case.answers)?;
        let folder = rendered.path();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))
            .with_context(|| format!("{} renders no Cargo.toml", template.name))?;
        let lock = if let Some(lock) = known.get(&manifest) {
            lock.clone()
        } else {
            let seed: Vec<&Lock> = known.values().collect();
            let lock = resolve(&folder, mode, &seed)
                .with_context(|| format!("cannot resolve {} with {case}", template.name))?;
            known.insert(manifest, lock.clone());
            lock
        };
        locks.push((case, lock));
    }
    Ok(compose(&locks))
}

fn resolve(folder: &Path, mode: Mode, seed: &[&Lock]) -> Result<Lock> {
    let path = folder.join("Cargo.lock");
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    let start = match mode {
        Mode::Keep => current,
        // The combinations have to agree, so the later ones start from what the earlier ones settled on.
        Mode::Update => String::new(),
    };
    std::fs::write(&path, seeded(&start, seed))?;
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
        run(&["update", "--workspace"])?;
    }
    Lock::parse(&std::fs::read_to_string(&path)?, NAME)
}

/// `text` with every entry of `seed` that it lacks; cargo drops those that it has no use for.
fn seeded(text: &str, seed: &[&Lock]) -> String {
    let mut have: BTreeSet<(String, String)> = BTreeSet::new();
    for line in text.split("\n[[package]]\n").skip(1) {
        let field = |key: &str| {
            line.lines()
                .find_map(|line| line.strip_prefix(key))
                .unwrap_or_default()
                .to_owned()
        };
        have.insert((field("name = "), field("version = ")));
    }
    let mut out = match (text.is_empty(), seed.first()) {
        (true, Some(lock)) => lock.header.clone(),
        _ => text.to_owned(),
    };
    for block in seed.iter().flat_map(|lock| &lock.dependencies) {
        let id = (
            format!("\"{}\"", block.name),
            format!("\"{}\"", block.version),
        );
        if have.insert(id) {
            out += "\n";
            out += &block.text;
        }
    }
    out
}
