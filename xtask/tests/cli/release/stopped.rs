//! `release`, stopped half-way: by git, between its commits, by Ctrl-C.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::made::*;

#[test]
fn one_that_git_stops_before_its_first_commit_leaves_the_tree_as_it_was() {
    let made = Made::new();
    made.hook("commit-msg", "echo not today >&2; exit 1");
    made.refused(
        &["0.2.0"],
        2,
        "your tree is as it was: `git commit --quiet --message Release 0.2.0`: not today",
    );
    made.drop_hook("commit-msg");
    // The commit is there, and the branch may not move.
    made.hook(
        "reference-transaction",
        "[ \"$1\" != prepared ] || ! grep -q refs/heads/main",
    );
    made.refused(
        &["0.2.0"],
        2,
        "cannot commit `Release 0.2.0` on `main`; your tree is as it was",
    );
    made.drop_hook("reference-transaction");
    assert_eq!(made.release(&["0.2.0"]).code, 0);
    made.assert_released();
    made.assert_tagged();
}

#[test]
fn one_that_stops_between_its_commits_is_finished_by_the_same_command() {
    let made = Made::new();
    // Neither the tag nor the second commit.
    made.hook("commit-msg", "! grep -q Record \"$1\"");
    made.hook("reference-transaction", "! grep -q refs/tags/");
    let run = made.release(&["0.2.0"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("`Release 0.2.0` stands on `main` and is not recorded; run `cargo xtask release 0.2.0` again"),
        "{run:?}"
    );
    assert_eq!(made.git(&["log", "-1", "--format=%s"]), "Release 0.2.0");
    assert_eq!(made.git(&["status", "--porcelain"]), "");
    made.drop_hook("commit-msg");
    made.drop_hook("reference-transaction");
    let before = made.state();
    let plan = made.release(&["0.2.0", "--dry-run"]);
    assert!(plan.stdout.starts_with("would record 0.2.0 "), "{plan:?}");
    assert!(made.state() == before, "it changed something");
    let run = made.release(&["0.2.0"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    made.assert_released();
    made.assert_tagged();
    made.refused(&["0.2.0"], 2, "0.2.0 is released: commit");
}

#[test]
fn ctrl_c_leaves_the_tree_as_it_was_and_the_next_run_clears_up() {
    let made = Made::new();
    let mark = made.sandbox.path("pack/target/committing");
    // Stands in the first commit until it is stopped.
    made.hook(
        "commit-msg",
        &format!("touch '{}'; sleep 10", mark.display()),
    );
    let before = made.state();
    let root = made.root();
    let stopped = std::thread::scope(|scope| {
        let run = scope.spawn(|| made.release(&["0.2.0"]));
        let start = Instant::now();
        while !mark.exists() {
            assert!(!run.is_finished() && start.elapsed() < Duration::from_mins(2));
            std::thread::sleep(Duration::from_millis(10));
        }
        interrupt(&root);
        run.join().unwrap()
    });
    assert_eq!(stopped.code, 130, "{stopped:?}");
    made.drop_hook("commit-msg");
    assert_eq!(made.sandbox.entries(), ["pack"], "temporary folders");
    let after = made.state();
    // The work tree is listed until the next run.
    let same = (&after.0, &after.1, &after.3) == (&before.0, &before.1, &before.3);
    assert!(same, "it changed something");
    assert_eq!(made.release(&["0.2.0"]).code, 0);
    made.assert_released();
}

/// Sends SIGINT to the xtask that works on `root`.
fn interrupt(root: &Path) {
    let wanted = root.to_str().unwrap();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        let mut words = line.split('\0');
        let program = words.next().unwrap_or_default().to_owned();
        if program == env!("CARGO_BIN_EXE_xtask") && words.any(|word| word == wanted) {
            let pid = entry.file_name();
            let status = std::process::Command::new("kill")
                .arg("-INT")
                .arg(pid)
                .status();
            assert!(status.unwrap().success());
        }
    }
}
