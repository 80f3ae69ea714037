//! Lays the shop, its test and the recording over a rendered service.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::FOLDER;
use super::differences::Differences;
use crate::pack;

/// What a user of the template writes into its files for the shop to be there: a file, a line that is in it, and the lines
/// that follow.
const WIRING: &[(&str, &str, &str)] = &[
    (
        "Cargo.toml",
        "regex = \"1\"",
        "# Checksums of uploads. TLS brings it along.\nring = \"0.17\"",
    ),
    ("src/lib.rs", "pub mod error;", "mod guide;"),
    ("src/lib.rs", "pub mod secrets;", "pub mod shop;"),
    (
        "src/app.rs",
        "        .merge(items::routes())",
        "        .merge(crate::shop::routes())",
    ),
    (
        "src/dependencies/mod.rs",
        "    pub(crate) items: Store,",
        "    /// The shop, in memory.\n    pub(crate) shop: crate::shop::Shop,",
    ),
    (
        "src/dependencies/mod.rs",
        "            items: Store::default(),",
        "            shop: crate::shop::Shop::default(),",
    ),
];

/// Turns the service at `to` into the twin's twin, from what the pack at `root` holds.
pub(crate) fn lay(root: &Path, to: &Path) -> Result<()> {
    let from = root.join(FOLDER);
    copy(&from.join("service"), to)?;
    let tests = to.join("tests/parity");
    for file in ["corpus.jsonl", "openapi.json"] {
        let from = from.join(file);
        fs::copy(&from, tests.join(file))
            .with_context(|| format!("cannot copy {}", from.display()))?;
    }
    let differences = read(root)?;
    let json = serde_json::to_string_pretty(&differences.difference)?;
    fs::write(tests.join("differences.json"), json)?;
    for (file, line, more) in WIRING {
        let path = to.join(file);
        let text = pack::read(&path)?;
        let whole = format!("{line}\n");
        if text.matches(&whole).count() != 1 {
            bail!(
                "`{}` stands not once in the rendered {file}; say in xtask/src/parity/overlay.rs where the shop is wired",
                line.trim()
            );
        }
        fs::write(&path, text.replace(&whole, &format!("{whole}{more}\n")))?;
    }
    Ok(())
}

/// The named differences.
pub(super) fn read(root: &Path) -> Result<Differences> {
    let path = root.join(FOLDER).join("differences.toml");
    toml::from_str(&pack::read(&path)?).with_context(|| format!("{} is wrong", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let walk = ignore::WalkBuilder::new(from)
        .standard_filters(false)
        .build();
    for entry in walk {
        let entry = entry?;
        let to = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            fs::create_dir_all(&to)?;
        } else {
            fs::copy(entry.path(), &to)
                .with_context(|| format!("cannot write {}", to.display()))?;
        }
    }
    Ok(())
}
