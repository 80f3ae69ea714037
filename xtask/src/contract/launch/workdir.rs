//! A working directory of a service's own: a copy of its `config/`, with the changes a check asks for.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_yaml::{Mapping, Value};
use tempfile::TempDir;

use super::{Edit, Setup};

/// Copies `config/` of the rendered service in `folder` and applies the changes of `setup`.
pub fn prepare(folder: &Path, setup: &Setup) -> Result<TempDir> {
    let work = tempfile::Builder::new()
        .prefix("contract-")
        .tempdir()
        .context("cannot make a working directory for the service")?;
    let (from, to) = (folder.join("config"), work.path().join("config"));
    fs::create_dir(&to)?;
    let entries = fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))
            .with_context(|| format!("cannot copy {}", entry.path().display()))?;
    }
    for (path, edit) in &setup.files {
        apply(&work.path().join(path), edit).with_context(|| format!("cannot change `{path}`"))?;
    }
    Ok(work)
}

fn apply(path: &Path, edit: &Edit) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match edit {
        Edit::Text(text) => fs::write(path, text)?,
        Edit::NoFile => fs::remove_file(path)?,
        Edit::Folder => {
            if path.is_file() {
                fs::remove_file(path)?;
            }
            fs::create_dir(path)?;
        }
        Edit::Key(key, value) => {
            let value = serde_yaml::from_str(value)?;
            change(path, key, Some(value))?;
        }
        Edit::NoKey(key) => change(path, key, None)?,
    }
    Ok(())
}

fn change(path: &Path, key: &str, value: Option<Value>) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let mut root: Value = serde_yaml::from_str(&text)?;
    set(&mut root, key, value)?;
    fs::write(path, serde_yaml::to_string(&root)?)?;
    Ok(())
}

fn set(node: &mut Value, key: &str, value: Option<Value>) -> Result<()> {
    if node.is_null() {
        *node = Value::Mapping(Mapping::new());
    }
    let Value::Mapping(map) = node else {
        bail!("`{key}` is not under a table");
    };
    match (key.split_once('.'), value) {
        (Some((head, rest)), value) => {
            let inner = map.entry(head.into()).or_insert(Value::Null);
            set(inner, rest, value)?;
        }
        (None, Some(value)) => {
            map.insert(key.into(), value);
        }
        (None, None) => {
            if map.remove(key).is_none() {
                bail!("there is no `{key}` to take out");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_changed_and_the_original_is_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("config")).unwrap();
        let original = "server:\n  # why\n  port: 1\n  host: a\n";
        fs::write(folder.path().join("config/default.yaml"), original).unwrap();
        let setup = Setup::default()
            .edit(
                "config/default.yaml",
                Edit::Key("server.port".into(), "[7]".into()),
            )
            .edit(
                "config/default.yaml",
                Edit::Key("cors.origins".into(), "x".into()),
            )
            .edit("config/default.yaml", Edit::NoKey("server.host".into()))
            .edit("config/prod.yaml", Edit::Folder)
            .file("secrets/token", "s3cret\n");
        let work = prepare(folder.path(), &setup).unwrap();
        let changed: Value = serde_yaml::from_str(
            &fs::read_to_string(work.path().join("config/default.yaml")).unwrap(),
        )
        .unwrap();
        let expected: Value =
            serde_yaml::from_str("{server: {port: [7]}, cors: {origins: x}}").unwrap();
        assert_eq!(changed, expected);
        assert!(work.path().join("config/prod.yaml").is_dir());
        assert!(work.path().join("secrets/token").is_file());
        let kept = fs::read_to_string(folder.path().join("config/default.yaml")).unwrap();
        assert_eq!(kept, original);
    }

    #[test]
    fn a_key_that_is_not_there_cannot_be_taken_out() {
        let mut root = serde_yaml::from_str("{a: {b: 1}}").unwrap();
        assert!(set(&mut root, "a.c", None).is_err());
        assert!(set(&mut root, "a.b.c", None).is_err());
    }
}
