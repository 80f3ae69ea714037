//! What the tools print, recorded, and what becomes of it.

use anyhow::bail;

use super::script::Script;
use super::subject::Found;
use super::{PROGRAMS, actionlint, compose, explain, hadolint, output, shellcheck, zizmor};
use crate::report::{Severity, Source};
use crate::rules::workflow::{File, FileKind, yaml};

const WORKFLOW: &str = include_str!("fixtures/workflow.yml");
const DOCKERFILE: &str = include_str!("fixtures/Dockerfile");

/// Rule, line and column, and the word that is underlined.
fn shown(found: &[Found], text: &str) -> Vec<String> {
    let source = Source::new("x", text);
    found
        .iter()
        .map(|found| {
            let (line, column) = source.position(found.span.start);
            let word = &text[found.span.clone()];
            format!("{} {line}:{column} {word}", found.rule)
        })
        .collect()
}

fn only<T: Copy>(name: &'static str, value: T) -> impl Fn(&str) -> anyhow::Result<T> {
    move |path| {
        if path.ends_with(name) {
            return Ok(value);
        }
        bail!("it names `{path}`")
    }
}

#[test]
fn actionlint_s_complaints_stand_under_their_words() {
    let source = Source::new("x", WORKFLOW);
    let text = include_str!("fixtures/actionlint.json");
    let found = actionlint::read(text, only("workflow.yml", (0, &source))).unwrap();
    assert_eq!(
        shown(&found, WORKFLOW),
        [
            "actionlint/expression 11:24 github.event.issue.title",
            "actionlint/deprecated-commands 15:22 set-output",
        ]
    );
}

#[test]
fn zizmor_s_findings_have_their_main_place_in_every_form() {
    let text = include_str!("fixtures/zizmor.json");
    let found = zizmor::read(text, only("workflow.yml", 0)).unwrap();
    assert_eq!(
        shown(&found, WORKFLOW),
        [
            "zizmor/template-injection 11:24 github.event.issue.title",
            "zizmor/unpinned-uses 16:15 actions/checkout@v4",
        ]
    );
    assert!(found.iter().all(|f| f.severity == Severity::Error));
    let old = include_str!("fixtures/zizmor-1.16.json");
    let found = zizmor::read(old, only("workflow.yml", 0)).unwrap();
    let expected = "zizmor/template-injection 11:24 github.event.issue.title";
    assert_eq!(shown(&found, WORKFLOW), [expected]);
    // What somebody has let pass is not found, and what informs is no error.
    let one = text.replace("\"ignored\": false", "\"ignored\": true");
    assert_eq!(zizmor::read(&one, only("workflow.yml", 0)).unwrap(), []);
    let mild = text.replace("\"severity\": \"High\"", "\"severity\": \"Informational\"");
    let found = zizmor::read(&mild, only("workflow.yml", 0)).unwrap();
    assert!(found.iter().all(|f| f.severity == Severity::Warning));
}

#[test]
fn shellcheck_s_comments_are_led_into_the_workflow_without_those_on_stand_ins() {
    let source = Source::new("x", WORKFLOW);
    let file = File::new(0, "x", FileKind::Workflow, source, None);
    let scripts = Script::all(&file);
    let comments = shellcheck::read(include_str!("fixtures/shellcheck.json")).unwrap();
    assert_eq!(comments.len(), 2, "one of them on a stand-in");
    let found: Vec<Found> = comments
        .into_iter()
        .filter_map(|comment| comment.in_script(&scripts[0], 0))
        .collect();
    assert_eq!(shown(&found, WORKFLOW), ["shellcheck/SC2086 13:18 $title"]);
    assert_eq!(
        (found[0].message.as_str(), found[0].help.as_str()),
        (
            "double quote to prevent globbing and word splitting",
            "see https://www.shellcheck.net/wiki/SC2086"
        )
    );
}

#[test]
fn hadolint_s_complaints_stand_under_the_instruction() {
    let source = Source::new("x", DOCKERFILE);
    let text = include_str!("fixtures/hadolint.json");
    let found = hadolint::read(text, only("Dockerfile", (0, &source))).unwrap();
    assert_eq!(
        shown(&found, DOCKERFILE),
        [
            "hadolint/DL3007 1:1 FROM",
            "hadolint/DL3003 3:1 ",
            "hadolint/SC2154 3:1 ",
        ]
    );
    assert!(found[2].help.contains("shellcheck.net/wiki/SC2154"));
}

#[test]
fn compose_s_refusals_point_at_what_they_name() {
    let text = "x-all: &all\n  read_onyl: true\nservices:\n  a:\n    <<: *all\n    image: ${X:?set it}\n    depends_on: [b]\n    restart: {}\nvolumes:\n  data: {}\n";
    let source = Source::new("x", text);
    let root = yaml::parse(text).0;
    for (refusal, expected) in [
        (
            "validating F: services.a.read_onyl false schema",
            "2:3 read_onyl",
        ),
        (
            "validating F: services.a additional properties 'read_onyl' not allowed",
            "2:3 read_onyl",
        ),
        (
            "F: services.a Additional property read_onyl is not allowed",
            "2:3 read_onyl",
        ),
        ("services.a.restart must be a string", "8:5 restart"),
        (
            "error while interpolating services.a.image: required variable X is missing a value: set it",
            "6:5 image",
        ),
        (
            "service \"a\" depends on undefined service \"b\": invalid compose project",
            "7:18 b",
        ),
        (
            "service \"a\" refers to undefined volume x: invalid compose project",
            "4:3 a",
        ),
        (
            "go-yaml load error in composer at L5.C9: unknown anchor 'aa' referenced",
            "5:5 <<: *all",
        ),
        (
            "yaml: line 10: could not find expected ':'",
            "10:3 data: {}",
        ),
        ("invalid containerPort: x", "1:1 "),
    ] {
        let stderr = format!("time=\"…\" level=warning msg=\"unset\"\n{refusal}\n");
        let refusal = compose::read(&stderr, "F").unwrap();
        assert!(!refusal.contains("F: "), "{refusal}");
        let found = compose::finding(0, &source, root.as_ref(), &refusal);
        assert_eq!(
            shown(&[found], text),
            [format!("compose/config {expected}")],
            "{refusal}"
        );
    }
    let silent = compose::read("level=warning\n", "F").unwrap_err();
    assert!(format!("{silent}").contains("does not say why"));
}

#[test]
fn an_answer_that_can_t_be_read_is_an_error() {
    let source = Source::new("x", WORKFLOW);
    for text in ["", "panic: oh", "{}", "[{\"message\": 1}]", "[1]"] {
        let error = actionlint::read(text, only("x", (0, &source))).unwrap_err();
        let said = format!("{error:#}");
        assert!(said.contains("can't be read"), "{said}");
        assert!(hadolint::read(text, only("x", (0, &source))).is_err());
        assert!(zizmor::read(text, only("x", 0)).is_err(), "{text}");
        assert!(shellcheck::read(text).is_err(), "{text}");
    }
    // One about a file that it was not given.
    let text = include_str!("fixtures/hadolint.json");
    assert!(hadolint::read(text, only("other", (0, &source))).is_err());
}

#[test]
fn a_tool_that_breaks_is_told_by_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = |script: &str| {
        let args = ["-c".to_owned(), script.to_owned()];
        output::run(folder.path(), "sh", &args, &[0, 1])
    };
    assert_eq!(run("echo a; exit 1").unwrap().stdout, "a\n");
    for (script, expected) in [
        ("echo; echo oh >&2; exit 2", "it ended with 2: oh"),
        ("exit 3", "it ended with 3: it said nothing"),
        ("kill -9 $$", "it ended by a signal"),
    ] {
        let error = format!("{:#}", run(script).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn every_tool_s_rules_are_explained_by_where_it_says_more() {
    for program in PROGRAMS {
        let text = explain(&format!("{}/SC1", program.name)).unwrap();
        assert!(text.contains("https://"), "{text}");
    }
    assert_eq!(explain("S1-workflow-shape"), None);
    assert_eq!(explain("other/rule"), None);
}

#[test]
fn a_tool_that_hangs_is_killed_with_all_that_it_started_and_said_so() {
    let patience = std::time::Duration::from_millis(300);
    let here = std::env::temp_dir();
    let args = ["-c", "sleep 60 & sleep 60"].map(str::to_owned);
    let begun = std::time::Instant::now();
    let error = output::run_within(patience, &here, "sh", &args, &[0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it still ran after 300ms, and was killed"
    );
    assert!(begun.elapsed() < std::time::Duration::from_secs(10));
}
