//! What `upgrade` refuses: nothing is written, and nothing of anybody's is lost.

use std::fs;

use crate::packs::{Releases, edit};
use crate::support::Sandbox;

use super::made::*;

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
            .contains("not committed: `new.txt`; commit or stash"),
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
