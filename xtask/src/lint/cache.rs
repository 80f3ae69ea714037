//! Rendered files, kept by the content of what they were rendered from.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::renders::{Render, matters};
use crate::pack::{Case, Pack, Template};

/// What renders: another cargo-generate may render something else.
const RENDERER: &str = include_str!("../../../Cargo.lock");
/// The form of what is kept.
const FORM: u32 = 2;

/// Where the renders of one template are kept.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    template: String,
    file: String,
}

impl Cache {
    /// The place for what `template` renders as it is now.
    pub(super) fn open(pack: &Pack, template: &Template, cases: &[Case]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        FORM.hash(&mut hasher);
        RENDERER.hash(&mut hasher);
        for case in cases {
            case.to_string().hash(&mut hasher);
        }
        for file in &template.files {
            file.hash(&mut hasher);
            let path = template.dir.join(file);
            if matters(file) && path.is_file() {
                let bytes =
                    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                bytes.hash(&mut hasher);
            }
        }
        Ok(Self {
            folder: pack.root.join("target/lint"),
            template: template.name.clone(),
            file: format!("{}-{:016x}.json", template.name, hasher.finish()),
        })
    }

    /// What is kept, if it can be read.
    pub(super) fn read(&self) -> Option<Vec<Render>> {
        let bytes = fs::read(self.folder.join(&self.file)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps `renders` in the place of what was kept of this template before. A cache that can't be written costs time
    /// and nothing else.
    pub(super) fn write(&self, renders: &[Render]) {
        let attempt = || -> std::io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let file = tempfile::NamedTempFile::new_in(&self.folder)?;
            serde_json::to_writer(&file, renders)?;
            for entry in fs::read_dir(&self.folder)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                let rest = name
                    .strip_prefix(&self.template)
                    .and_then(|rest| rest.strip_prefix('-'));
                if rest.is_some_and(|rest| rest.len() == "0123456789abcdef.json".len()) {
                    fs::remove_file(self.folder.join(name))?;
                }
            }
            file.persist(self.folder.join(&self.file))?;
            Ok(())
        };
        let _ = attempt();
    }
}
