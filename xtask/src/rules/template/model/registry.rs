//! The root `cargo-generate.toml`: which templates it lists, and which folders look like templates.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml::de::{DeTable, DeValue};

use crate::pack::Manifest;
use crate::pack::manifest::Spanned;
use crate::report::Source;

/// The name of a manifest.
pub const MANIFEST: &str = "cargo-generate.toml";
/// What the folder of a template is called.
const PREFIX: &str = "template-";
/// The largest manifest that is read.
const SIZE: u64 = 64 * 1024;

/// The registry of templates.
#[derive(Debug)]
pub struct Registry {
    /// The root manifest.
    pub manifest: Manifest,
    /// What `template.sub_templates` lists.
    pub listed: Vec<Spanned<String>>,
    /// Folders of the pack that have a manifest.
    pub folders: Vec<String>,
    /// Folders that are called like a template, have files and no manifest, and are not listed.
    pub bare: Vec<String>,
    /// Manifests that are there and cannot be taken for text, with the reason.
    pub unreadable: Vec<(String, String)>,
}

impl Registry {
    /// Reads the registry of the pack in `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(MANIFEST);
        let mut unreadable = Vec::new();
        let text = match unreadable_manifest(&path)? {
            None => crate::pack::read(&path)?,
            Some(reason) => {
                unreadable.push((MANIFEST.to_owned(), reason));
                String::new()
            }
        };
        let listed = listed(&text);
        let mut folders = Vec::new();
        let mut bare = Vec::new();
        for entry in
            fs::read_dir(root).with_context(|| format!("cannot list {}", root.display()))?
        {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !entry.path().is_dir() || name == ".git" {
                continue;
            }
            if entry.path().join(MANIFEST).is_file() {
                folders.push(name);
            } else if name.starts_with(PREFIX)
                && !listed.iter().any(|listed| listed.value == name)
                && !crate::pack::tracked(root, &name)?.is_empty()
            {
                bare.push(name);
            }
        }
        folders.sort();
        bare.sort();
        for name in &folders {
            if let Some(reason) = unreadable_manifest(&root.join(name).join(MANIFEST))? {
                unreadable.push((format!("{name}/{MANIFEST}"), reason));
            }
        }
        Ok(Self {
            manifest: Manifest::parse(Source::new(MANIFEST, text)),
            listed,
            folders,
            bare,
            unreadable,
        })
    }

    /// Whether the pack has a folder `name` with a manifest.
    pub fn has_folder(&self, name: &str) -> bool {
        self.folders.iter().any(|folder| folder == name)
    }

    /// The listed templates that have a manifest of text, each once.
    pub fn readable(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(String::as_str).filter(|name| {
            let manifest = format!("{name}/{MANIFEST}");
            self.listed.iter().any(|listed| listed.value == *name)
                && !self.unreadable.iter().any(|(file, _)| *file == manifest)
        })
    }
}

/// Why the manifest is not text, if it is there and is not.
fn unreadable_manifest(path: &Path) -> Result<Option<String>> {
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(None);
    };
    if metadata.len() > SIZE {
        return Ok(Some(format!(
            "the manifest is larger than {} KiB",
            SIZE / 1024
        )));
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(std::str::from_utf8(&bytes).err().map(|error| {
        format!(
            "the manifest is not UTF-8 from byte {} on",
            error.valid_up_to() + 1
        )
    }))
}

/// What `template.sub_templates` lists; nothing where it is not a list of texts.
fn listed(text: &str) -> Vec<Spanned<String>> {
    let (root, _) = DeTable::parse_recoverable(text);
    let Some(DeValue::Table(template)) = root.get_ref().get("template").map(toml::Spanned::get_ref)
    else {
        return Vec::new();
    };
    let Some(DeValue::Array(names)) = template.get("sub_templates").map(toml::Spanned::get_ref)
    else {
        return Vec::new();
    };
    names
        .iter()
        .filter_map(|name| {
            Some(Spanned {
                value: name.get_ref().as_str()?.to_owned(),
                span: name.span(),
            })
        })
        .collect()
}
