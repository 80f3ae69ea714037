//! `release`, on a pack made for it: one template, one workflow, a repository of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::{Run, Sandbox, contents};

const FILES: &[(&str, &str)] = &[
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
struct Made {
    sandbox: Sandbox,
}

impl Made {
    fn new() -> Self {
        Self::of(Sandbox::new())
    }

    fn of(sandbox: Sandbox) -> Self {
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

    fn root(&self) -> PathBuf {
        self.sandbox.path("pack")
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap()
    }

    fn git(&self, args: &[&str]) -> String {
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        let out = self.sandbox.git("pack", &[&identity, args].concat());
        out.trim_end().to_owned()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    fn xtask(&self, args: &[&str]) -> Run {
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

    fn release(&self, args: &[&str]) -> Run {
        self.xtask(&[&["release"], args].concat())
    }

    /// Everything that a refusal must leave as it was.
    fn state(&self) -> (String, String, String, Vec<(PathBuf, Vec<u8>)>) {
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
    fn refused(&self, args: &[&str], code: i32, expected: &str) {
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

    fn hook(&self, name: &str, script: &str) {
        let path = self.root().join(".git/hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn drop_hook(&self, name: &str) {
        fs::remove_file(self.root().join(".git/hooks").join(name)).unwrap();
    }

    /// What a finished release of 0.2.0 looks like.
    fn assert_released(&self) {
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

    fn assert_tagged(&self) {
        assert_eq!(self.git(&["cat-file", "-t", "v0.2.0"]), "tag");
        assert_eq!(
            self.git(&["rev-parse", "v0.2.0^{commit}"]),
            self.git(&["rev-parse", "HEAD~1"])
        );
    }
}

#[test]
fn a_release_is_stamped_everywhere_committed_tagged_and_recorded() {
    let made = Made::new();
    let before = made.state();
    let plan = made.release(&["0.2.0", "--dry-run"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    for expected in ["  Cargo.lock\n", "## [0.2.0] - 2026-06-01\n\n- A thing.\n"] {
        assert!(plan.stdout.contains(expected), "{plan:?}");
    }
    assert!(made.state() == before, "it changed something");

    let run = made.release(&["0.2.0"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(
        run.stdout
            .ends_with("\nnext:\n  git push --follow-tags origin main\n"),
        "{run:?}"
    );
    made.assert_released();
    made.assert_tagged();
    assert_eq!(
        made.git(&["diff", "--name-only", "HEAD~2", "HEAD~1"]),
        ".github/workflows/ci.yml\nCHANGELOG.md\nCargo.lock\nCargo.toml\nplatform.toml\ntemplate-demo/hooks/facts.rhai"
    );
    for (file, expected) in [
        ("Cargo.toml", "# Why.\nversion  = \"0.2.0\" # here\n"),
        ("Cargo.lock", "name = \"tool\"\nversion = \"0.2.0\"\n"),
        ("platform.toml", "# Services name it.\nref = \"v0.2.0\"\n"),
        (
            "template-demo/hooks/facts.rhai",
            "\"pack_version\", \"0.2.0\"",
        ),
        (".github/workflows/ci.yml", "actions/x@v0.2.0 #"),
        (
            "CHANGELOG.md",
            "## [Unreleased]\n\n## [0.2.0] - 2026-06-01\n\n- A thing.\n\n## [0.1.0]",
        ),
    ] {
        assert!(made.read(file).contains(expected), "{file}");
    }
    for args in [
        &["sync", "--check"][..],
        &["validate"],
        &["lint", "--external", "off"],
    ] {
        let run = made.xtask(args);
        assert_eq!(run.code, 0, "{run:?}");
    }
    let dir = made.sandbox.path(".");
    let args = [
        "create",
        "service",
        "orders",
        "--template",
        "demo",
        "--defaults",
        "--no-git",
        "--dir",
    ];
    let run = made.xtask(&[&args[..], &[dir.to_str().unwrap()]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let read = |file: &str| fs::read_to_string(dir.join("orders").join(file)).unwrap();
    assert!(
        read(".github/workflows/ci.yml").contains("acme/path/.github/workflows/ci.yml@v0.2.0\n")
    );
    assert!(read(".idp/answers.toml").contains("\nversion = \"0.2.0\"\n"));
    fs::remove_dir_all(dir.join("orders")).unwrap();

    made.refused(&["0.2.0"], 2, "0.2.0 is released: commit");
    made.refused(&["0.3.0"], 2, "CHANGELOG.md:3: nothing stands under");
}

#[test]
fn what_cannot_be_released_is_refused_and_nothing_is_written() {
    let made = Made::new();
    for (version, expected) in [
        ("0.1.0", "0.1.0 is released"),
        ("0.0.9", "0.0.9 comes before 0.1.0"),
    ] {
        made.refused(&[version], 2, expected);
    }
    for version in ["v0.2.0", "0.2", "0.2.0-rc.1", "0.2.0+build", "main"] {
        let run = made.release(&[version]);
        assert!(
            run.code == 2 && run.stderr.contains("as in 1.2.3"),
            "{run:?}"
        );
    }

    made.write("notes.md", "");
    made.refused(
        &["0.2.0"],
        2,
        "not committed, in `notes.md`; commit or stash",
    );
    made.git(&["config", "status.showUntrackedFiles", "no"]);
    made.refused(
        &["0.2.0"],
        2,
        "not committed, in `notes.md`; commit or stash",
    );
    fs::remove_file(made.root().join("notes.md")).unwrap();

    made.git(&["tag", "v0.2.0", "HEAD~1"]);
    made.refused(&["0.2.0"], 2, "there is a tag `v0.2.0` at another commit");
    made.refused(&["0.2.0", "--no-tag"], 2, "there is a tag `v0.2.0`");
    made.git(&["tag", "--delete", "v0.2.0"]);

    made.git(&["checkout", "--quiet", "--detach"]);
    made.refused(&["0.2.0"], 2, "HEAD is on no branch");
    made.git(&["checkout", "--quiet", "main"]);

    let changelog = made.read("CHANGELOG.md");
    made.write("CHANGELOG.md", &changelog.replace("- A thing.\n", ""));
    made.commit("Say nothing");
    made.refused(&["0.2.0"], 2, "CHANGELOG.md:3: nothing stands under");
    made.git(&["rm", "--quiet", "CHANGELOG.md"]);
    made.commit("Say less");
    made.refused(&["0.2.0"], 2, "there is no CHANGELOG.md; write one");
    made.write("CHANGELOG.md", &changelog);
    let releases = made.read("releases.toml");
    made.write("releases.toml", &releases.replace("version", "name"));
    made.commit("Break the record");
    made.refused(&["0.2.0"], 2, "releases.toml:2:1: unknown field `name`");
    made.write("releases.toml", &releases);

    let workflow = made.read(".github/workflows/ci.yml");
    made.write(
        ".github/workflows/ci.yml",
        &workflow.replace("permissions: {}\n", ""),
    );
    made.commit("Allow anything");
    made.refused(&["0.2.0"], 1, "error[P1-permissions]");
    made.write(
        ".github/workflows/ci.yml",
        &workflow.replace("@v0.1.0", "@v0.0.1"),
    );
    made.commit("Call another version");
    made.refused(&["0.2.0"], 1, "error[out-of-sync]");

    made.write(".github/workflows/ci.yml", &workflow);
    let manifest = made.read("Cargo.toml");
    made.write("Cargo.toml", &manifest.replace("0.1.0", "0.3.0"));
    made.commit("Write a version by hand");
    made.refused(&["0.2.0"], 2, "before the workspace's version 0.3.0");
}

#[test]
fn without_a_repository_or_a_name_in_git_nothing_is_written() {
    let made = Made::of(Sandbox::without_identity());
    made.refused(
        &["0.2.0"],
        2,
        "git does not know who you are; set user.name",
    );

    let made = Made::new();
    fs::remove_dir_all(made.root().join(".git")).unwrap();
    let run = made.release(&["0.2.0"]);
    assert!(
        run.code == 2 && run.stderr.contains("is not the root of a git repository"),
        "{run:?}"
    );
}

#[test]
fn a_tag_that_git_refuses_is_said_and_the_release_stands() {
    let made = Made::new();
    made.git(&["config", "tag.gpgSign", "true"]);
    made.git(&["config", "gpg.program", "no-such-program"]);
    let run = made.release(&["0.2.0"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stderr
            .starts_with("note: the tag `v0.2.0` was not made: "),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("  git tag --annotate --message 'Release 0.2.0' v0.2.0 "),
        "{run:?}"
    );
    made.assert_released();
    assert_eq!(made.git(&["tag"]), "");

    let made = Made::new();
    let run = made.release(&["0.2.0", "--no-tag", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&line["released"], &line["tag"]),
        (&"0.2.0".into(), &serde_json::Value::Null)
    );
    assert_eq!(line["record"], made.head().as_str());
    made.assert_released();
    assert_eq!(made.git(&["tag"]), "");
}

#[test]
fn one_that_git_stops_before_its_first_commit_leaves_the_tree_as_it_was() {
    let made = Made::new();
    made.hook("commit-msg", "echo not today >&2; exit 1");
    made.refused(
        &["0.2.0"],
        2,
        "your tree is as it was: `git commit --quiet --message Release 0.2.0`: not today",
    );
    made.drop_hook("commit-msg");
    // The commit is there, and the branch may not move.
    made.hook(
        "reference-transaction",
        "[ \"$1\" != prepared ] || ! grep -q refs/heads/main",
    );
    made.refused(
        &["0.2.0"],
        2,
        "cannot commit `Release 0.2.0` on `main`; your tree is as it was",
    );
    made.drop_hook("reference-transaction");
    assert_eq!(made.release(&["0.2.0"]).code, 0);
    made.assert_released();
    made.assert_tagged();
}

#[test]
fn one_that_stops_between_its_commits_is_finished_by_the_same_command() {
    let made = Made::new();
    // Neither the tag nor the second commit.
    made.hook("commit-msg", "! grep -q Record \"$1\"");
    made.hook("reference-transaction", "! grep -q refs/tags/");
    let run = made.release(&["0.2.0"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("`Release 0.2.0` stands on `main` and is not recorded; run `cargo xtask release 0.2.0` again"),
        "{run:?}"
    );
    assert_eq!(made.git(&["log", "-1", "--format=%s"]), "Release 0.2.0");
    assert_eq!(made.git(&["status", "--porcelain"]), "");
    made.drop_hook("commit-msg");
    made.drop_hook("reference-transaction");
    let before = made.state();
    let plan = made.release(&["0.2.0", "--dry-run"]);
    assert!(plan.stdout.starts_with("would record 0.2.0 "), "{plan:?}");
    assert!(made.state() == before, "it changed something");
    let run = made.release(&["0.2.0"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    made.assert_released();
    made.assert_tagged();
    made.refused(&["0.2.0"], 2, "0.2.0 is released: commit");
}

#[test]
fn ctrl_c_leaves_the_tree_as_it_was_and_the_next_run_clears_up() {
    let made = Made::new();
    let mark = made.sandbox.path("pack/target/committing");
    // Stands in the first commit until it is stopped.
    made.hook(
        "commit-msg",
        &format!("touch '{}'; sleep 10", mark.display()),
    );
    let before = made.state();
    let root = made.root();
    let stopped = std::thread::scope(|scope| {
        let run = scope.spawn(|| made.release(&["0.2.0"]));
        let start = Instant::now();
        while !mark.exists() {
            assert!(!run.is_finished() && start.elapsed() < Duration::from_mins(2));
            std::thread::sleep(Duration::from_millis(10));
        }
        interrupt(&root);
        run.join().unwrap()
    });
    assert_eq!(stopped.code, 130, "{stopped:?}");
    made.drop_hook("commit-msg");
    assert_eq!(made.sandbox.entries(), ["pack"], "temporary folders");
    let after = made.state();
    // The work tree is listed until the next run.
    let same = (&after.0, &after.1, &after.3) == (&before.0, &before.1, &before.3);
    assert!(same, "it changed something");
    assert_eq!(made.release(&["0.2.0"]).code, 0);
    made.assert_released();
}

/// Sends SIGINT to the xtask that works on `root`.
fn interrupt(root: &Path) {
    let wanted = root.to_str().unwrap();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        let mut words = line.split('\0');
        let program = words.next().unwrap_or_default().to_owned();
        if program == env!("CARGO_BIN_EXE_xtask") && words.any(|word| word == wanted) {
            let pid = entry.file_name();
            let status = std::process::Command::new("kill")
                .arg("-INT")
                .arg(pid)
                .status();
            assert!(status.unwrap().success());
        }
    }
}
