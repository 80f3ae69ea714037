//! `lint` as a user calls it: on the pack, on what its templates render, and on any other repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Run, Sandbox, copy_tracked, pack};

fn copy(sandbox: &Sandbox) -> PathBuf {
    let root = sandbox.path("pack");
    copy_tracked(&pack(), &root);
    root
}

fn lint(sandbox: &Sandbox, root: &Path, args: &[&str]) -> Run {
    let root = root.to_str().unwrap();
    sandbox.run_with(&[args, &["--root", root, "lint"]].concat(), |_| {})
}

fn change(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_pack_and_all_it_renders_are_clean_and_a_fault_is_led_to_its_template() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    let run = lint(&sandbox, &root, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    assert!(root.join("target/lint").is_dir(), "renders are kept");

    let file = "template-axum/.github/workflows/ci.yml";
    change(&root, file, "      service: ", "      servise: ");
    let run = lint(&sandbox, &root, &["--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let found: Vec<serde_json::Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let line = fs::read_to_string(root.join(file))
        .unwrap()
        .lines()
        .position(|line| line.contains("servise"))
        .unwrap();
    let finding = found.iter().find(|finding| finding["column"] == 7).unwrap();
    assert_eq!(
        (&finding["file"], &finding["rule"]),
        (&file.into(), &"R1-inputs".into())
    );
    assert_eq!(
        (&finding["line"], &finding["help"]),
        (&(line + 1).into(), &"did you mean `service`?".into())
    );
}

#[test]
fn a_template_that_does_not_render_is_a_finding() {
    let sandbox = Sandbox::new();
    let root = copy(&sandbox);
    change(
        &root,
        "template-axum/.github/workflows/rollback.yml",
        "{%- raw %}\n",
        "",
    );
    let run = lint(&sandbox, &root, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("rollback.yml")
            && run.stdout.contains("template-axum/cargo-generate.toml:1:1"),
        "{run:?}"
    );
}

#[test]
fn any_other_repository_is_judged_by_its_github_folder_alone() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("other");
    let run = lint(&sandbox, &root, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    fs::create_dir_all(root.join("src")).unwrap();
    let run = lint(&sandbox, &root, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("neither `.github` nor templates"),
        "{run:?}"
    );

    let workflows = root.join(".github/workflows");
    fs::create_dir_all(&workflows).unwrap();
    let text = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - run: make\n";
    fs::write(workflows.join("a.yml"), text).unwrap();
    let run = lint(&sandbox, &root, &[]);
    assert_eq!(run.code, 0, "a warning alone: {run:?}");
    assert!(run.stdout.starts_with("warning[H2-runner]: "), "{run:?}");

    fs::write(
        workflows.join("a.yml"),
        text.replace("run: make", "rnu: make"),
    )
    .unwrap();
    let run = lint(&sandbox, &root, &["--format", "github"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout
            .contains("::error file=.github/workflows/a.yml,line=8,col=9,"),
        "{run:?}"
    );

    fs::write(workflows.join("a.yml"), b"on: \xff\n").unwrap();
    let run = lint(&sandbox, &root, &[]);
    assert!(
        run.code == 1 && run.stdout.contains("is not UTF-8"),
        "{run:?}"
    );

    fs::remove_file(workflows.join("a.yml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", workflows.join("a.yml")).unwrap();
    let run = lint(&sandbox, &root, &[]);
    assert!(
        run.code == 2 && run.stderr.contains("it is no file"),
        "{run:?}"
    );
}
