//! `release`: what it writes, and what it refuses.

mod made;
mod stopped;

use std::fs;

use crate::support::Sandbox;

use made::*;

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
