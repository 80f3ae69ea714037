//! A pack with three releases, and services of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::support::{Run, Sandbox};

pub(super) const CI: &str =
    "jobs:\n  ci:\n    uses: {{ org }}/r/.github/workflows/ci.yml@{{ ref }}\n";
pub(super) const ANSWERS: &str = r#"fn quote(value) { "\"" + value + "\"" }
let lines = ["[template]", "name = \"template-x\"", "version = " + quote(variable::get("pack_version")),
    "pack = " + quote(variable::get("org") + "/r"), "", "[platform]", "org = " + quote(variable::get("org")),
    "repo = \"r\"", "registry = \"ghcr.io\"", "ref = " + quote(variable::get("ref")), "runner = \"u\"", "", "[values]",
    "project-name = " + quote(variable::get("project-name"))];
for name in [NAMES] { lines.push(name + " = " + quote(variable::get(name))); }
file::write(".idp/answers.toml", lines);
file::delete("hooks");
"#;

/// A pack with one template and three releases. The services `behind`, of 0.1.0, and `edited`, `clean` and `unknown`, of
/// 0.3.0, are beside it.
pub(super) fn world() -> Sandbox {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("pack")).unwrap();
    sandbox.git("pack", &["init", "-q", "-b", "main"]);
    let mut releases = String::new();
    for (version, docker, questions) in [
        ("0.1.0", "FROM a\n", &["team", "metrics", "cache"][..]),
        ("0.2.0", "FROM b\n", &["team", "metrics", "cache"]),
        ("0.3.0", "FROM c\n", &["team", "metrics", "deploy"]),
    ] {
        release(&sandbox, version, docker, questions);
        let commit = sandbox.git("pack", &["rev-parse", "HEAD"]);
        releases += &format!(
            "[[release]]\nversion = \"{version}\"\ncommit = \"{}\"\ndate = \"2026-01-01\"\n",
            commit.trim()
        );
        fs::write(sandbox.path("pack/releases.toml"), &releases).unwrap();
        if version == "0.1.0" {
            create(
                &sandbox,
                "behind",
                &["-d", "metrics=statsd", "-d", "cache=redis"],
            );
        }
    }
    for name in ["edited", "clean", "unknown"] {
        create(&sandbox, name, &[]);
    }
    sandbox
}

pub(super) fn release(sandbox: &Sandbox, version: &str, docker: &str, questions: &[&str]) {
    let choices = if version == "0.1.0" {
        "'none', 'statsd'"
    } else {
        "'none', 'otlp'"
    };
    let mut manifest = "[template]\nfmt = false\n[hooks]\npre = ['hooks/facts.rhai']\npost = ['hooks/answers.rhai']\n".to_owned();
    for name in questions {
        let choices = if *name == "metrics" {
            format!("choices = [{choices}]\n")
        } else {
            String::new()
        };
        manifest += &format!(
            "[placeholders.{name}]\ntype = 'string'\nprompt = 'Which {name}?'\ndefault = 'none'\n{choices}"
        );
    }
    let names = questions
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ");
    let facts = format!(
        "org = \"acme\"\nrepo = \"r\"\nregistry = \"ghcr.io\"\nref = \"v{version}\"\nrunner = \"u\"\n"
    );
    let hook = format!(
        "variable::set(\"org\", \"acme\");\nvariable::set(\"ref\", \"v{version}\");\nvariable::set(\"pack_version\", \"{version}\");\n"
    );
    for (path, text) in [
        ("Cargo.toml", format!("[workspace.package]\nversion = \"{version}\"\n")),
        ("cargo-generate.toml", "[template]\nsub_templates = [\"template-x\"]\n".to_owned()),
        ("platform.toml", facts),
        (".github/workflows/ci.yml", "on: workflow_call\n".to_owned()),
        ("template-x/cargo-generate.toml", manifest),
        ("template-x/hooks/facts.rhai", hook),
        ("template-x/hooks/answers.rhai", ANSWERS.replace("NAMES", &names)),
        ("template-x/.idp/ownership.toml", "[platform]\nfiles = [\"Dockerfile\", \"*.toml\", \"run\", \".github/**\", \".idp/**\"]\n[yours]\nfiles = [\"**\"]\n".to_owned()),
        ("template-x/.github/workflows/ci.yml", CI.to_owned()),
        ("template-x/Dockerfile", format!("# of {{{{ project-name }}}}\n{docker}")),
        ("template-x/clippy.toml", "a = 1\nb = 2\n".to_owned()),
        ("template-x/deny.toml", "c = 3\n".to_owned()),
        ("template-x/run", "#!/bin/sh\n".to_owned()),
        ("template-x/README.md", "hello\n".to_owned()),
    ] {
        let path = sandbox.path("pack").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    mode(&sandbox.path("pack/template-x/run"), 0o755);
    sandbox.git("pack", &["add", "--all"]);
    sandbox.git("pack", &["commit", "-q", "-m", version]);
}

pub(super) fn create(sandbox: &Sandbox, name: &str, args: &[&str]) {
    let all = [
        &[
            "--root",
            "pack",
            "create",
            "service",
            name,
            "--template",
            "x",
            "--defaults",
        ],
        args,
    ]
    .concat();
    let run = sandbox.run_with(&all, |_| {});
    assert_eq!(run.code, 0, "{run:?}");
}

pub(super) fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Changes `edited` in every way that is drift, and in some that are none.
pub(super) fn edit(sandbox: &Sandbox) {
    let path = |file: &str| sandbox.path("edited").join(file);
    append(&path("Dockerfile"), "RUN mine\n");
    fs::write(path("clippy.toml"), "a = 1\r\nb = 2\r\n").unwrap();
    fs::remove_file(path("deny.toml")).unwrap();
    mode(&path("run"), 0o644);
    let own = "jobs:\n  a:\n    uses: old-org/r/.github/workflows/ci.yml@v0.3.0\n  b:\n    steps:\n      - uses: \"ACME/r/.github/actions/x@v0.2.0\"\n      - uses: actions/checkout@v7\n      - run: |\n          uses: acme/r/x@v0.1.0\n";
    fs::write(path(".github/workflows/own.yaml"), own).unwrap();
    fs::write(
        path("README.md"),
        "mine\n<<<<<<< yours\na\n=======\nb\n>>>>>>> 0.3.0\n",
    )
    .unwrap();
    fs::create_dir(path("target")).unwrap();
    fs::write(path(".gitignore"), "target\n").unwrap();
    fs::write(path("target/x"), "<<<<<<< yours\n=======\n>>>>>>> 0.3.0\n").unwrap();
}

pub(super) fn append(path: &Path, text: &str) {
    let before = fs::read_to_string(path).unwrap();
    fs::write(path, before + text).unwrap();
}

pub(super) fn drift(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_with(&[&["--root", "pack", "drift"], args].concat(), |_| {})
}

/// Rule, file and line of every finding, and the summary.
pub(super) fn found(run: &Run) -> (Vec<String>, Vec<Value>, Value) {
    let mut lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = lines.pop().unwrap()["summary"].clone();
    let places = lines.iter().map(|f| {
        format!(
            "{} {}:{}",
            f["rule"].as_str().unwrap(),
            f["file"].as_str().unwrap(),
            f["line"]
        )
    });
    (places.collect(), lines.clone(), summary)
}
