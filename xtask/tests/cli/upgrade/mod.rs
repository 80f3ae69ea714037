//! `upgrade`: the story of a service that keeps up.

mod killed;
mod made;
mod refused;

use std::fs;

use crate::packs::{Releases, edit};
use crate::support::{Sandbox, contents};

use made::*;

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
