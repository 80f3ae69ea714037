//! A version, written wherever it is kept by hand: the workspace, `platform.toml`, and the lock files' entries of the
//! workspace's own packages. Everything else is derived from these.
//!
//! Lock files are edited, not resolved anew: no other version may move with a release, and cargo is not asked.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use semver::Version;
use toml::de::{DeTable, DeValue};

use crate::pack::{Platform, read};

const WORKSPACE: &str = "Cargo.toml";

/// Lock files that name packages of the workspace.
const LOCKS: &[&str] = &["Cargo.lock", "xtask/fuzz/Cargo.lock"];

/// Writes `version` into the pack at `root`.
pub(super) fn stamp(root: &Path, version: &Version) -> Result<()> {
    let workspace = read(&root.join(WORKSPACE))?;
    let path = ["workspace", "package", "version"];
    let stamped = with(&workspace, &path, &version.to_string())
        .with_context(|| format!("cannot write the version into {WORKSPACE}"))?;
    write(root, WORKSPACE, &stamped)?;

    let file = Platform::FILE;
    let platform = with(&read(&root.join(file))?, &["ref"], &format!("v{version}"))
        .with_context(|| format!("cannot write the ref into {file}"))?;
    write(root, file, &platform)?;

    let own = own_packages(root, &workspace)?;
    for lock in LOCKS {
        if root.join(lock).exists() {
            let text = locked(&read(&root.join(lock))?, &own, version);
            write(root, lock, &text)?;
        }
    }
    Ok(())
}

fn write(root: &Path, file: &str, text: &str) -> Result<()> {
    std::fs::write(root.join(file), text).with_context(|| format!("cannot write {file}"))
}

/// `text`, which is TOML, with another string at `path`; nothing else changes.
fn with(text: &str, path: &[&str], value: &str) -> Result<String> {
    let table = DeTable::parse(text)?;
    let (last, tables) = path.split_last().context("no path")?;
    let mut at = table.get_ref();
    for name in tables {
        at = match at.get(*name).map(toml::Spanned::get_ref) {
            Some(DeValue::Table(table)) => table,
            _ => return Err(anyhow!("there is no table `{name}`")),
        };
    }
    let old = at
        .get(*last)
        .filter(|old| matches!(old.get_ref(), DeValue::String(_)))
        .with_context(|| format!("there is no string `{last}`"))?;
    let mut text = text.to_owned();
    text.replace_range(old.span(), &format!("\"{value}\""));
    Ok(text)
}

/// The members of the workspace whose version is the workspace's.
fn own_packages(root: &Path, workspace: &str) -> Result<BTreeSet<String>> {
    let table: toml::Table = toml::from_str(workspace)?;
    let members = table
        .get("workspace")
        .and_then(|workspace| workspace.get("members")?.as_array());
    let mut own = BTreeSet::new();
    for member in members.into_iter().flatten().filter_map(|m| m.as_str()) {
        let path = root.join(member).join(WORKSPACE);
        let table: toml::Table = toml::from_str(&read(&path)?)
            .with_context(|| format!("cannot parse {}", path.display()))?;
        let Some(package) = table.get("package") else {
            continue;
        };
        let inherits = package.get("version").is_some_and(toml::Value::is_table);
        if let Some(name) = package.get("name").and_then(toml::Value::as_str)
            && inherits
        {
            own.insert(name.to_owned());
        }
    }
    Ok(own)
}

/// A lock file with another version of the packages in `own`. What has a source is of another place, whatever its name.
fn locked(text: &str, own: &BTreeSet<String>, version: &Version) -> String {
    let block = |block: &str| -> String {
        let named = |line: &str| {
            let name = line
                .strip_prefix("name = \"")
                .and_then(|l| l.strip_suffix('"'));
            name.is_some_and(|name| own.contains(name))
        };
        if !block.lines().any(named) || block.lines().any(|line| line.starts_with("source = ")) {
            return block.to_owned();
        }
        let line = |line: &str| match line.strip_prefix("version = ") {
            Some(old) => {
                let end = old.trim_start_matches(|c| c != '\r' && c != '\n');
                format!("version = \"{version}\"{end}")
            }
            None => line.to_owned(),
        };
        block.split_inclusive('\n').map(line).collect()
    };
    // What stands before the first package has a `version` as well: the form's.
    let mut blocks = text.split("[[package]]");
    let head = blocks.next().unwrap_or_default().to_owned();
    blocks.fold(head, |out, next| out + "[[package]]" + &*block(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_string_is_written_and_layout_and_comments_stay() {
        let text =
            "[workspace.package]\n# Why.\nversion   =  '0.1.0' # here\nrust-version = \"1.95\"\n";
        let path = ["workspace", "package", "version"];
        assert_eq!(
            with(text, &path, "0.2.0").unwrap(),
            text.replace("'0.1.0'", "\"0.2.0\"")
        );
        for (text, expected) in [
            ("[workspace]\n", "no table `package`"),
            ("[workspace.package]\n", "no string `version`"),
            ("workspace.package.version = 1\n", "no string `version`"),
        ] {
            let error = with(text, &path, "0.2.0").unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_lock_file_moves_for_the_workspace_s_own_packages_alone() {
        let text = "version = 4\n\n[[package]]\nname = \"deploy\"\nversion = \"0.1.0\"\nsource = \"registry\"\n\n[[package]]\nname = \"deploy\"\nversion = \"0.1.0\"\ndependencies = [\n \"x\",\n]\n\n[[package]]\nname = \"other\"\nversion = \"0.1.0\"\n";
        let own = BTreeSet::from(["deploy".to_owned(), "xtask".to_owned()]);
        let moved = locked(text, &own, &Version::new(0, 2, 0));
        let from = "version = \"0.1.0\"\ndependencies";
        assert_eq!(moved, text.replace(from, &from.replace("0.1.0", "0.2.0")));
        let windows = locked(&text.replace('\n', "\r\n"), &own, &Version::new(0, 2, 0));
        assert_eq!(windows, moved.replace('\n', "\r\n"));
    }
}
