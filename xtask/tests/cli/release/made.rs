//! A pack made to be released: one template, one workflow, a repository of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::{Run, Sandbox, contents};

pub(super) const FILES: &[(&str, &str)] = &[
    (".gitignore", "/target\n"),
    (
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- All.\n",
    ),
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"tool\"]\nexclude = [\"template-demo\"]\n\n[workspace.package]\n# Why.\nversion  = \"0.1.0\" # here\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"tool\"\nversion = \"0.1.0\"\n",
    ),
    (
        "tool/Cargo.toml",
        "[package]\nname = \"tool\"\nversion.workspace = true\n",
    ),
    ("tool/src/lib.rs", ""),
    (
        "platform.toml",
        "org = \"acme\"\nrepo = \"path\"\nregistry = \"ghcr.io\"\n# Services name it.\nref = \"v0.1.0\"\nrunner = \"ubuntu-24.04\"\n",
    ),
    (
        "cargo-generate.toml",
        "[template]\ncargo_generate_version = \">=0.23.14\"\nsub_templates = [\"template-demo\"]\n",
    ),
    (
        "template-demo/cargo-generate.toml",
        "[template]\ncargo_generate_version = \">=0.23.14\"\nfmt = false\nexclude = [\"src\"]\n\n[hooks]\npre = [\"hooks/facts.rhai\"]\npost = [\"hooks/answers.rhai\"]\n",
    ),
    (
        "template-demo/hooks/answers.rhai",
        "file::write(\".idp/answers.toml\", `[template]\nversion = \"${variable::get(\"pack_version\")}\"\n[values]\nproject-name = \"${variable::get(\"project-name\")}\"\n`);\n",
    ),
    (
        "template-demo/.idp/ownership.toml",
        "[platform]\nfiles = [\".github/**\", \".idp/**\"]\n\n[shared]\nfiles = [\"Cargo.*\"]\n\n[yours]\nfiles = [\"src/**\"]\n",
    ),
    (
        "template-demo/Cargo.toml.liquid",
        "[package]\nname = \"{{project-name}}\"\nversion = \"0.0.1\"\nedition = \"2024\"\n",
    ),
    ("template-demo/src/main.rs", "fn main() {}\n"),
    (
        "template-demo/.github/workflows/ci.yml",
        "on: push\npermissions: {}\njobs:\n  ci:\n    uses: {{org}}/{{repo}}/.github/workflows/ci.yml@{{ref}}\n",
    ),
    (
        ".github/actions/x/action.yml",
        "name: x\ndescription: Says so.\nruns:\n  using: composite\n  steps:\n    - run: \"true\"\n      shell: bash\n",
    ),
    (
        ".github/workflows/ci.yml",
        "on:\n  workflow_call:\npermissions: {}\njobs:\n  x:\n    runs-on: ubuntu-24.04 # platform.toml: runner\n    timeout-minutes: 5\n    steps:\n      - uses: acme/path/.github/actions/x@v0.1.0 # platform.toml: org/repo@ref\n",
    ),
];

/// A pack in a repository, at 0.1.0, which is recorded.
pub(super) struct Made {
    pub(super) sandbox: Sandbox,
}

impl Made {
    pub(super) fn new() -> Self {
        Self::of(Sandbox::new())
    }

    pub(super) fn of(sandbox: Sandbox) -> Self {
        let made = Self { sandbox };
        for (file, text) in FILES {
            made.write(file, text);
        }
        made.git(&["-c", "init.defaultBranch=main", "init", "--quiet"]);
        made.git(&[
            "remote",
            "add",
            "origin",
            "https://git.example.com/acme/path",
        ]);
        let sync = made.xtask(&["sync"]);
        assert_eq!(sync.code, 0, "{sync:?}");
        made.commit("Release 0.1.0");
        let commit = made.head();
        let entry = format!(
            "[[release]]\nversion = \"0.1.0\"\ncommit = \"{commit}\"\ndate = \"2026-01-01\"\n"
        );
        made.write("releases.toml", &entry);
        made.commit("Record 0.1.0 in releases.toml");
        made
    }

    pub(super) fn root(&self) -> PathBuf {
        self.sandbox.path("pack")
    }

    pub(super) fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap()
    }

    pub(super) fn git(&self, args: &[&str]) -> String {
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        let out = self.sandbox.git("pack", &[&identity, args].concat());
        out.trim_end().to_owned()
    }

    pub(super) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    pub(super) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    pub(super) fn xtask(&self, args: &[&str]) -> Run {
        let root = self.root();
        let root = ["--root", root.to_str().unwrap()];
        self.sandbox.run_with(&[&root, args].concat(), |command| {
            // rustup finds its toolchain by the home that is the user's.
            for name in ["CARGO_HOME", "RUSTUP_HOME"] {
                if let Some(value) = std::env::var_os(name) {
                    command.env(name, value);
                } else if let Some(home) = std::env::var_os("HOME") {
                    let folder = format!(".{}", name.trim_end_matches("_HOME").to_lowercase());
                    command.env(name, Path::new(&home).join(folder));
                }
            }
            command.env("GIT_COMMITTER_DATE", "1780272000 +0000");
            command.env("TMPDIR", self.sandbox.path("."));
        })
    }

    pub(super) fn release(&self, args: &[&str]) -> Run {
        self.xtask(&[&["release"], args].concat())
    }

    /// Everything that a refusal must leave as it was.
    pub(super) fn state(&self) -> (String, String, String, Vec<(PathBuf, Vec<u8>)>) {
        let files = contents(&self.root());
        let outside = |(path, _): &(PathBuf, Vec<u8>)| {
            !path.starts_with("target") && !path.starts_with(".git")
        };
        (
            self.git(&["for-each-ref", "--format=%(refname) %(objectname)"]),
            self.git(&["status", "--porcelain"]),
            self.git(&["worktree", "list", "--porcelain"]),
            files.into_iter().filter(outside).collect(),
        )
    }

    /// Runs `release ARGS`, which has to be refused with `expected` and change nothing.
    pub(super) fn refused(&self, args: &[&str], code: i32, expected: &str) {
        let before = self.state();
        let run = self.release(args);
        assert_eq!(run.code, code, "{run:?}");
        let said = [run.stdout.as_str(), &run.stderr].concat();
        assert!(said.contains(expected), "{expected}: {run:?}");
        assert!(code == 1 || run.stderr.lines().count() == 1, "{run:?}");
        let status = self.git(&["status", "--short", "--branch"]);
        assert!(self.state() == before, "it changed something: {status}");
        assert_eq!(self.sandbox.entries(), ["pack"], "temporary folders");
    }

    pub(super) fn hook(&self, name: &str, script: &str) {
        let path = self.root().join(".git/hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn drop_hook(&self, name: &str) {
        fs::remove_file(self.root().join(".git/hooks").join(name)).unwrap();
    }

    /// What a finished release of 0.2.0 looks like.
    pub(super) fn assert_released(&self) {
        let (commit, record) = (
            self.git(&["rev-parse", "HEAD~1"]),
            self.git(&["log", "-2", "--format=%s"]),
        );
        assert_eq!(record, "Record 0.2.0 in releases.toml\nRelease 0.2.0");
        assert_eq!(self.git(&["status", "--porcelain"]), "");
        assert_eq!(self.git(&["branch", "--show-current"]), "main");
        let entry = format!(
            "\n\n[[release]]\nversion = \"0.2.0\"\ncommit = \"{commit}\"\ndate = \"2026-06-01\"\n"
        );
        assert!(self.read("releases.toml").ends_with(&entry));
        let changed = self.git(&["diff", "--name-only", "HEAD~1"]);
        assert_eq!(changed, "releases.toml");
        assert_eq!(self.git(&["worktree", "list"]).lines().count(), 1);
        assert_eq!(self.sandbox.entries(), ["pack"], "temporary folders");
    }

    pub(super) fn assert_tagged(&self) {
        assert_eq!(self.git(&["cat-file", "-t", "v0.2.0"]), "tag");
        assert_eq!(
            self.git(&["rev-parse", "v0.2.0^{commit}"]),
            self.git(&["rev-parse", "HEAD~1"])
        );
    }
}
