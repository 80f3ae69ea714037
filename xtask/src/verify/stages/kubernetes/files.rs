//! Whether each file of the manifests is a part of any of them.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::FOLDER;
use crate::pack::read;
use crate::verify::bench::files;

/// The file that says which others count.
const INDEX: &str = "kustomization.yaml";

/// What is wrong with the files under `folder`: those that their folder's kustomization does not name are applied by nobody.
pub(super) fn unnamed(folder: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for file in files(folder)? {
        let (parent, name) = file.rsplit_once('/').unwrap_or(("", &file));
        // What is there to be read is at the top.
        if name == INDEX || parent.is_empty() {
            continue;
        }
        let index = folder.join(parent).join(INDEX);
        let index: Value = serde_yaml::from_str(&read(&index)?)
            .with_context(|| format!("{FOLDER}/{parent}/{INDEX} is no YAML"))?;
        if !named(&index).any(|named| named == name) {
            faults.push(format!(
                "{FOLDER}/{file}: {INDEX} beside it does not name it, so nothing of it is applied; add it under \
                 `resources` or `patches`, or delete it"
            ));
        }
    }
    Ok(faults)
}

/// The files that a kustomization names.
fn named(index: &Value) -> impl Iterator<Item = &str> {
    let list = |key: &str| index[key].as_array().into_iter().flatten();
    let patches = list("patches").map(|patch| &patch["path"]);
    list("resources").chain(patches).filter_map(Value::as_str)
}
