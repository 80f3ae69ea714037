//! `drift`: what was done to each service is reported, and nothing else.

mod made;

use std::fs;

use serde_json::{Value, json};

use made::*;

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
