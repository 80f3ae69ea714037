//! `drift`: what was done to each service is reported, and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Run, Sandbox, pack};

const CI: &str = "jobs:\n  ci:\n    uses: {{ org }}/r/.github/workflows/ci.yml@{{ ref }}\n";
const ANSWERS: &str = r#"fn quote(value) { "\"" + value + "\"" }
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
fn world() -> Sandbox {
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

fn release(sandbox: &Sandbox, version: &str, docker: &str, questions: &[&str]) {
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

fn create(sandbox: &Sandbox, name: &str, args: &[&str]) {
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

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Changes `edited` in every way that is drift, and in some that are none.
fn edit(sandbox: &Sandbox) {
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

fn append(path: &Path, text: &str) {
    let before = fs::read_to_string(path).unwrap();
    fs::write(path, before + text).unwrap();
}

fn drift(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_with(&[&["--root", "pack", "drift"], args].concat(), |_| {})
}

/// Rule, file and line of every finding, and the summary.
fn found(run: &Run) -> (Vec<String>, Vec<Value>, Value) {
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

#[test]
fn a_service_as_it_was_made_has_no_drift() {
    let sandbox = world();
    let run = drift(&sandbox, &["clean"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        run.stdout,
        "service  template    version  behind  edited  answers  references\nclean    template-x  0.3.0    0       0       0        0\n"
    );
    // Of a question alone it is only spoken.
    let record = sandbox.path("clean/.idp/answers.toml");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("deploy = \"none\"\n", "")).unwrap();
    let run = drift(&sandbox, &["clean", "--format", "json"]);
    let (places, lines, _) = found(&run);
    assert_eq!(
        (run.code, places),
        (
            0,
            vec!["drift-question clean/.idp/answers.toml:14".to_owned()]
        )
    );
    assert_eq!(
        lines[0]["message"],
        "0.3.0 asks for `deploy`: Which deploy?"
    );
    // From within the service files are named as its repository names them.
    append(&sandbox.path("clean/Dockerfile"), "x");
    let root = sandbox.path("pack").display().to_string();
    let args = ["--root", &root, "drift", ".", "--format", "github"];
    let run = sandbox.run_with(&args, |command| {
        command.current_dir(sandbox.path("clean"));
    });
    assert!(
        run.code == 1 && run.stdout.contains("::error file=Dockerfile,line=3,"),
        "{run:?}"
    );
}

#[test]
fn what_was_done_by_hand_is_found_and_nothing_else() {
    let sandbox = world();
    edit(&sandbox);
    let run = drift(&sandbox, &["edited/", "clean", "--format", "json"]);
    let (places, lines, summary) = found(&run);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(
        places,
        [
            "drift-reference edited/.github/workflows/own.yaml:3",
            "drift-reference edited/.github/workflows/own.yaml:6",
            "drift-platform-file edited/Dockerfile:3",
            "drift-conflict edited/README.md:2",
            "drift-platform-file edited/deny.toml:1",
            "drift-platform-file edited/run:1",
        ]
    );
    let message = |index: usize| lines[index]["message"].as_str().unwrap();
    assert_eq!(
        message(0),
        "`uses` goes to `old-org/r`, and the pack is `acme/r`"
    );
    assert_eq!(
        message(1),
        "`uses` names the pack at `v0.2.0` instead of `v0.3.0`"
    );
    assert!(
        message(4).ends_with("and is gone")
            && message(5).ends_with("has mode 100644 instead of 100755")
    );
    let diff = "--- 0.3.0/Dockerfile\n+++ edited/Dockerfile\n@@ -1,2 +1,3 @@\n # of edited\n FROM c\n+RUN mine\n";
    let diffs: Vec<_> = lines
        .iter()
        .filter_map(|line| line["diff"].as_str())
        .collect();
    assert_eq!(diffs, [diff]);
    assert_eq!(summary["errors"], 6);
    let rows = summary["services"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0],
        json!({"service": "edited/", "name": "edited", "template": "template-x", "version": "0.3.0", "behind": 0,
            "edited": 3, "answers": 0, "questions": 0, "references": 2, "conflicts": 1, "failure": null})
    );

    let run = drift(&sandbox, &["edited"]);
    assert!(run.stdout.contains(&format!("\n\n{diff}\n")), "{run:?}");
    let page = drift(&sandbox, &["edited", "--markdown", "-"]);
    assert_eq!(page.code, 1);
    assert!(
        page.stdout
            .contains("| edited | template-x | 0.3.0 | 0 | 3 | 0 | 2 |\n"),
        "{page:?}"
    );
    assert!(
        page.stdout.contains(&format!(
            "<summary><code>edited/Dockerfile</code></summary>\n\n```diff\n{diff}```\n"
        )),
        "{page:?}"
    );
    let summary = sandbox.path("summary.md");
    let args = [
        "--root",
        "pack",
        "drift",
        "edited",
        "--format",
        "github",
        "--markdown",
        "page.md",
    ];
    let run = sandbox.run_with(&args, |command| {
        command.env("GITHUB_STEP_SUMMARY", &summary);
    });
    assert_eq!(
        run.stdout.matches("::error file=edited/").count(),
        6,
        "{run:?}"
    );
    assert_eq!(
        fs::read_to_string(sandbox.path("page.md")).unwrap(),
        page.stdout
    );
    assert!(fs::read_to_string(summary).unwrap().contains("RUN mine"));
    let sarif: Value =
        serde_json::from_str(&drift(&sandbox, &["edited", "--format", "sarif"]).stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 6);
}

#[test]
fn a_service_that_is_behind_has_old_answers_and_references() {
    let sandbox = world();
    // Taken over by hand already.
    fs::write(sandbox.path("behind/Dockerfile"), "# of behind\nFROM c\n").unwrap();
    let run = drift(&sandbox, &["behind", "--format", "json"]);
    let (places, lines, summary) = found(&run);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(
        places,
        [
            "drift-reference behind/.github/workflows/ci.yml:3",
            "drift-behind behind/.idp/answers.toml:3",
            "drift-question behind/.idp/answers.toml:14",
            "drift-answer behind/.idp/answers.toml:16",
            "drift-answer behind/.idp/answers.toml:17",
        ]
    );
    let message = |index: usize| lines[index]["message"].as_str().unwrap();
    assert_eq!(
        message(1),
        "`behind` is 2 releases behind: 0.1.0, newest 0.3.0"
    );
    assert_eq!(
        message(3),
        "`metrics = statsd` is no answer in 0.3.0: the choices are none, otlp"
    );
    assert_eq!(message(4), "`cache = redis` answers no question of 0.3.0");
    let row = &summary["services"][0];
    assert_eq!(
        (
            &row["behind"],
            &row["edited"],
            &row["answers"],
            &row["questions"]
        ),
        (&json!(2), &json!(0), &json!(2), &json!(1))
    );

    // What was taken over is an edit beside the version that didn't have it.
    let run = drift(&sandbox, &["behind", "--to", "v0.1.0", "--format", "json"]);
    assert_eq!(
        (run.code, found(&run).0),
        (
            1,
            vec!["drift-platform-file behind/Dockerfile:2".to_owned()]
        )
    );
    let run = drift(&sandbox, &["behind", "--to", "0.2.0"]);
    assert!(
        run.stdout
            .contains("`behind` is 1 release behind: 0.1.0, wanted 0.2.0\n"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("help: run `cargo xtask upgrade behind --to 0.2.0`\n"),
        "{run:?}"
    );
    // What was never released counts where it renders something else.
    let run = drift(&sandbox, &["clean", "--to", "."]);
    assert_eq!(run.code, 0, "{run:?}");
    append(&sandbox.path("pack/template-x/README.md"), "more\n");
    let run = drift(&sandbox, &["clean", "--to", "."]);
    assert!(
        run.code == 1
            && run
                .stdout
                .contains("`clean` is 1 release behind: 0.3.0, wanted 0.3.0 at "),
        "{run:?}"
    );
}

#[test]
fn what_cannot_be_looked_at_keeps_nothing_from_being_looked_at() {
    let sandbox = world();
    let record = sandbox.path("unknown/.idp/answers.toml");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(
        &record,
        text.replace("version = \"0.3.0\"", "version = \"0.0.9\""),
    )
    .unwrap();
    edit(&sandbox);
    let run = drift(&sandbox, &["unknown", "--format", "json"]);
    let (places, lines, summary) = found(&run);
    assert_eq!(
        (run.code, places),
        (
            1,
            vec!["drift-unknown-version unknown/.idp/answers.toml:3".to_owned()]
        )
    );
    assert_eq!(
        lines[0]["message"],
        "`unknown` was made from 0.0.9 of acme/r, which this pack does not know"
    );
    assert!(
        lines[0]["help"]
            .as_str()
            .unwrap()
            .contains("(0.1.0, 0.2.0, 0.3.0)"),
        "{run:?}"
    );
    assert_eq!(summary["services"][0]["edited"], Value::Null);

    fs::create_dir(sandbox.path("none")).unwrap();
    let run = drift(&sandbox, &["none", "unknown", "missing", "edited"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(run.stderr.matches("error: ").count(), 2, "{run:?}");
    assert!(
        run.stderr.contains("error: none: ") && run.stderr.contains("no service of this platform"),
        "{run:?}"
    );
    let ends = run
        .stdout
        .lines()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(
        ends,
        "edited   template-x  0.3.0    0       3       0        2\n\
         missing  ?           ?        ?       ?       ?        ?\n\
         unknown  template-x  0.0.9    ?       ?       0        0\n\
         none     ?           ?        ?       ?       ?        ?"
    );
    for (args, said) in [
        (&["clean", "--to", "0.9.9"][..], "the pack has no `0.9.9`"),
        (&[], "required"),
    ] {
        let run = drift(&sandbox, args);
        assert!(
            run.code == 2 && run.stderr.contains(said) && run.stdout.is_empty(),
            "{run:?}"
        );
    }
}

/// A service of the first release, by the pack that it was released with; nothing where that is not in this clone.
fn of_the_first_release(sandbox: &Sandbox) -> Option<()> {
    let releases = fs::read_to_string(pack().join("releases.toml")).ok()?;
    let releases: toml::Table = toml::from_str(&releases).unwrap();
    let commit = releases["release"][0]["commit"].as_str()?.to_owned();
    let archive = sandbox.path("pack.tar");
    let done = Command::new("git")
        .args(["archive", "--output"])
        .arg(&archive)
        .arg(commit)
        .current_dir(pack())
        .output()
        .ok()?;
    if !done.status.success() {
        eprintln!("skipped: the first release is not in this clone");
        return None;
    }
    fs::create_dir(sandbox.path("first")).unwrap();
    let unpacked = Command::new("tar")
        .arg("-xf")
        .arg(&archive)
        .arg("-C")
        .arg(sandbox.path("first"))
        .status();
    assert!(unpacked.unwrap().success());
    let run = sandbox.run_with(
        &[
            "--root",
            "first",
            "create",
            "service",
            "orders",
            "-d",
            "database=postgres",
            "--defaults",
        ],
        |_| {},
    );
    assert_eq!(run.code, 0, "{run:?}");
    Some(())
}

#[test]
fn a_service_of_the_first_release_is_as_that_rendered_it() {
    let sandbox = Sandbox::new();
    if of_the_first_release(&sandbox).is_none() {
        return;
    }
    let edits = || {
        let args = ["drift", "orders", "--to", "0.1.0", "--format", "json"];
        let run = sandbox.run_with(&args, |_| {});
        let mut places = found(&run).0;
        // In a fork the pack has another address.
        places.retain(|place| !place.starts_with("drift-reference "));
        places
    };
    assert_eq!(edits(), [""; 0]);
    append(&sandbox.path("orders/src/platform/mod.rs"), "// mine\n");
    append(&sandbox.path("orders/src/lib.rs"), "// mine\n");
    let edits = edits();
    assert!(
        edits.len() == 1 && edits[0].starts_with("drift-platform-file orders/src/platform/mod.rs:"),
        "{edits:?}"
    );
}
