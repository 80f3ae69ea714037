//! A generated service as it lies on somebody's disk: what it was made from, who owns what, what it holds.
//!
//! Reads and judges; what is done about it is `upgrade`'s and `drift`'s.

mod ownership;
mod record;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

pub use ownership::{Class, Ownership};
pub use record::Record;

/// A service's folder, and what it says of itself.
#[derive(Debug)]
pub struct Service {
    /// The folder.
    pub dir: PathBuf,
    /// `.idp/answers.toml`.
    pub record: Record,
}

impl Service {
    /// Opens the service in `dir`, by its record as it stands in the folder.
    ///
    /// # Errors
    /// When there is no such folder, it holds no service, or its record can't be read.
    pub fn open(dir: &Path) -> Result<Self> {
        let dir = folder(dir)?;
        let path = dir.join(Record::FILE);
        if !path.is_file() {
            bail!(
                "{} is no service of this platform: it has no {}; name the folder of a generated service",
                dir.display(),
                Record::FILE
            );
        }
        let text = crate::pack::read(&path)?;
        let record = Record::parse(&text).with_context(|| path.display().to_string())?;
        Ok(Self { dir, record })
    }
}

/// A file of the service's own, as TOML; the error has a line, a column and `remedy`.
fn parsed<T: serde::de::DeserializeOwned>(text: &str, remedy: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let before = text
            .get(..error.span().unwrap_or(0..0).start)
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        anyhow!(
            "line {line}, column {column}: {}; {remedy}",
            error.message().trim()
        )
    })
}

fn folder(dir: &Path) -> Result<PathBuf> {
    dir.canonicalize()
        .ok()
        .filter(|dir| dir.is_dir())
        .with_context(|| {
            format!(
                "{} is not a folder that can be read; name the folder of a generated service",
                dir.display()
            )
        })
}
