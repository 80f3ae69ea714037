//! The pack as data: where it is, which templates it registers, what its organisation is. Reads, judges nothing.

mod files;
pub mod manifest;
mod matrix;
pub mod platform;
pub mod releases;
mod template;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

pub use files::tracked;
pub use manifest::{Manifest, Placeholder};
pub use matrix::{Answers, Case, Matrix, cases};
pub use platform::Platform;
pub use releases::{Release, Releases};
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
    /// Whether it is another one than this program was built from, so that `--root` has to name it again.
    pub foreign: bool,
}

impl Pack {
    /// Opens the pack in `root`, or in the repository that this program was built from.
    pub fn open(root: Option<&Path>) -> Result<Self> {
        let root = locate(root)?;
        Ok(Self {
            platform: Platform::read(&root)?,
            version: workspace_version(&root)?,
            foreign: built_from().canonicalize().ok().as_ref() != Some(&root),
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
        let path = self.root.join(REGISTRY);
        let table: toml::Table = toml::from_str(&read(&path)?)
            .with_context(|| format!("cannot parse {}", path.display()))?;
        registered(&table).map_err(|fault| anyhow!("{}: {fault}", path.display()))
    }
}

/// The largest manifest that is read: a parser takes long over megabytes of nothing.
const SIZE: u64 = 64 * 1024;
/// The root manifest that registers templates.
pub const REGISTRY: &str = "cargo-generate.toml";
/// The root manifest that says the pack's version.
const WORKSPACE: &str = "Cargo.toml";

/// The templates that a root manifest registers, or what is wrong with it.
fn registered(table: &toml::Table) -> Result<Vec<String>, String> {
    let help = "write `sub_templates = [\"template-…\"]` under `[template]`";
    let list = table
        .get("template")
        .and_then(|template| template.get("sub_templates")?.as_array())
        .ok_or_else(|| format!("no list of templates; {help}"))?;
    let name = |name: &toml::Value| match name.as_str() {
        Some(name) => Ok(name.to_owned()),
        None => Err(format!(
            "`sub_templates` holds `{name}`, which is no string; {help}"
        )),
    };
    list.iter().map(name).collect()
}

/// The pack's version, or what is wrong with the root manifest.
pub fn version(table: &toml::Table) -> Result<String, String> {
    table
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
        .map(str::to_owned)
        .ok_or_else(|| "no version; write `version = \"X.Y.Z\"` under `[workspace.package]`".into())
}

/// The pack's version that the text of a root manifest says, if it says one.
pub fn version_in(manifest: &str) -> Option<String> {
    version(&toml::from_str(manifest).ok()?).ok()
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
    let mut files = vec![platform::FILE, WORKSPACE, REGISTRY];
    // The only one of them that a pack may lack.
    files.extend(root.join(releases::FILE).exists().then_some(releases::FILE));
    for file in files {
        let path = root.join(file);
        let size = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        if size > SIZE {
            let message = format!("`{file}` is larger than {} KiB", SIZE / 1024);
            let help = "take out what does not belong there; nobody writes so much by hand";
            report.error_in_file("unreadable-file", file, message, help);
            continue;
        }
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
        if file == platform::FILE {
            if let Err(finding) = Platform::parse(&source) {
                report.push(*finding);
            }
            continue;
        }
        if file == releases::FILE {
            let findings = Releases::parse(&source).err();
            findings.into_iter().flatten().for_each(|f| report.push(f));
            continue;
        }
        let fault = match toml::from_str::<toml::Table>(&source.text) {
            Ok(table) if file == WORKSPACE => version(&table).err(),
            Ok(table) => registered(&table).err(),
            Err(error) => {
                report.error(
                    "unreadable-file",
                    &source,
                    error.span().unwrap_or(0..0),
                    error.message().trim(),
                    "mend the syntax at this place",
                );
                None
            }
        };
        if let Some(fault) = fault {
            let (message, help) = fault.split_once("; ").unwrap_or((&fault, ""));
            report.error_in_file("unreadable-file", file, message, help);
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
    let path = root.join(WORKSPACE);
    let table: toml::Table = toml::from_str(&read(&path)?)
        .with_context(|| format!("cannot parse {}", path.display()))?;
    version(&table).map_err(|fault| anyhow!("{}: {fault}", path.display()))
}

/// Reads a text file; the error names the path.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_megabytes_is_a_finding_and_is_not_parsed() {
        let dir = tempfile::tempdir().unwrap();
        let facts =
            "org = \"o\"\nrepo = \"r\"\nregistry = \"ghcr.io\"\nref = \"v1.0.0\"\nrunner = \"u\"\n";
        std::fs::write(dir.path().join(platform::FILE), facts).unwrap();
        std::fs::write(dir.path().join(WORKSPACE), "[a]\n".repeat(1024 * 1024)).unwrap();
        std::fs::write(dir.path().join(REGISTRY), b"\xff").unwrap();
        let findings = defects(Some(dir.path())).unwrap().sorted();
        let files: Vec<_> = findings
            .iter()
            .map(|finding| finding.file.as_str())
            .collect();
        assert_eq!(files, [WORKSPACE, REGISTRY]);
        assert!(findings[0].message.contains("larger than 64 KiB"));
    }

    #[test]
    fn what_is_wrong_with_the_recorded_releases_is_found_at_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let facts =
            "org = \"o\"\nrepo = \"r\"\nregistry = \"ghcr.io\"\nref = \"v1.0.0\"\nrunner = \"u\"\n";
        std::fs::write(root.join(platform::FILE), facts).unwrap();
        let version = "[workspace.package]\nversion = \"1.0.0\"\n";
        std::fs::write(root.join(WORKSPACE), version).unwrap();
        let registry = "[template]\nsub_templates = []\n";
        std::fs::write(root.join(REGISTRY), registry).unwrap();
        assert!(!defects(Some(root)).unwrap().has_errors());
        assert_eq!(Releases::read(root).unwrap(), Releases::default());

        let entry = "[[release]]\nversion = \"1.0.0\"\ncommit = \"main\"\ndate = \"today\"\n";
        std::fs::write(root.join(releases::FILE), entry).unwrap();
        let found = defects(Some(root)).unwrap().sorted();
        let places: Vec<_> = found.iter().map(|f| (f.line, f.column)).collect();
        assert_eq!(places, [(3, 10), (4, 8)], "{found:?}");
        let error = Releases::read(root).unwrap_err().to_string();
        assert!(error.contains("releases.toml:3:10: `main`"), "{error}");
    }
}
