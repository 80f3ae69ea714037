//! `selftest`: what it plants, what it prints, and when it refuses.

use std::fs;

use crate::support::{self, Run, Sandbox, pack};
use serde_json::Value;

fn json_lines(run: &Run) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}: {run:?}"));
    run.stdout.lines().map(parse).collect()
}

#[test]
fn the_table_is_printed_without_planting() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(&["selftest", "--list", "--format", "json"], |_| {});
    let lines = json_lines(&run);
    let (summary, faults) = lines.split_last().unwrap();
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(summary["summary"]["faults"], faults.len());
    assert!(faults.iter().any(|fault| fault["rule"] == "symlink"));
}

#[test]
fn planted_faults_are_caught_with_their_place() {
    let sandbox = Sandbox::new();
    // One family renders, the other does not.
    for (wanted, rule, file) in [
        (
            "all secrets handed on",
            "P2-secrets-inherit",
            "template-axum/.github/workflows/deploy.yml",
        ),
        (
            "a hook twice",
            "broken-hook",
            "template-axum/cargo-generate.toml",
        ),
    ] {
        let run = sandbox.run_with(&["selftest", wanted, "--format", "json"], |_| {});
        assert_eq!(run.code, 0, "{run:?}");
        let lines = json_lines(&run);
        assert_eq!(lines.len(), 2, "{run:?}");
        assert_eq!(
            (&lines[0]["rule"], &lines[0]["file"]),
            (&rule.into(), &file.into())
        );
        assert_eq!(lines[0]["status"], "caught");
        assert!(lines[0]["line"].as_u64().unwrap() > 1);
        assert_eq!(lines[1]["summary"]["planted"], 1);
        assert_eq!(lines[1]["summary"]["missed"], 0);
    }
}

#[test]
fn what_cannot_be_planted_is_refused_by_name() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(&["selftest", "nonsense"], |_| {});
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("no fault has `nonsense`"), "{run:?}");

    let copy = sandbox.path("pack");
    support::copy_tracked(&pack(), &copy);
    let deploy = copy.join(".github/workflows/deploy.yml");
    let text = fs::read_to_string(&deploy).unwrap();
    fs::write(
        &deploy,
        text.replace("idp-deploy promote --image", "idp-deploy promote  --image"),
    )
    .unwrap();
    let root = copy.to_str().unwrap();
    let run = sandbox.run_with(&["selftest", "a build in prod", "--root", root], |_| {});
    assert_eq!(run.code, 2, "{run:?}");
    let expected = "error: the fault \"a build in prod\" does not fit .github/workflows/deploy.yml: it holds no ";
    assert!(run.stderr.starts_with(expected), "{run:?}");
}
