//! The script that turns an upgrade into a pull request: on a repository of its own, with stand-ins for `xtask` and `gh` that
//! note what they were asked.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Run, pack, run};

/// Both write their page; `upgrade` does what the file `plan` says and ends with the code in `code`.
const XTASK: &str = r#"#!/bin/sh
echo "xtask $*" >>"$ROOT/asked"
what=$1 service=$2
while [ "$1" != --markdown ]; do shift; done
echo "the page of $what" >"$2"
[ "$what" = upgrade ] || exit "$(cat "$ROOT/drift")"
cd "$service" && . "$ROOT/plan"
exit "$(cat "$ROOT/code")"
"#;
/// `pr list` prints what stands in `open`; `--body-file` is kept.
const GH: &str = r#"#!/bin/sh
echo "gh $*" >>"$ROOT/asked"
[ "$2" != list ] || cat "$ROOT/open"
while [ $# -gt 1 ]; do [ "$1" != --body-file ] || cp "$2" "$ROOT/body"; shift; done
"#;
/// What an upgrade does to the service.
const PLAN: &str = "printf '[template]\\nname = \"t\"\\nversion = \"0.2.0\"\\n[values]\\nversion = \"9\"\\n' >.idp/answers.toml\n";

/// A bare repository, a service cloned from it, and a pack.
struct World {
    dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        for folder in ["bin", "pack/target/debug", "service/.idp"] {
            fs::create_dir_all(world.path(folder)).unwrap();
        }
        for (path, text) in [("pack/target/debug/xtask", XTASK), ("bin/gh", GH)] {
            world.write(path, text);
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(world.path(path), mode).unwrap();
        }
        for (path, text) in [("plan", PLAN), ("code", "0"), ("drift", "1"), ("open", "")] {
            world.write(path, text);
        }
        let record = "[template]\nname = \"t\"\nversion = \"0.1.0\"\n[values]\n";
        world.write("service/.idp/answers.toml", record);
        world.git(".", &["init", "-q", "--bare", "-b", "main", "origin"]);
        world.git("service", &["init", "-q", "-b", "main"]);
        world.git("service", &["remote", "add", "origin", "../origin"]);
        world.commit("service", "first");
        world.git("service", &["push", "-q", "origin", "main"]);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn git(&self, folder: &str, args: &[&str]) -> String {
        let done = Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
            .args(args)
            .current_dir(self.path(folder))
            .output()
            .unwrap();
        assert!(done.status.success(), "git {args:?}: {done:?}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, folder: &str, message: &str) {
        self.git(folder, &["add", "--all"]);
        self.git(folder, &["commit", "-q", "-m", message]);
    }

    /// As a run does: a fresh checkout with all branches, and nothing of the run before.
    fn upgrade(&self, changes: &[(&str, &str)]) -> Run {
        let _ = fs::remove_dir_all(self.path("service"));
        let _ = fs::remove_file(self.path("asked"));
        self.git(".", &["clone", "-q", "origin", "service"]);
        let path = format!(
            "{}:{}",
            self.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let root = self.path(".").display().to_string();
        let mut variables = vec![
            ("SERVICE", "service"),
            ("PACK", "pack"),
            ("TO", ""),
            ("BRANCH", "idp/upgrade"),
            ("BASE", "main"),
            ("GH_TOKEN", "t0ken"),
            ("GITHUB_REPOSITORY", "acme/orders"),
            ("PATH", &path),
            ("ROOT", &root),
            ("HOME", &root),
        ];
        // The service is committed as the machine, whatever git knows of the runner.
        variables.push(("GIT_CONFIG_NOSYSTEM", "1"));
        for (name, value) in changes {
            variables.retain(|(known, _)| known != name);
            variables.push((name, value));
        }
        let script = pack().join(".github/actions/service-upgrade/upgrade.sh");
        run(&script, &self.path("."), &[], &variables)
    }

    fn branch(&self) -> String {
        self.git("origin", &["rev-parse", "idp/upgrade"])
    }

    /// The last of the commands that changed a pull request.
    fn asked(&self) -> String {
        let asked = self.read("asked");
        let last = asked.lines().filter(|line| line.starts_with("gh pr"));
        last.filter(|line| !line.contains("pr list"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

#[test]
fn an_upgrade_is_one_commit_and_one_pull_request() {
    let world = World::new();
    let run = world.upgrade(&[("TO", "0.2.0")]);
    assert!(run.passed, "{run:?}");
    let asked = world.read("asked");
    assert!(
        asked.starts_with("xtask drift service --to=0.2.0 --markdown "),
        "{asked}"
    );
    assert!(
        asked.contains("xtask upgrade service --to=0.2.0 --branch idp/upgrade --markdown "),
        "{asked}"
    );
    let asked = world.asked();
    assert!(
        asked.starts_with("gh pr create --repo acme/orders --head idp/upgrade --base main --title Upgrade the template to 0.2.0 ")
            && !asked.contains("--draft"),
        "{asked}"
    );
    let body = world.read("body");
    assert!(
        body == "the page of upgrade\n\nWhat was found before the upgrade:\n\nthe page of drift\n",
        "{body}"
    );
    let log = world.git("origin", &["log", "--format=%s %ae", "main..idp/upgrade"]);
    assert_eq!(
        log,
        "Upgrade the template to 0.2.0 41898282+github-actions[bot]@users.noreply.github.com"
    );
    let left = world.git("service", &["config", "--list", "--show-origin"]) + &run.said;
    assert!(!left.contains("t0ken"), "{left}");

    // Again, with the pull request open: nothing is pushed, and it is brought up to date.
    let before = world.branch();
    world.write("open", "7 false\n");
    let run = world.upgrade(&[]);
    assert!(
        run.passed && run.said.contains("idp/upgrade is up to date"),
        "{run:?}"
    );
    assert_eq!(world.branch(), before);
    assert!(
        world
            .asked()
            .starts_with("gh pr edit --repo acme/orders 7 --title "),
        "{}",
        world.asked()
    );

    // The default branch has moved: the commit is made anew on top of it.
    world.write("service/more", "x");
    world.git("service", &["switch", "-q", "main"]);
    world.commit("service", "more");
    world.git("service", &["push", "-q", "origin", "main"]);
    assert!(world.upgrade(&[]).passed);
    assert_ne!(world.branch(), before);
    let count = world.git("origin", &["rev-list", "--count", "main..idp/upgrade"]);
    assert_eq!(count, "1");
}

#[test]
fn with_conflicts_it_is_a_draft_that_says_so() {
    let world = World::new();
    world.write("code", "1");
    let run = world.upgrade(&[]);
    assert!(run.passed, "{run:?}");
    assert!(world.asked().ends_with(" --draft"), "{}", world.asked());
    assert!(
        world
            .read("body")
            .starts_with("**Something has to be decided**")
    );
    world.write("open", "7 false\n");
    assert!(world.upgrade(&[]).passed);
    let asked = world.asked();
    assert!(
        asked.ends_with("gh pr ready --repo acme/orders 7 --undo"),
        "{asked}"
    );
}

#[test]
fn where_nothing_is_newer_nothing_is_pushed() {
    let world = World::new();
    world.write("plan", "");
    world.write("drift", "0");
    let run = world.upgrade(&[]);
    assert!(
        run.passed
            && run
                .said
                .contains("nothing to upgrade: the service is at 0.1.0"),
        "{run:?}"
    );
    assert_eq!(world.asked(), "");
    assert_eq!(
        world.git("origin", &["branch", "--list", "idp/upgrade"]),
        ""
    );
}

#[test]
fn what_somebody_else_committed_is_left_alone() {
    let world = World::new();
    assert!(world.upgrade(&[]).passed);
    world.write("service/decided", "x");
    world.commit("service", "decide");
    world.git("service", &["push", "-q", "origin", "idp/upgrade"]);
    let theirs = world.branch();
    world.write("plan", &format!("{PLAN}echo new >file\n"));
    let run = world.upgrade(&[]);
    assert!(
        run.passed
            && run
                .said
                .contains("commits of others are on idp/upgrade (1)"),
        "{run:?}"
    );
    assert_eq!((world.branch(), world.asked()), (theirs, String::new()));
}

#[test]
fn what_is_missing_is_one_line_and_nothing_is_pushed() {
    let world = World::new();
    let bare = |names: &[&str]| {
        let folder = world.path("few");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        for name in names {
            let path = std::env::var("PATH").unwrap();
            let mut found = path.split(':').map(|dir| Path::new(dir).join(name));
            let found = found.find(|path| path.exists()).unwrap();
            std::os::unix::fs::symlink(found, folder.join(name)).unwrap();
        }
        folder.display().to_string()
    };
    let few = bare(&["bash", "env", "git"]);
    for (changes, said) in [
        (
            ("GH_TOKEN", ""),
            "set the secret UPGRADE_TOKEN to one that may write contents, pull requests and workflows",
        ),
        (("BASE", ""), "set BASE"),
        (
            ("GITHUB_REF_NAME", "a b"),
            r"this runs on a\ b, and the pull request goes to main",
        ),
        (("GITHUB_REPOSITORY", ""), "set GITHUB_REPOSITORY"),
        (("PATH", few.as_str()), "gh is not on PATH"),
        (
            ("PACK", "elsewhere"),
            "elsewhere/target/debug/xtask is not there",
        ),
    ] {
        let run = world.upgrade(&[changes]);
        assert!(!run.passed, "{changes:?}: {run:?}");
        assert_eq!(run.said.lines().count(), 1, "{run:?}");
        assert!(
            run.said.starts_with("::error title=upgrade::") && run.said.contains(said),
            "{run:?}"
        );
    }
    for (file, said) in [
        ("drift", "could not look at the service"),
        ("code", "could not upgrade the service"),
    ] {
        let kept = world.read(file);
        world.write(file, "2");
        let run = world.upgrade(&[]);
        world.write(file, &kept);
        assert!(!run.passed && run.said.contains(said), "{run:?}");
    }
    assert_eq!(
        world.git("origin", &["branch", "--list", "idp/upgrade"]),
        ""
    );
}
