//! `lint --external`: other tools, those that this machine has and ones that break.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Run, Sandbox, copy_tracked, pack};

/// A workflow that nobody has anything against.
const CLEAN: &str = "name: demo
on:
  push:
    branches: [main]
permissions: {}
jobs:
  a:
    name: a
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo a
";

fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// A repository with this workflow.
fn repository(sandbox: &Sandbox, workflow: &str) -> PathBuf {
    let root = sandbox.path("repository");
    fs::create_dir_all(root.join(".github/workflows")).unwrap();
    fs::write(root.join(".github/workflows/a.yml"), workflow).unwrap();
    root
}

/// A folder for PATH with nothing in it but what has to be there, and programs of these names and scripts.
fn programs(sandbox: &Sandbox, scripts: &[(&str, &str)]) -> PathBuf {
    let folder = sandbox.path("bin");
    fs::create_dir_all(&folder).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let git = std::env::split_paths(&path)
        .map(|dir| dir.join("git"))
        .find(|git| git.is_file());
    if !folder.join("git").exists() {
        symlink(git.unwrap(), folder.join("git")).unwrap();
    }
    for (name, script) in scripts {
        let program = folder.join(name);
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn lint(sandbox: &Sandbox, root: &Path, args: &[&str]) -> Run {
    let root = root.to_str().unwrap();
    sandbox.run_with(&[&["--root", root, "lint"], args].concat(), |_| {})
}

/// With no other programs than those in a folder.
fn lint_with(sandbox: &Sandbox, root: &Path, args: &[&str], programs: &Path) -> Run {
    let root = root.to_str().unwrap();
    let args = [&["--root", root, "lint"], args].concat();
    sandbox.run_with(&args, |command| {
        command.env("PATH", programs);
    })
}

#[test]
fn what_is_not_there_is_named_once_and_is_an_error_where_it_is_required() {
    let sandbox = Sandbox::new();
    let root = repository(&sandbox, CLEAN);
    let bin = programs(&sandbox, &[]);
    let run = lint_with(&sandbox, &root, &[], &bin);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    // The repository has neither a Dockerfile nor a compose file.
    let expected: Vec<String> = ["actionlint", "zizmor", "shellcheck"]
        .map(|name| format!("note: {name} was not asked: `{name}` is not on PATH"))
        .into();
    assert_eq!(run.stderr.lines().collect::<Vec<_>>(), expected);

    let quiet = lint_with(&sandbox, &root, &["--quiet"], &bin);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    let off = lint_with(&sandbox, &root, &["--external", "off"], &bin);
    assert_eq!((off.code, off.stderr.as_str()), (0, ""));

    let run = lint_with(&sandbox, &root, &["--external", "require"], &bin);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    for name in ["actionlint", "zizmor", "shellcheck"] {
        assert!(
            run.stderr
                .contains(&format!("`{name}` is not on PATH; get it: `")),
            "{run:?}"
        );
    }
}

#[test]
fn one_that_is_too_old_is_told_with_both_versions() {
    let sandbox = Sandbox::new();
    let root = repository(&sandbox, CLEAN);
    let bin = programs(&sandbox, &[("zizmor", "echo zizmor 1.2.0")]);
    let told = "zizmor is 1.2.0, and 1.16.3 is the oldest that will do";
    let run = lint_with(&sandbox, &root, &[], &bin);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stderr
            .contains(&format!("note: zizmor was not asked: {told}\n")),
        "{run:?}"
    );
    let run = lint_with(&sandbox, &root, &["--external=require"], &bin);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains(&format!("{told}; get it: ")), "{run:?}");
}

#[test]
fn one_that_breaks_is_an_error_and_never_silence() {
    for (name, script, expected) in [
        (
            "shellcheck",
            "[ \"$1\" = --version ] && echo version: 0.11.0 && exit; echo boom >&2; exit 4",
            "ended with 4: boom",
        ),
        (
            "shellcheck",
            "[ \"$1\" = --version ] && echo version: 0.11.0 && exit; kill -9 $$",
            "ended by a signal",
        ),
        (
            "shellcheck",
            "echo version: 0.11.0",
            "can't be read: `version: 0.11.0`",
        ),
        (
            "actionlint",
            "[ \"$1\" = -version ] && echo 1.14.0 && exit; exit 1",
            "can't be read",
        ),
        (
            "actionlint",
            "[ \"$1\" = -version ] && echo 1.14.0 && exit; echo '[{\"message\":\"m\",\"filepath\":\"x\",\"line\":1,\"column\":1,\"kind\":\"k\"}]'; exit 1",
            "names `x`, which it was not given",
        ),
        (
            "zizmor",
            "[ \"$1\" = --version ] && echo zizmor 1.32.0 && exit; exit 3",
            "found nothing to read",
        ),
        ("zizmor", "exit 1", "`zizmor --version` fails here"),
        ("zizmor", "echo zizmor", "names no version"),
    ] {
        let sandbox = Sandbox::new();
        let root = repository(&sandbox, CLEAN);
        let bin = programs(&sandbox, &[(name, script)]);
        let run = lint_with(&sandbox, &root, &[], &bin);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{script}: {run:?}"
        );
        assert!(
            run.stderr.contains(name) && run.stderr.contains(expected),
            "{script}: {run:?}"
        );
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
        let off = lint_with(&sandbox, &root, &["--external", "off"], &bin);
        assert_eq!(off.code, 0, "{off:?}");
    }
}

/// A change of a file of the pack.
fn change(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The line and column, both from 1, where a word stands first in a file.
fn position(root: &Path, file: &str, word: &str) -> (u64, u64) {
    let text = fs::read_to_string(root.join(file)).unwrap();
    let at = text.find(word).unwrap();
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let (line, column) = (
        text[..at].matches('\n').count() + 1,
        text[start..at].chars().count() + 1,
    );
    (line as u64, column as u64)
}

/// A fault that a tool finds: the tool's program, the file, what it has and gets instead, the rule, and the word that is
/// pointed at.
const FAULTS: &[(&str, &str, &str, &str, &str, &str)] = &[
    (
        "shellcheck",
        ".github/workflows/verify.yml",
        "      - run: cargo xtask verify",
        "      - run: |\n          ü=${{ github.sha }}\n          if true; then\n            ls $HOME/*.txt $FOLDER_OF_MINE\n          fi\n      - run: cargo xtask verify",
        "shellcheck/SC2086",
        "$FOLDER_OF_MINE",
    ),
    (
        "shellcheck",
        ".github/actions/guard/action.yml",
        "      run: '\"$GITHUB_ACTION_PATH/guard.sh\"'",
        "      run: '$GITHUB_ACTION_PATH/guard.sh \"it''s\"'",
        "shellcheck/SC2086",
        "$GITHUB_ACTION_PATH/guard.sh",
    ),
    (
        "shellcheck",
        ".github/release.sh",
        "set -euo pipefail\n",
        "set -euo pipefail\nls $UNQUOTED_OF_MINE\n",
        "shellcheck/SC2086",
        "$UNQUOTED_OF_MINE",
    ),
    (
        "actionlint",
        ".github/workflows/service-ci.yml",
        "      - run: hadolint Dockerfile",
        "      - run: echo \"::set-output name=x::y\"\n      - run: hadolint Dockerfile",
        "actionlint/deprecated-commands",
        "set-output",
    ),
    (
        "zizmor",
        ".github/workflows/release.yml",
        "    steps:\n",
        "    steps:\n      - run: echo \"${{ github.event.workflow_run.head_branch }}\"\n",
        "zizmor/template-injection",
        "github.event.workflow_run.head_branch",
    ),
    (
        "zizmor",
        "template-axum/.github/dependabot.yml",
        "      default-days: 7\n",
        "      default-days: 1\n",
        "zizmor/dependabot-cooldown",
        "default-days: 1\n",
    ),
    (
        "hadolint",
        "template-axum/Dockerfile",
        "ARG RUNTIME_IMAGE=",
        "ARG MORE=\nFROM debian:latest AS odd\nARG RUNTIME_IMAGE=",
        "hadolint/DL3007",
        "FROM debian:latest",
    ),
    (
        "docker",
        "template-axum/docker-compose.yml",
        "  read_only: true\n",
        "  read_onyl: true\n",
        "compose/config",
        "read_onyl",
    ),
];

#[test]
fn each_tool_s_fault_is_led_to_the_line_that_is_to_be_mended() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("pack");
    copy_tracked(&pack(), &root);
    let present: Vec<_> = FAULTS.iter().filter(|(tool, ..)| on_path(tool)).collect();
    for (_, file, from, to, ..) in &present {
        change(&root, file, from, to);
    }
    let run = lint(&sandbox, &root, &["--format", "json"]);
    let found: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (_, file, _, _, rule, word) in &present {
        let (line, column) = position(&root, file, word);
        let here = found.iter().any(|f| {
            f["rule"] == *rule && f["file"] == *file && f["line"] == line && f["column"] == column
        });
        assert!(here, "{rule} at {file}:{line}:{column}: {run:?}");
    }
    // actionlint asks no shellcheck of its own.
    assert!(!run.stdout.contains("actionlint/shellcheck"), "{run:?}");
    let others: Vec<&Value> = found
        .iter()
        .filter(|f| {
            let rule = f["rule"].as_str().unwrap_or_default();
            rule.contains('/') && !present.iter().any(|fault| fault.4 == rule)
        })
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn the_pack_and_all_that_it_renders_is_clean_under_every_tool_that_is_here() {
    let sandbox = Sandbox::new();
    let root = pack();
    let all = FAULTS.iter().all(|(tool, ..)| on_path(tool));
    let args: &[&str] = if all { &["--external", "require"] } else { &[] };
    let run = lint(&sandbox, &root, args);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
}
