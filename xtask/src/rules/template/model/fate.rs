//! What becomes of a template's files: rendered, copied, or left out.

use std::fs;

use anyhow::{Context, Result};

use super::patterns::{Pattern, literal};
use super::registry::MANIFEST;
use crate::pack::Manifest;

/// The largest `.genignore` that is read.
const SIZE: u64 = 64 * 1024;

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Rendered, in some combination of the options at least.
    Rendered,
    /// Copied as it is, whatever the options.
    Copied,
    /// Not in the service: a hook, the manifest, or ignored whatever the options.
    Dropped,
}

/// What the manifest and `.genignore` say about files.
pub struct Fates<'a> {
    manifest: &'a Manifest,
    generic: Pattern,
    include: Pattern,
    exclude: Pattern,
}

impl<'a> Fates<'a> {
    /// Reads what `template` says.
    pub fn new(template: &'a crate::pack::Template) -> Result<Self> {
        let file = template.dir.join(".genignore");
        let is_small = file
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= SIZE);
        let bytes = if is_small {
            fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?
        } else {
            Vec::new()
        };
        Self::from_texts(&template.manifest, &String::from_utf8_lossy(&bytes))
    }

    /// What a manifest and the text of a `.genignore` say.
    pub fn from_texts(manifest: &'a Manifest, genignore: &str) -> Result<Self> {
        // What does not parse covers nothing, and is a finding elsewhere.
        let pattern = |lines: &mut dyn Iterator<Item = &str>| {
            Pattern::all(lines.filter(|line| Pattern::parse(line).is_ok()))
                .map_err(anyhow::Error::msg)
        };
        let conditional = manifest
            .conditionals
            .iter()
            .flat_map(|block| &block.include);
        let mut include = manifest
            .include
            .iter()
            .chain(conditional)
            .map(|line| line.value.as_str());
        let mut exclude = manifest.exclude.iter().map(|line| line.value.as_str());
        Ok(Self {
            manifest,
            generic: pattern(&mut genignore.lines())?,
            include: pattern(&mut include)?,
            exclude: pattern(&mut exclude)?,
        })
    }

    /// What becomes of the file at `path`, which lands at `target`.
    pub fn of(&self, path: &str, target: &str) -> Fate {
        let own = [MANIFEST, ".genignore", ".cargo-ok"].contains(&path);
        let hook = self.manifest.hooks.iter().any(|hook| hook.value == path);
        let ignored = self
            .manifest
            .ignore
            .iter()
            .any(|entry| literal(&entry.value, target));
        if own || hook || ignored || self.generic.covers(target) {
            return Fate::Dropped;
        }
        let rendered = if self.manifest.include.is_empty() {
            // `include` of a conditional block only matters where it holds.
            !self.exclude.covers(target) || self.include.covers(target)
        } else {
            self.include.covers(target)
        };
        if rendered {
            Fate::Rendered
        } else {
            Fate::Copied
        }
    }
}
