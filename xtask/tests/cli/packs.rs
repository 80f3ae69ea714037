//! A small pack with a history: `template-axum` of this pack, released as often as a test asks for.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in what helps it"
)]

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Run, Sandbox, copy_tracked, pack};

/// The pack of a sandbox, in its folder `pack`.
pub struct Releases<'a> {
    pub sandbox: &'a Sandbox,
    pub root: PathBuf,
}

/// What the pack is made of; a second template would only take time.
const TEMPLATE: &str = "template-axum";

impl<'a> Releases<'a> {
    /// A pack that has released `version`, from the tree as it is here.
    pub fn new(sandbox: &'a Sandbox, version: &str) -> Self {
        let root = sandbox.path("pack");
        copy_tracked(&pack().join(TEMPLATE), &root.join(TEMPLATE));
        for file in ["Cargo.toml", "platform.toml"] {
            fs::copy(pack().join(file), root.join(file)).unwrap();
        }
        let registry = format!("[template]\nsub_templates = [\"{TEMPLATE}\"]\n");
        fs::write(root.join("cargo-generate.toml"), registry).unwrap();
        sandbox.git("pack", &["init", "--quiet", "--initial-branch=main"]);
        let releases = Self { sandbox, root };
        releases.release(version, |_| {});
        releases
    }

    /// Releases `version` with what `change` makes of the template's folder.
    pub fn release(&self, version: &str, change: impl FnOnce(&Path)) {
        change(&self.root.join(TEMPLATE));
        self.stamp("Cargo.toml", "version = \"", version);
        self.stamp("platform.toml", "ref = \"", &format!("v{version}"));
        let facts = format!("{TEMPLATE}/hooks/facts.rhai");
        self.stamp(&facts, "variable::set(\"ref\", \"", &format!("v{version}"));
        self.stamp(&facts, "variable::set(\"pack_version\", \"", version);
        self.commit(&format!("Release {version}"));
        let commit = self.sandbox.git("pack", &["rev-parse", "HEAD"]);
        let path = self.root.join("releases.toml");
        let known = fs::read_to_string(&path).unwrap_or_default();
        let entry = format!(
            "{known}\n[[release]]\nversion = \"{version}\"\ncommit = \"{}\"\ndate = \"2026-01-01\"\n",
            commit.trim()
        );
        fs::write(path, entry).unwrap();
        self.commit(&format!("Record {version}"));
    }

    /// Commits whatever changed.
    pub fn commit(&self, message: &str) {
        self.sandbox.git("pack", &["add", "--all"]);
        self.sandbox
            .git("pack", &["commit", "--quiet", "--message", message]);
    }

    /// The value behind `key`, at the line that begins with it.
    fn stamp(&self, file: &str, key: &str, value: &str) {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap();
        let end = line.get(key.len()..).unwrap().split_once('"').unwrap().1;
        fs::write(
            &path,
            text.replacen(line, &format!("{key}{value}\"{end}"), 1),
        )
        .unwrap();
    }

    /// `xtask ARGS --root PACK`.
    pub fn xtask(&self, args: &[&str]) -> Run {
        self.sandbox.run_with(args, |command| {
            command.arg("--root").arg(&self.root);
        })
    }

    /// A service of the pack as it is checked out, committed.
    pub fn service(&self, name: &str, answers: &[&str]) {
        let defines: Vec<&str> = answers.iter().flat_map(|answer| ["-d", answer]).collect();
        let run = self.xtask(&[&["create", "service", name, "--defaults"], &defines[..]].concat());
        assert_eq!(run.code, 0, "{run:?}");
    }
}

/// Puts `with` in the place of `what`, which has to be there.
pub fn edit(path: &Path, what: &str, with: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(what), "{} has no {what:?}", path.display());
    fs::write(path, text.replacen(what, with, 1)).unwrap();
}
