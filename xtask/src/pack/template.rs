//! One template folder: its manifest and the files that belong to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Manifest, read, tracked};
use crate::report::Source;

/// A template as it lies in the pack.
#[derive(Debug)]
pub struct Template {
    /// Its folder's name, such as `template-axum`.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Its files, relative to the folder, with `/`.
    pub files: Vec<String>,
    /// What its `cargo-generate.toml` says.
    pub manifest: Manifest,
}

impl Template {
    /// Reads the template `name` in the pack at `root`.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let dir = root.join(name);
        let path = dir.join("cargo-generate.toml");
        let text = read(&path).with_context(|| {
            format!("the root cargo-generate.toml registers `{name}`, which is no template")
        })?;
        Ok(Self {
            name: name.to_owned(),
            files: tracked(root, name)?,
            manifest: Manifest::parse(Source::new(format!("{name}/cargo-generate.toml"), text)),
            dir,
        })
    }

    /// The name without `template-`, as users type it.
    pub fn short_name(&self) -> &str {
        self.name.strip_prefix("template-").unwrap_or(&self.name)
    }
}
