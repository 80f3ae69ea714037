//! Which files a new template has for itself, and what they are for.

use anyhow::{Context, Result};

use crate::lock;
use crate::pack::Template;
use crate::rules::template::model::{Pattern, upgrades};
use crate::selftest::Copy;
use crate::sync::FACTS;

/// What an author looks for, in the order in which it is looked for: a file, or a folder where it ends with `/`.
const ABOUT: &[(&str, &str)] = &[
    (
        "src/app.rs",
        "the state, the routes, the platform around them",
    ),
    (
        "src/items/",
        "the example: a resource, its rules, its answers",
    ),
    ("src/error.rs", "what errors look like"),
    ("src/extract.rs", "what handlers take"),
    ("src/lib.rs", "the modules"),
    (
        "src/config/settings.rs",
        "settings of its own, with config/default.yaml",
    ),
    ("config/", "their values"),
    ("tests/api/", "what the service answers, from outside"),
    (
        "Cargo.toml.liquid",
        "what services depend on; then `cargo xtask sync`",
    ),
    ("README.md", "what a service's README says"),
    (
        "cargo-generate.toml",
        "questions, hooks, and folders that are no Liquid",
    ),
    (".idp/ownership.toml", "whose each file of a service is"),
    ("clippy.toml", "what clippy is told"),
];

/// What a manifest says of its upgrade scripts. A new template has no services yet, and so none of these.
const SCRIPTS: &str =
    "# What `cargo xtask upgrade` runs; services have no use for it.\nignore = [\"upgrades\"]\n";

/// The files of a template that are not copies.
pub(super) struct Own {
    files: Vec<String>,
    /// Whether any others are.
    pub(super) shares: bool,
}

impl Own {
    /// Those of `base` that `common`, the list of what templates share, does not cover.
    pub(super) fn of(base: &Template, common: Option<&Pattern>) -> Self {
        let covered = |file: &String| common.is_some_and(|common| common.covers(file));
        let files: Vec<String> = base
            .files
            .iter()
            .filter(|file| *file != FACTS && !covered(file))
            .filter(|file| !file.starts_with(upgrades::FOLDER))
            .cloned()
            .collect();
        let shares = base.files.iter().any(covered);
        Self { files, shares }
    }

    /// Writes them into the pack's copy, under the template's own name where they tell the base's.
    pub(super) fn write(&self, base: &Template, name: &str, copy: &mut Copy) -> Result<()> {
        for file in &self.files {
            let from = format!("{}/{file}", base.name);
            let entry = copy
                .get(&from)?
                .map_text(|text| renamed(&text.replace(SCRIPTS, ""), &base.name, name));
            copy.set(&format!("{name}/{file}"), &entry)
                .with_context(|| format!("cannot copy {from}"))?;
        }
        Ok(())
    }

    /// How many of `files`, which are relative to the pack, are its own or derived.
    pub(super) fn count(&self, name: &str, files: &[String]) -> usize {
        let own = |file: &&String| {
            let file = file
                .strip_prefix(name)
                .and_then(|file| file.strip_prefix('/'));
            file.is_some_and(|file| {
                file == FACTS
                    || file == super::readme::FILE
                    || self.files.iter().any(|own| own == file)
            })
        };
        files.iter().filter(own).count()
    }

    /// What there is to edit, in the order of the table, with what it is for. A template that shares nothing has more files than anybody
    /// would read a list of.
    pub(super) fn edited(&self) -> Vec<(String, &'static str)> {
        let about = |file: &str| {
            ABOUT
                .iter()
                .position(|(path, _)| match path.strip_suffix('/') {
                    Some(_) => file.starts_with(path),
                    None => file == *path,
                })
        };
        let mut all: Vec<(usize, String)> = Vec::new();
        for file in self.files.iter().filter(|file| *file != lock::FILE) {
            match about(file) {
                Some(place) => all.push((place, file.clone())),
                None if self.shares => all.push((ABOUT.len(), file.clone())),
                None => {}
            }
        }
        all.sort();
        all.into_iter()
            .map(|(place, file)| (file, ABOUT.get(place).map_or("", |(_, what)| *what)))
            .collect()
    }
}

/// `text` with the template's name instead of the base's, wherever that is not a part of a longer name.
fn renamed(text: &str, base: &str, name: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(base) {
        out += before;
        let alone = !out.ends_with(part) && !after.starts_with(part);
        out += if alone { name } else { base };
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_stands_alone() {
        let text = "`template-axum`, template-axum-two, my-template-axum, template-axum/README.md";
        assert_eq!(
            renamed(text, "template-axum", "template-worker"),
            "`template-worker`, template-axum-two, my-template-axum, template-worker/README.md"
        );
    }
}
