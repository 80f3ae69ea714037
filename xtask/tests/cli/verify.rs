//! `verify`, `sync` and `list`: what is refused, skipped and found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{self, Run, Sandbox, pack, real_home};
use serde_json::Value;

/// A copy of the pack, to break.
fn copy(sandbox: &Sandbox) -> PathBuf {
    let copy = sandbox.path("pack");
    support::copy_tracked(&pack(), &copy);
    copy
}

fn run_in(sandbox: &Sandbox, root: &Path, args: &[&str]) -> Run {
    let root = root.to_str().unwrap();
    sandbox.run_with(&[&["--root", root], args].concat(), |command| {
        real_home(command);
    })
}

fn json_lines(run: &Run) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}: {run:?}"));
    run.stdout.lines().map(parse).collect()
}

#[test]
fn the_plan_comes_from_the_manifest() {
    let sandbox = Sandbox::new();
    let run = run_in(&sandbox, &pack(), &["verify", "--list", "--matrix", "each"]);
    assert_eq!(run.code, 0, "{run:?}");
    for expected in [
        "self: xtask and the release driver",
        "metrics=none",
        "metrics=prometheus",
        "contract",
        "sync",
    ] {
        assert!(run.stdout.contains(expected), "{expected}: {run:?}");
    }
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let sandbox = Sandbox::new();
    for (args, expected) in [
        (["--stage", "bild"], "the stages are self, validate"),
        (["--case", "metrics=some"], "has no case `metrics=some`"),
        (["--case", "metrics"], "option=value"),
        (["--template", "axun"], "the templates are `axum`"),
        (["--require", "dokcer"], "the tools are docker"),
        (["--matrix", "every"], "possible values"),
        (
            ["--check", "live-answer"],
            "the contract has no check `live-answer`",
        ),
    ] {
        let run = run_in(&sandbox, &pack(), &[&["verify"], &args[..]].concat());
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {run:?}");
    }
    let nowhere = sandbox.path("nowhere");
    let run = run_in(&sandbox, &nowhere, &["list"]);
    assert!(
        run.code == 2 && run.stderr.contains("--root DIR"),
        "{run:?}"
    );
    let run = run_in(&sandbox, &sandbox.path("."), &["list"]);
    assert!(
        run.code == 2 && run.stderr.contains("is not a pack"),
        "{run:?}"
    );
}

/// A folder with the programs of `PATH` that `names` lists, and no others.
fn only(sandbox: &Sandbox, names: &[&str]) -> PathBuf {
    let folder = sandbox.path("bin");
    fs::create_dir(&folder).unwrap();
    for name in names {
        let path = std::env::var_os("PATH").unwrap();
        let found = std::env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|p| p.exists());
        std::os::unix::fs::symlink(found.unwrap(), folder.join(name)).unwrap();
    }
    folder
}

#[test]
fn a_missing_tool_is_a_skip_by_name_and_a_failure_on_request() {
    let sandbox = Sandbox::new();
    let bin = only(&sandbox, &["git", "cargo"]);
    // Never the pack itself: a `verify` of it may be running this very test, and two of them wait for each other.
    let root = copy(&sandbox);
    let verify = |extra: &[&str]| {
        let args = [
            "--format",
            "json",
            "verify",
            "--keep-going",
            "--stage",
            "render",
        ];
        let root = ["--root", root.to_str().unwrap()];
        sandbox.run_with(&[&root[..], &args, extra].concat(), |command| {
            real_home(command);
            command.env("PATH", &bin);
        })
    };
    let gate = |lines: &[Value]| {
        let mut lines = lines.iter();
        lines.find(|line| line["gate"] == "cli").unwrap().clone()
    };
    let first = json_lines(&verify(&[]));
    let skipped = gate(&first);
    assert_eq!(skipped["status"], "skipped");
    assert_eq!(skipped["detail"], "`cargo-generate` is not on PATH");
    let papers = first.iter().find(|line| line["gate"] == "papers").unwrap();
    assert_eq!(papers["contract"], "S24");
    let account = &first.last().unwrap()["summary"]["contract"][0];
    assert_eq!(account["kept"], serde_json::json!(["S24"]), "{account}");
    assert_eq!(account["unseen"][0], "S1", "{account}");
    let run = verify(&["--require", "cargo-generate"]);
    assert_eq!(run.code, 1, "{run:?}");
    let failed = gate(&json_lines(&run));
    assert_eq!(failed["status"], "failed");
    assert!(
        failed["rerun"].as_str().unwrap().contains("--stage render"),
        "{failed}"
    );
}

#[test]
fn a_dependency_without_its_lock_entry_is_found_and_mended() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let manifest = root.join("template-axum/Cargo.toml.liquid");
    let text = fs::read_to_string(&manifest).unwrap();
    let text = text.replace("[dependencies]\n", "[dependencies]\nitoa = \"1\"\n");
    fs::write(&manifest, text).unwrap();

    let run = run_in(&sandbox, &root, &["sync", "--check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("template-axum/Cargo.lock.liquid"),
        "{run:?}"
    );
    assert!(run.stdout.contains("= help: cargo xtask sync"), "{run:?}");

    let run = run_in(&sandbox, &root, &["verify", "--stage", "validate"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout
            .contains("rerun: cargo xtask verify --stage validate"),
        "{run:?}"
    );

    assert_eq!(run_in(&sandbox, &root, &["sync"]).code, 0);
    let run = run_in(&sandbox, &root, &["sync", "--check"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout, "");
}

#[test]
fn list_is_for_people_and_programs() {
    let sandbox = Sandbox::new();
    let run = run_in(&sandbox, &pack(), &["list"]);
    assert!(
        run.code == 0 && run.stdout.contains("-d metrics=prometheus"),
        "{run:?}"
    );
    let run = run_in(&sandbox, &pack(), &["list", "--format", "json"]);
    let first = &json_lines(&run)[0];
    assert_eq!(first["template"], "template-axum");
    assert!(first["options"].as_array().unwrap().len() >= 4, "{first}");
}

#[test]
fn sync_mends_what_a_merge_left_behind() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let files = [
        "template-axum/Cargo.lock.liquid",
        "template-axum/hooks/facts.rhai",
    ];
    let whole: Vec<String> = files
        .iter()
        .map(|file| fs::read_to_string(root.join(file)).unwrap())
        .collect();
    for (file, text) in files.iter().zip(&whole) {
        // Between two lines that stay: an entry torn in two would be resolved anew, and the world has moved on.
        let half = text.len() / 2;
        let at = text[half..]
            .find("\n[[package]]")
            .map_or(half, |at| half + at + 1);
        let (start, end) = text.split_at(at);
        let torn = format!("{start}<<<<<<< ours\n{{% if {end}>>>>>>> theirs\n");
        fs::write(root.join(file), torn).unwrap();
    }
    assert_eq!(run_in(&sandbox, &root, &["sync", "--check"]).code, 1);
    let run = run_in(&sandbox, &root, &["sync"]);
    assert_eq!(run.code, 0, "{run:?}");
    for (file, text) in files.iter().zip(&whole) {
        assert!(
            fs::read_to_string(root.join(file)).unwrap() == *text,
            "{file}"
        );
    }
}

#[test]
fn what_is_resolved_anew_is_not_what_happens_to_be_downloaded() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let home = sandbox.path("cargo-home");
    fs::create_dir_all(&home).unwrap();
    // Where this machine gets its crates from stays.
    let usual = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let usual = usual.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let config = usual.unwrap().join("config.toml");
    if config.exists() {
        fs::copy(config, home.join("config.toml")).unwrap();
    }
    // A machine that has built something with an older version.
    let old = sandbox.path("old");
    fs::create_dir_all(old.join("src")).unwrap();
    let manifest =
        "[package]\nname = \"old\"\nedition = \"2024\"\n[dependencies]\npkg-config = \"=0.3.31\"\n";
    fs::write(old.join("Cargo.toml"), manifest).unwrap();
    fs::write(old.join("src/lib.rs"), "").unwrap();
    let fetch = Command::new("cargo")
        .args(["fetch", "--quiet"])
        .current_dir(&old)
        .env("CARGO_HOME", &home)
        .status()
        .unwrap();
    assert!(fetch.success());
    let lock = root.join("template-axum/Cargo.lock.liquid");
    let text = fs::read_to_string(&lock).unwrap();
    let entry = text.find("[[package]]\nname = \"pkg-config\"").unwrap();
    let (before, after) = text.split_at(entry);
    let end = after.find("{% endif %}").unwrap();
    fs::write(&lock, format!("{before}{}", &after[end..])).unwrap();
    let run = sandbox.run_with(&["sync", "--root", root.to_str().unwrap()], |command| {
        real_home(command);
        command.env("CARGO_HOME", &home);
    });
    assert_eq!(run.code, 0, "{run:?}");
    let text = fs::read_to_string(&lock).unwrap();
    let entry = |version| text.contains(&format!("name = \"pkg-config\"\nversion = \"{version}"));
    assert!(entry("") && !entry("0.3.31"));
}

#[test]
fn a_template_that_does_not_render_is_a_failed_gate() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let hook = root.join("template-axum/hooks/wiring.rhai");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace("file::delete", "file::remove")).unwrap();
    let args = [
        "--format", "json", "verify", "--stage", "validate", "--stage", "render",
    ];
    let run = run_in(&sandbox, &root, &[&args[..], &["--keep-going"]].concat());
    assert_eq!(run.code, 1, "{run:?}");
    let lines = json_lines(&run);
    let gate = |name: &str| lines.iter().find(|line| line["gate"] == name).unwrap();
    assert!(
        gate("rules")["detail"]
            .as_str()
            .unwrap()
            .contains("`file::remove`"),
        "{run:?}"
    );
    assert_eq!(gate("render")["status"], "failed");
    assert!(
        gate("render")["detail"]
            .as_str()
            .unwrap()
            .contains("hooks/wiring.rhai"),
        "{run:?}"
    );
    assert!(
        lines.last().unwrap()["summary"]["failed"].as_u64() > Some(1),
        "{run:?}"
    );
}

#[test]
fn facts_that_can_not_be_read_are_findings() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    for (text, expected) in [
        (
            &b"org = \"a b\"\nrepo = \"r\"\nregistry = \"g\"\nref = \"v1.0.0\"\nrunner = \"u\"\n"[..],
            "platform.toml:1:7",
        ),
        (b"org = \n", "platform.toml:1:"),
        (b"\xff\xfe", "is not UTF-8"),
    ] {
        fs::write(root.join("platform.toml"), text).unwrap();
        let run = run_in(&sandbox, &root, &["validate"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains(expected), "{expected}: {run:?}");
        let run = run_in(&sandbox, &root, &["list"]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains("platform.toml"),
            "{run:?}"
        );
    }
}

#[test]
fn no_argument_makes_it_panic() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(&[], |command| {
        command.arg(std::ffi::OsStr::from_bytes(b"\xff"));
    });
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!run.stderr.contains("panicked"), "{run:?}");
}

#[test]
fn in_ci_a_finding_reaches_its_line() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let file = root.join("template-axum/.dockerignore");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text + "{{ typo }}\n").unwrap();
    let args = ["--format", "github", "verify", "--stage", "validate"];
    let run = run_in(&sandbox, &root, &args);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout
            .contains("::error file=template-axum/.dockerignore,line="),
        "{run:?}"
    );
}

#[test]
fn a_page_that_lost_its_generated_region_is_named() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    fs::write(root.join("README.md"), "# Mine\n").unwrap();
    let run = run_in(&sandbox, &root, &["sync", "--check"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("README.md has lost its region `clone`"),
        "{run:?}"
    );
}
