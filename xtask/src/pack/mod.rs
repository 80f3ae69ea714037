//! The pack as data: where it is, which templates it registers, what its organisation is. Reads, judges nothing.

mod files;
pub mod manifest;
mod matrix;
mod platform;
mod template;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub use files::tracked;
pub use manifest::{Manifest, Placeholder};
pub use matrix::{Answers, Case, Matrix, cases};
pub use platform::Platform;
pub use template::Template;

use crate::report::{Report, Source};

/// A checkout, or an unpacked archive, of the pack.
#[derive(Debug)]
pub struct Pack {
    /// The folder that holds `platform.toml`.
    pub root: PathBuf,
    /// The facts of the organisation.
    pub platform: Platform,
    /// The pack's version: `workspace.package.version`.
    pub version: String,
}

impl Pack {
    /// Opens the pack in `root`, or in the repository that this program was built from.
    pub fn open(root: Option<&Path>) -> Result<Self> {
        let root = locate(root)?;
        Ok(Self {
            platform: Platform::read(&root)?,
            version: workspace_version(&root)?,
            root,
        })
    }

    /// The templates that the root `cargo-generate.toml` registers, in its order.
    pub fn templates(&self) -> Result<Vec<Template>> {
        self.registered()?
            .iter()
            .map(|name| Template::read(&self.root, name))
            .collect()
    }

    /// The template called `name`, or `template-<name>`.
    pub fn template(&self, name: &str) -> Result<Template> {
        let registered = self.registered()?;
        let wanted = registered
            .iter()
            .find(|known| *known == name || known.strip_prefix("template-") == Some(name));
        match wanted {
            Some(wanted) => Template::read(&self.root, wanted),
            None => bail!(
                "there is no template `{name}`; the templates are {}",
                registered
                    .iter()
                    .map(|known| format!("`{}`", known.trim_start_matches("template-")))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        }
    }

    /// Names of the registered templates.
    pub fn registered(&self) -> Result<Vec<String>> {
        let path = self.root.join("cargo-generate.toml");
        let text = read(&path)?;
        let table: toml::Table =
            toml::from_str(&text).with_context(|| format!("cannot parse {}", path.display()))?;
        let names = table
            .get("template")
            .and_then(|template| template.get("sub_templates"))
            .and_then(toml::Value::as_array)
            .with_context(|| {
                format!(
                    "{} registers no templates; add `sub_templates = [\"template-…\"]` under `[template]`",
                    path.display()
                )
            })?;
        names
            .iter()
            .map(|name| match name.as_str() {
                Some(name) => Ok(name.to_owned()),
                None => bail!(
                    "{}: `sub_templates` holds `{name}`, which is no string",
                    path.display()
                ),
            })
            .collect()
    }
}

/// The folder of the pack: `root`, or the repository that this program was built from.
fn locate(root: Option<&Path>) -> Result<PathBuf> {
    let root = root.map_or_else(built_from, Path::to_owned);
    let root = root.canonicalize().with_context(|| {
        format!(
            "`{}` is not a folder that can be read; name the pack with `--root DIR`",
            root.display()
        )
    })?;
    if !root.join(platform::FILE).is_file() {
        bail!(
            "`{}` is not a pack: it has no platform.toml; name the pack with `--root DIR`",
            root.display()
        );
    }
    Ok(root)
}

/// What keeps the pack in `root` from being opened although its files can be read.
pub fn defects(root: Option<&Path>) -> Result<Report> {
    let root = locate(root)?;
    let mut report = Report::default();
    for file in [platform::FILE, "Cargo.toml", "cargo-generate.toml"] {
        let path = root.join(file);
        let bytes =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let Ok(text) = String::from_utf8(bytes) else {
            report.error_in_file(
                "unreadable-file",
                file,
                format!("`{file}` is not UTF-8"),
                "save it as UTF-8",
            );
            continue;
        };
        let source = Source::new(file, text);
        if file == platform::FILE
            && let Err(finding) = Platform::parse(&source)
        {
            report.push(*finding);
            continue;
        }
        if let Err(error) = toml::from_str::<toml::Table>(&source.text) {
            report.error(
                "unreadable-file",
                &source,
                error.span().unwrap_or(0..0),
                error.message().trim(),
                "mend the syntax at this place",
            );
        }
    }
    Ok(report)
}

/// The repository that holds xtask, wherever it is run from.
fn built_from() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

fn workspace_version(root: &Path) -> Result<String> {
    let path = root.join("Cargo.toml");
    let table: toml::Table = toml::from_str(&read(&path)?)
        .with_context(|| format!("cannot parse {}", path.display()))?;
    table
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
        .map(str::to_owned)
        .with_context(|| format!("{} has no `workspace.package.version`", path.display()))
}

/// Reads a text file; the error names the path.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
