//! `template new`: what is made, what is refused, and that nothing is half-written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{self, Run, Sandbox, pack};

fn copy(sandbox: &Sandbox) -> PathBuf {
    let copy = sandbox.path("pack");
    support::copy_tracked(&pack(), &copy);
    copy
}

fn run_in(sandbox: &Sandbox, root: &Path, args: &[&str]) -> Run {
    let root = root.to_str().unwrap();
    sandbox.run_with(&[&["--root", root], args].concat(), support::real_home)
}

fn swap(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "{}: {old}", path.display());
    fs::write(path, text.replace(old, new)).unwrap();
}

#[test]
fn a_template_is_made_registered_in_sync_and_renders_with_every_value() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let args = [
        "template",
        "new",
        "worker",
        "--no-verify",
        "--description",
        "a consumer of a queue",
    ];
    let run = run_in(&sandbox, &root, &args);
    assert_eq!(run.code, 0, "{run:?}");
    for expected in [
        "wrote template-worker/\n",
        "wrote Cargo.toml\n",
        "wrote cargo-generate.toml\n",
        "wrote xtask/shared.toml\n",
        "  src/app.rs ",
        "copies of those in template-axum",
    ] {
        assert!(run.stdout.contains(expected), "{expected}: {run:?}");
    }
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    assert!(read("docs/architecture.md").contains("template-worker/"));
    assert!(read("docs/architecture.md").contains(" a consumer of a queue\n"));
    assert!(read("template-worker/TEMPLATE.md").contains("A consumer of a queue."));
    assert!(read("template-worker/hooks/facts.rhai").contains("\"template-worker\""));
    assert!(read("Cargo.toml").contains("\"template-worker\", \"target\""));
    let entries = fs::read_dir(&root).unwrap();
    let hidden = |name: &str| name.starts_with(".template-new");
    assert!(
        !entries
            .map(|entry| entry.unwrap().file_name())
            .any(|name| hidden(name.to_str().unwrap()))
    );

    // It has no services yet that its scripts could upgrade.
    assert!(!root.join("template-worker/upgrades").exists());
    for check in [&["sync", "--check"][..], &["validate"]] {
        let run = run_in(&sandbox, &root, check);
        assert_eq!(run.code, 0, "{run:?}");
    }
    // Every value of every option.
    for (name, defines) in [
        ("defaults", ""),
        ("cluster", "-dmetrics=none -ddeploy=kubernetes"),
        ("data", "-dmetrics=otlp -ddatabase=postgres"),
    ] {
        let create = |template: &str, parent: &str| {
            let parent = sandbox.path(parent);
            let args = ["create", "service", name, "--defaults", "--no-git"];
            let to = ["--template", template, "--dir", parent.to_str().unwrap()];
            let defines: Vec<&str> = defines.split_whitespace().collect();
            let run = run_in(&sandbox, &root, &[&args[..], &to, &defines].concat());
            assert_eq!(run.code, 0, "{name}: {run:?}");
            support::contents(&parent.join(name))
        };
        let (mut ours, theirs) = (create("worker", "ours"), create("axum", "theirs"));
        assert_eq!(ours.len(), theirs.len(), "{name}");
        // But for the template's name it is what the first template gives.
        ours.retain(|file, bytes| theirs.get(file) != Some(bytes));
        let files: Vec<&PathBuf> = ours.keys().collect();
        let expected = [".idp/answers.toml", "src/version.rs"];
        assert_eq!(files, expected.map(Path::new), "{name}");
        for (file, bytes) in &ours {
            let text = String::from_utf8_lossy(bytes);
            assert!(text.contains("\"template-worker\""), "{file:?}: {text}");
        }
    }

    // What is shared is held to the first template's, and what is not is the template's own.
    fs::write(root.join("template-worker/src/platform/client.rs"), "").unwrap();
    let run = run_in(&sandbox, &root, &["validate"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("which it is copied from"), "{run:?}");

    let run = run_in(&sandbox, &root, &["template", "new", "template-worker"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("registers `template-worker` already"),
        "{run:?}"
    );
}

#[test]
fn a_wrong_name_is_one_error_exit_2_and_nothing_written() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    fs::create_dir(root.join("template-mine")).unwrap();
    fs::write(root.join("template-file"), "").unwrap();
    let shared = root.join("xtask/shared.toml");
    swap(
        &shared,
        "[lists]",
        "[[shared]]\nfrom = \"template-axum\"\nto = \"template-half\"\n\n[lists]",
    );
    let before = support::contents(&root);
    let long = "a".repeat(41);
    for (args, expected) in [
        (&["Worker"][..], "holds `W`"),
        (&[""], "is empty"),
        (&["template-"], "is empty"),
        (&["two--dashes"], "two in a row"),
        (&["2fast"], "starts with a digit"),
        (&["../evil"], "holds `.`"),
        (&["größe"], "holds `ö`"),
        (&[&long], "longer than 40"),
        (&["axum"], "registers `template-axum` already"),
        (&["template-axum"], "registers `template-axum` already"),
        (&["mine"], "`template-mine` is in the way"),
        (&["file"], "`template-file` is in the way"),
        (&["half"], "shares files with `template-half` already"),
        (&["worker", "--description", "a\nb"], "not one line of text"),
        (&["worker", "--description", " "], "not one line of text"),
        (&["worker", "--format", "sarif"], "`--format json`"),
    ] {
        let run = run_in(&sandbox, &root, &[&["template", "new"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {run:?}");
        assert_eq!(
            run.stderr.trim_end().lines().count(),
            1,
            "{args:?}: {run:?}"
        );
        assert_eq!(run.stdout, "", "{args:?}");
    }
    assert!(before == support::contents(&root), "something was written");
}

#[test]
fn nothing_is_written_when_what_is_derived_can_t_be() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let manifest = root.join("template-axum/Cargo.toml.liquid");
    swap(&manifest, "[dependencies]\n", "[dependencies]\n{% if %}\n");
    let before = support::contents(&root);
    let run = run_in(&sandbox, &root, &["template", "new", "worker"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("cannot render template-axum"),
        "{run:?}"
    );
    assert!(before == support::contents(&root), "something was written");

    // Nor when a list that it has to be in is none.
    fs::write(
        &manifest,
        &before[Path::new("template-axum/Cargo.toml.liquid")],
    )
    .unwrap();
    swap(&manifest, "{% if %}\n", "");
    swap(
        &root.join("Cargo.toml"),
        "exclude = [",
        "default-members = [",
    );
    let before = support::contents(&root);
    let run = run_in(&sandbox, &root, &["template", "new", "worker"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr
            .contains("cannot edit Cargo.toml: there is no list `exclude`"),
        "{run:?}"
    );
    assert!(before == support::contents(&root), "something was written");
}

#[test]
fn ctrl_c_leaves_the_pack_as_it_was() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let before = support::contents(&root);
    let temporary = sandbox.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args([
            "--root",
            root.to_str().unwrap(),
            "template",
            "new",
            "worker",
        ])
        .env("TMPDIR", &temporary)
        .stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    // Until the template lies in the pack's copy, and what is derived is being made.
    let made = || {
        let folders = fs::read_dir(&temporary).unwrap();
        let mut folders = folders.map(|folder| folder.unwrap().path());
        folders.any(|folder| folder.join("template-worker/TEMPLATE.md").exists())
    };
    for _ in 0..600 {
        if made() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(made(), "it took more than a minute to begin");
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(before == support::contents(&root), "something was written");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn the_first_template_is_the_base_whatever_it_is_called() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    fs::rename(root.join("template-axum"), root.join("template-lean")).unwrap();
    fs::remove_dir_all(root.join("template-fastapi-style")).unwrap();
    for file in ["Cargo.toml", "cargo-generate.toml"] {
        swap(
            &root.join(file),
            "\"template-axum\", \"template-fastapi-style\"",
            "\"template-lean\"",
        );
    }
    let shared = root.join("xtask/shared.toml");
    let text = fs::read_to_string(&shared).unwrap();
    let (lists, _) = text.split_once("[[shared]]").unwrap();
    fs::write(&shared, lists).unwrap();

    let run = run_in(&sandbox, &root, &["template", "new", "fastapi-style"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("reserved"), "{run:?}");
    let run = run_in(
        &sandbox,
        &root,
        &[
            "--format",
            "json",
            "template",
            "new",
            "worker",
            "--no-verify",
        ],
    );
    assert_eq!(run.code, 0, "{run:?}");
    let line: serde_json::Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&line["made"], &line["base"]),
        (&"template-worker".into(), &"template-lean".into())
    );
    let written = line["wrote"].as_array().unwrap();
    assert!(written.contains(&"cargo-generate.toml".into()), "{line}");
    assert!(line["shared"].as_u64().unwrap() > 50, "{line}");
    let text = fs::read_to_string(&shared).unwrap();
    assert!(
        text.contains("from = \"template-lean\"\nto = \"template-worker\""),
        "{text}"
    );

    // Without the list nothing is shared, and everything is there all the same.
    fs::remove_file(&shared).unwrap();
    let run = run_in(
        &sandbox,
        &root,
        &["template", "new", "other", "--no-verify"],
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.stdout.contains("copies of those"), "{run:?}");
    assert!(root.join("template-other/src/platform/client.rs").exists());
    assert!(!shared.exists());
}
