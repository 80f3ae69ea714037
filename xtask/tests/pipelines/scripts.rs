//! The smaller scripts: what an image says of itself, what the driver is built from, where it may deploy, what is released.

use std::fs;
use std::process::Command;

use crate::{pack, run};

fn copied(files: &[&str]) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in files {
        let target = copy.path().join(file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(pack().join(file), target).unwrap();
    }
    copy
}

#[test]
fn an_image_tells_its_version_its_commits_time_and_its_own() {
    let script = pack().join(".github/actions/build-image/facts.sh");
    let service = tempfile::tempdir().unwrap();
    let manifest = service.path().join("Cargo.toml");
    let text = "[package]\nname = \"orders\"\nversion = \"1.2.3\" # x\n[dependencies.axum]\nversion = \"0.8\"\n";
    fs::write(&manifest, text).unwrap();
    let refused = run(&script, service.path(), &[], &[]);
    assert!(
        !refused.passed && refused.said.contains("::error::no commit to build"),
        "{refused:?}"
    );

    for args in [
        &["init", "--quiet"][..],
        &[
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@localhost",
            "commit",
            "--quiet",
            "--allow-empty",
            "--message=x",
        ],
    ] {
        let mut git = Command::new("git");
        git.args(args).current_dir(service.path());
        git.env("GIT_COMMITTER_DATE", "2024-05-06T09:08:07+02:00");
        assert!(git.status().unwrap().success());
    }
    let told = run(&script, service.path(), &[], &[("TZ", "Asia/Tokyo")]);
    assert!(told.passed, "{told:?}");
    let form = r"^built-at=2024-05-06T07:08:07Z\ncreated=20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\nversion=1\.2\.3\n$";
    assert!(
        regex::Regex::new(form).unwrap().is_match(&told.output),
        "{told:?}"
    );

    fs::write(&manifest, "[package]\nname = \"orders\"\n").unwrap();
    let refused = run(&script, service.path(), &[], &[]);
    assert!(
        !refused.passed && refused.said.contains("::error file=Cargo.toml::no version"),
        "{refused:?}"
    );
}

#[test]
fn the_driver_is_built_anew_when_its_sources_change_and_only_then() {
    let script = ".github/actions/idp-deploy/sources.sh";
    let copy = copied(&[
        script,
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "deploy/Cargo.toml",
        "deploy/src/main.rs",
        "README.md",
    ]);
    let hash = || {
        let told = run(&copy.path().join(script), copy.path(), &[], &[]);
        assert!(
            told.passed && told.output.len() == "hash=\n".len() + 40,
            "{told:?}"
        );
        told.output
    };
    let before = hash();
    fs::write(copy.path().join("README.md"), "other").unwrap();
    assert_eq!(hash(), before);
    for file in ["Cargo.lock", "rust-toolchain.toml", "deploy/src/main.rs"] {
        let before = hash();
        fs::write(copy.path().join(file), "other").unwrap();
        assert_ne!(hash(), before, "{file}");
    }
}

#[test]
fn compose_on_a_runner_that_ends_with_the_job_is_refused() {
    let script = pack().join(".github/actions/idp-deploy/reach.sh");
    let hosted = ("RUNNER_ENVIRONMENT", "github-hosted");
    let compose = ("IDP_BACKEND", "compose");
    let refused = run(
        &script,
        &pack(),
        &[],
        &[hosted, compose, ("DOCKER_HOST", "")],
    );
    assert!(
        !refused.passed && refused.said.contains("DOCKER_HOST is not set"),
        "{refused:?}"
    );
    for variables in [
        &[
            hosted,
            compose,
            ("DOCKER_HOST", "ssh://deploy@engine.example.com"),
        ][..],
        &[("RUNNER_ENVIRONMENT", "self-hosted"), compose],
        &[hosted, ("IDP_BACKEND", "kubernetes")],
        // The image is built and pushed there: nothing is deployed.
        &[hosted],
    ] {
        let run = run(&script, &pack(), &[], variables);
        assert!(run.passed, "{variables:?}: {run:?}");
    }
}

#[test]
fn a_tag_that_the_pack_does_not_carry_is_not_released() {
    let script = ".github/release.sh";
    let copy = copied(&[script]);
    let root = copy.path();
    fs::write(
        root.join("Cargo.toml"),
        "[workspace.package]\nversion = \"1.2.3\"\n",
    )
    .unwrap();
    fs::write(root.join("platform.toml"), "ref = \"v1.2.2\"\n").unwrap();
    fs::write(root.join("releases.toml"), "").unwrap();
    let tagged = |tag| run(&root.join(script), root, &[tag], &[]);
    let said = tagged("v1.2.3").said;
    assert!(
        said.starts_with("::error file=platform.toml::no line says `ref = \"v1.2.3\"`"),
        "{said}"
    );
    let said = tagged("v1.2.2").said;
    assert!(
        said.starts_with("::error file=Cargo.toml::no line says `version = \"1.2.2\"`"),
        "{said}"
    );
    for tag in ["main", "1.2.3", "v1.2", "v1.2.3-rc1"] {
        let run = tagged(tag);
        assert!(
            !run.passed && run.said.contains("is no tag of a release"),
            "{run:?}"
        );
    }
    fs::write(root.join("platform.toml"), "ref = \"v1.2.3\"\n").unwrap();
    assert!(tagged("v1.2.3").passed);
}

#[test]
fn a_release_is_tagged_where_it_is_recorded() {
    let script = ".github/release.sh";
    let copy = copied(&[script]);
    let root = copy.path();
    let write = |file: &str, text: &str| fs::write(root.join(file), text).unwrap();
    write("Cargo.toml", "version = \"1.2.3\"\n");
    write("platform.toml", "ref = \"v1.2.3\"\n");
    let output = root.join("output");
    let run = |kind: &str| {
        fs::write(&output, "").unwrap();
        let variables = [
            ("GITHUB_REF_TYPE", kind),
            ("GITHUB_SHA", "here"),
            ("GITHUB_OUTPUT", output.to_str().unwrap()),
        ];
        let run = run(&root.join(script), root, &["v1.2.3"], &variables);
        (run, fs::read_to_string(&output).unwrap())
    };
    let entry = |version: &str, commit: &str| {
        format!(
            "[[release]]\nversion = \"{version}\"\ncommit = \"{commit}\"\ndate = \"2026-11-27\"\n"
        )
    };
    // While it is not recorded, also beside versions that look alike.
    let others = entry("1.2.30", "a") + &entry("1x2.3", "b") + &entry("11.2.3", "c");
    write("releases.toml", &others);
    for kind in ["tag", "branch"] {
        let (run, output) = run(kind);
        assert!(run.passed, "{run:?}");
        assert_eq!(output, "commit=here\n");
    }
    write(
        "releases.toml",
        &(others + &entry("1.2.3", "there") + &entry("1.2.4", "later")),
    );
    let (by_hand, output) = run("branch");
    assert!(by_hand.passed, "{by_hand:?}");
    assert_eq!(output, "commit=there\n");
    let (pushed, _) = run("tag");
    assert!(
        !pushed.passed && pushed.said.contains("`v1.2.3` belongs to there"),
        "{pushed:?}"
    );
}
