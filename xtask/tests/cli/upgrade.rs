//! `upgrade`: the story of a service that keeps up.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::packs::{Releases, edit};
use crate::support::{Run, Sandbox, contents};

/// What the second release does: it changes a file that services change too, asks for one thing more, and renames a file.
fn second(template: &Path) {
    edit(
        &template.join("src/app.rs"),
        "/// The public routes, without the platform.\n",
        "/// The public routes; the platform is put around them.\n",
    );
    edit(
        &template.join("Dockerfile"),
        "FROM ",
        "# Since 0.2.0.\nFROM ",
    );
    edit(
        &template.join("cargo-generate.toml"),
        "[placeholders.metrics]",
        "[placeholders.tier]\ntype = \"string\"\nprompt = \"How much does it matter?\"\nchoices = [\"bronze\", \"gold\"]\ndefault = \"bronze\"\n\n[placeholders.metrics]",
    );
    edit(
        &template.join("hooks/answers.rhai"),
        "\"metrics\", ",
        "\"metrics\", \"tier\", ",
    );
    edit(
        &template.join(".env.example"),
        "\n",
        "\n# tier: {{ tier }}\n",
    );
    fs::rename(
        template.join("tests/api/edge.rs"),
        template.join("tests/api/limits.rs"),
    )
    .unwrap();
    edit(&template.join("tests/api/main.rs"), "mod edge;\n", "");
    edit(
        &template.join("tests/api/main.rs"),
        "mod items;\n",
        "mod items;\nmod limits;\n",
    );
    edit(
        &template.join(".idp/ownership.toml"),
        "tests/api/edge.rs",
        "tests/api/limits.rs",
    );
}

fn commit(sandbox: &Sandbox, service: &str) {
    sandbox.git(service, &["add", "--all"]);
    sandbox.git(service, &["commit", "--quiet", "--message", "Work"]);
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

fn upgraded(releases: &Releases<'_>, args: &[&str]) -> Run {
    releases.xtask(&[&["upgrade", "orders"], args].concat())
}

#[test]
fn a_service_keeps_its_changes_and_gets_the_template_s() {
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &["metrics=none"]);
    let app = sandbox.path("orders/src/app.rs");
    edit(
        &app,
        ".merge(items::routes())",
        ".merge(items::routes())\n        .merge(crate::hello::routes())",
    );
    edit(
        &sandbox.path("orders/src/lib.rs"),
        "pub mod items;\n",
        "pub mod hello;\npub mod items;\n",
    );
    fs::write(sandbox.path("orders/src/hello.rs"), "//! Says hello.\n").unwrap();
    edit(
        &sandbox.path("orders/tests/api/edge.rs"),
        "//!",
        "//! Ours too.\n//!",
    );
    fs::remove_file(sandbox.path("orders/tests/api/items.rs")).unwrap();
    commit(&sandbox, "orders");
    releases.release("0.2.0", second);

    let dry = upgraded(&releases, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(
        dry.stdout.contains("+/// The public routes; the platform"),
        "{dry:?}"
    );
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");

    let run = upgraded(&releases, &["-d", "tier=gold"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .contains("orders (template-axum): 0.1.0 -> 0.2.0"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("`tier` is asked for now, answered with `gold`"),
        "{run:?}"
    );
    let app = read(&sandbox, "orders/src/app.rs");
    assert!(
        app.contains("hello::routes()") && app.contains("is put around them"),
        "{app}"
    );
    let moved = read(&sandbox, "orders/tests/api/limits.rs");
    assert!(moved.starts_with("//! Ours too.\n"), "{moved}");
    assert!(!sandbox.path("orders/tests/api/edge.rs").exists());
    assert!(
        !sandbox.path("orders/tests/api/items.rs").exists(),
        "stays deleted"
    );
    assert!(read(&sandbox, "orders/Dockerfile").contains("# Since 0.2.0."));
    assert!(read(&sandbox, "orders/.env.example").contains("# tier: gold"));
    let record = read(&sandbox, "orders/.idp/answers.toml");
    for line in [
        "version = \"0.2.0\"",
        "tier = \"gold\"",
        "metrics = \"none\"",
        "ref = \"v0.2.0\"",
    ] {
        assert!(record.contains(line), "{line}: {record}");
    }
    assert!(read(&sandbox, "orders/.github/workflows/ci.yml").contains("@v0.2.0"));

    let before = contents(&sandbox.path("orders"));
    let again = upgraded(&releases, &["-d", "tier=gold"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(
        again
            .stdout
            .contains("written before and not committed yet"),
        "{again:?}"
    );
    commit(&sandbox, "orders");
    let again = upgraded(&releases, &[]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(
        again.stdout.contains("is as 0.2.0 has it; nothing to do"),
        "{again:?}"
    );
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
    let after = contents(&sandbox.path("orders"));
    for (path, bytes) in before.iter().filter(|(path, _)| !path.starts_with(".git")) {
        assert_eq!(after.get(path), Some(bytes), "{}", path.display());
    }
}

#[test]
fn what_somebody_has_to_decide_is_marked_named_and_exit_1() {
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &[]);
    edit(
        &sandbox.path("orders/src/app.rs"),
        "/// The public routes, without the platform.\n",
        "/// Our routes.\n",
    );
    edit(
        &sandbox.path("orders/Dockerfile"),
        "FROM ",
        "# By hand.\nFROM ",
    );
    edit(
        &sandbox.path("orders/deny.toml"),
        "\n",
        "\n# By hand, where the template changed nothing.\n",
    );
    commit(&sandbox, "orders");
    releases.release("0.2.0", second);

    let run = upgraded(
        &releases,
        &[
            "--branch",
            "idp/upgrade",
            "--format",
            "json",
            "--markdown",
            "body.md",
        ],
    );
    assert_eq!(run.code, 1, "{run:?}");
    let lines: Vec<serde_json::Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let named: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["file"].as_str())
        .collect();
    assert_eq!(named, ["Dockerfile", "deny.toml", "src/app.rs"], "{run:?}");
    for line in lines.iter().take(3) {
        assert_eq!(line["rule"], "upgrade-conflict");
        assert_ne!(line["help"], "");
    }
    assert_eq!(lines.last().unwrap()["summary"]["conflicts"], true);
    let body = read(&sandbox, "body.md");
    assert!(
        body.contains("### To be decided") && body.contains("`src/app.rs`"),
        "{body}"
    );
    assert_eq!(
        sandbox.git("orders", &["branch", "--show-current"]),
        "idp/upgrade\n"
    );

    let app = read(&sandbox, "orders/src/app.rs");
    for mark in [
        "<<<<<<< ",
        "/// Our routes.",
        "||||||| 0.1.0",
        "is put around them",
        ">>>>>>> 0.2.0",
    ] {
        assert!(app.contains(mark), "{mark}: {app}");
    }
    let image = read(&sandbox, "orders/Dockerfile");
    for mark in ["<<<<<<< ", "# By hand.", "# Since 0.2.0.", ">>>>>>> 0.2.0"] {
        assert!(image.contains(mark), "{mark}: {image}");
    }
    assert!(!read(&sandbox, "orders/deny.toml").contains("<<<<<<<"));

    commit(&sandbox, "orders");
    let again = upgraded(&releases, &[]);
    assert!(again.stdout.contains("nothing to do"), "{again:?}");
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
}

/// Cut off again and again, at moments that nobody chose, and run again: as if nothing had happened.
#[test]
fn an_upgrade_that_is_killed_is_finished_by_the_next() {
    const FILES: usize = 1500;
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &[]);
    releases.release("0.2.0", |template| {
        let folder = template.join("config/many");
        fs::create_dir(&folder).unwrap();
        for number in 0..FILES {
            fs::write(folder.join(format!("{number}.txt")), "x\n").unwrap();
        }
    });
    let service = sandbox.path("orders");
    let (first, record) = (
        service.join("config/many"),
        service.join(".idp/answers.toml"),
    );
    let old = fs::read(&record).unwrap();
    let mut cut = 0;
    for _ in 0..20 {
        let mut child = sandbox.spawn(&["upgrade", "orders"], |command: &mut Command| {
            command
                .arg("--root")
                .arg(&releases.root)
                .stdout(Stdio::null());
        });
        while !first.exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let there = fs::read_dir(&first).map_or(0, Iterator::count);
        if there > 0 && fs::read(&record).unwrap() == old {
            cut += 1;
            if cut == 2 {
                break;
            }
        } else {
            sandbox.git("orders", &["clean", "--quiet", "-fd"]);
            sandbox.git("orders", &["reset", "--quiet", "--hard"]);
        }
    }
    assert_eq!(cut, 2, "no run was cut off in the middle");

    // Somebody goes on working: that is no part of what was cut off.
    let readme = service.join("README.md");
    let text = fs::read_to_string(&readme).unwrap();
    fs::write(&readme, format!("{text}More.\n")).unwrap();
    let run = upgraded(&releases, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("cut off") && run.stderr.contains("README.md"),
        "{run:?}"
    );
    fs::write(&readme, text).unwrap();

    let run = upgraded(&releases, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.contains("which an earlier run had begun"),
        "{run:?}"
    );
    assert_eq!(fs::read_dir(&first).unwrap().count(), FILES);
    assert!(read(&sandbox, "orders/.idp/answers.toml").contains("version = \"0.2.0\""));
    assert!(!service.join(".git/idp-upgrade").exists());
    let fresh = releases.xtask(&["create", "service", "fresh", "--defaults"]);
    assert_eq!(fresh.code, 0, "{fresh:?}");
    let files = |service: &str| {
        sandbox.git(service, &["add", "--all"]);
        let listed = sandbox.git(service, &["ls-files"]);
        listed
            .lines()
            .filter(|file| !file.contains("tests/"))
            .count()
    };
    assert_eq!(files("orders"), files("fresh"));
}

#[test]
fn wrong_input_is_one_error_exit_2_and_nothing_written() {
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &[]);
    releases.release("0.2.0", second);
    releases.release("0.3.0", |template| {
        edit(
            &template.join("cargo-generate.toml"),
            "choices = [\"bronze\", \"gold\"]",
            "choices = [\"bronze\", \"gold\", \"lead\"]",
        );
    });
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.git("orders", &["branch", "other"]);
    for (args, expected) in [
        (&["upgrade", "nowhere"][..], "is not a folder"),
        (&["upgrade", "empty"], "is no service of this platform"),
        (
            &["upgrade", "orders", "--to", "0.9.0"],
            "the pack has no `0.9.0`",
        ),
        (&["upgrade", "orders", "--to=-x"], "the pack has no `-x`"),
        (
            &["upgrade", "orders", "-d", "teir=gold"],
            "did you mean `tier`?",
        ),
        (
            &["upgrade", "orders", "-d", "tier=tin"],
            "the choices are bronze, gold",
        ),
        (
            &["upgrade", "orders", "--from", "0.3.0", "--to", "0.2.0"],
            "an upgrade goes forward only",
        ),
        (
            &["upgrade", "orders", "--branch", "other"],
            "has a branch `other` already",
        ),
        (&["upgrade", "orders", "--branch", "a b"], "`git switch"),
    ] {
        let run = releases.xtask(args);
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {run:?}");
        assert_eq!(run.stderr.matches("error:").count(), 1, "{run:?}");
        assert_eq!(
            sandbox.git("orders", &["status", "--porcelain"]),
            "",
            "{args:?}"
        );
    }

    fs::write(sandbox.path("orders/new.txt"), "x").unwrap();
    let run = upgraded(&releases, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr
            .contains("not committed: new.txt; commit or stash"),
        "{run:?}"
    );
    fs::remove_file(sandbox.path("orders/new.txt")).unwrap();

    let record = sandbox.path("orders/.idp/answers.toml");
    let text = fs::read_to_string(&record).unwrap();
    for (from, to, expected) in [
        ("version = \"0.1.0\"", "version = \"0.0.7\"", "`--from REF`"),
        (
            "name = \"template-axum\"",
            "name = \"template-gone\"",
            "no template `template-gone`",
        ),
        ("[values]", "[values", ".idp/answers.toml: line 1"),
    ] {
        fs::write(&record, text.replacen(from, to, 1)).unwrap();
        commit(&sandbox, "orders");
        let run = upgraded(&releases, &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(expected), "{expected}: {run:?}");
        assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
    }
    fs::write(&record, text).unwrap();
    fs::remove_dir_all(sandbox.path("orders/.git")).unwrap();
    let run = upgraded(&releases, &[]);
    assert!(run.stderr.contains("in no git repository"), "{run:?}");
}

#[test]
fn what_git_does_not_show_is_not_written_over() {
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &[]);
    releases.release("0.2.0", |template| {
        second(template);
        fs::create_dir(template.join("extra")).unwrap();
        fs::write(template.join("extra/one.txt"), "x\n").unwrap();
    });
    let readme = sandbox.path("orders/README.md");
    let text = fs::read_to_string(&readme).unwrap();
    let version = sandbox.path("orders/src/version.rs");
    for hide in ["--skip-worktree", "--assume-unchanged"] {
        let old = fs::read_to_string(&version).unwrap();
        sandbox.git("orders", &["update-index", hide, "src/version.rs"]);
        fs::write(&version, "// Mine.\n").unwrap();
        let run = upgraded(&releases, &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("`src/version.rs`"), "{run:?}");
        assert_eq!(fs::read_to_string(&version).unwrap(), "// Mine.\n");
        let show = hide.replace("--", "--no-");
        sandbox.git("orders", &["update-index", &show, "src/version.rs"]);
        fs::write(&version, old).unwrap();
    }
    // An ignored file where a folder has to go, and an ignored file of the same name.
    let ignore = sandbox.path("orders/.git/info/exclude");
    fs::write(ignore, "extra\n").unwrap();
    for (path, expected) in [
        ("extra", "is no folder"),
        ("extra/one.txt", "does not track"),
    ] {
        let path = sandbox.path("orders").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let run = upgraded(&releases, &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
        assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(fs::read_to_string(&readme).unwrap(), text);
}

/// A service made from, or brought to, a commit after the last release is ahead of it.
#[test]
fn a_service_does_not_go_back() {
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &[]);
    edit(
        &releases.root.join("template-axum/README.md"),
        "\n",
        "\nNewer.\n",
    );
    releases.commit("After the release");
    let run = upgraded(&releases, &["--to", "main"]);
    assert_eq!(run.code, 0, "{run:?}");
    commit(&sandbox, "orders");
    let run = upgraded(&releases, &[]);
    assert!(run.stdout.contains("nothing to do"), "{run:?}");
    let run = upgraded(&releases, &["--to", "0.1.0"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is older"), "{run:?}");
    assert_eq!(sandbox.git("orders", &["status", "--porcelain"]), "");
}
