//! Rendered files, kept by the content of what they were rendered from.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::renders::{Render, matters};
use crate::pack::{Case, Pack, Template};

/// What renders: another cargo-generate, or a change of how it is asked, may render something else.
const RENDERER: &[&str] = &[
    include_str!("../../../Cargo.lock"),
    include_str!("renders.rs"),
    include_str!("../render/child.rs"),
    include_str!("../render/mod.rs"),
    include_str!("../render/staging.rs"),
];

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
        let key = key(RENDERER, template, cases)?;
        Ok(Self {
            folder: pack.root.join("target/lint"),
            template: template.name.clone(),
            file: format!("{}-{key:016x}.json", template.name),
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

/// A number for all that has a part in what is rendered. The organisation's facts are in a hook, where `sync` stamps them.
fn key(renderer: &[&str], template: &Template, cases: &[Case]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    renderer.hash(&mut hasher);
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
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::pack::{Matrix, cases};

    /// The key of a template with these files, read as `lint` reads it.
    fn of(renderer: &[&str], files: &[(&str, &str)]) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("template-demo");
        for (path, text) in files {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let template = Template::read(folder.path(), "template-demo").unwrap();
        let all = cases(&template.manifest, Matrix::All);
        key(renderer, &template, &all).unwrap()
    }

    #[test]
    fn whatever_has_a_part_in_a_render_changes_the_key_and_nothing_else_does() {
        let files = [
            (
                "cargo-generate.toml",
                "[placeholders.a]\nchoices = ['b', 'c']\ndefault = 'b'\n",
            ),
            ("hooks/facts.rhai", "variable::set(\"org\", \"acme\");\n"),
            (".genignore", "x\n"),
            (".github/workflows/ci.yml", "on: push\n"),
            (".github/CODEOWNERS", "* @a\n"),
            ("Dockerfile.liquid", "FROM a\n"),
            ("docker-compose.yml", "services: {}\n"),
            (".env.example", "A=1\n"),
            ("options/a-b/.github/x.yml", "a: b\n"),
        ];
        let same = of(&["1"], &files);
        assert_eq!(same, of(&["1"], &files));
        assert_ne!(same, of(&["2"], &files), "another renderer");
        for at in 0..files.len() {
            let mut changed = files;
            changed[at].1 = if at == 0 {
                "[placeholders.a]\nchoices = ['b', 'd']\ndefault = 'b'\n"
            } else {
                "y\n"
            };
            assert_ne!(same, of(&["1"], &changed), "{}", files[at].0);
            if at > 0 {
                let without = [&files[..at], &files[at + 1..]].concat();
                assert_ne!(same, of(&["1"], &without), "without {}", files[at].0);
            }
        }
        // Of a file that nobody judges the path counts alone.
        let more = |text| of(&["1"], &[&files[..], &[("src/main.rs", text)]].concat());
        assert_ne!(same, more("a"));
        assert_eq!(more("a"), more("b"));
    }

    #[test]
    fn the_renderer_is_told_by_the_lock_file_that_names_its_version() {
        let lock = RENDERER.first().unwrap();
        assert!(lock.contains("name = \"cargo-generate\""));
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../Cargo.lock")
                .is_file()
        );
    }
}
