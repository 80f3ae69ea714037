//! Variables that are GitHub's own, and can't be given another value.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::model::yaml::{Content, Node};
use super::model::{File, Model, Step};
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S7-reserved-variable",
    summary: "a variable of GitHub's own, such as `GITHUB_SHA` or `RUNNER_TEMP`, that an `env:` or `GITHUB_ENV` gives another \
              value",
    why: "GitHub sets it again before each step: what stands here is ignored, and the step works with another commit, branch \
          or folder than its text says.",
    example: "env:\n  GITHUB_SHA: ${{ inputs.commit }}",
    remedy: "Give the variable a name of your own, and read it by that.",
    check,
};

/// Behind `GITHUB_`: what the runner sets for every step. `GITHUB_TOKEN` is not among it, and anybody's to set.
const GITHUB: &[&str] = &[
    "ACTION",
    "ACTIONS",
    "ACTION_PATH",
    "ACTION_REF",
    "ACTION_REPOSITORY",
    "ACTOR",
    "ACTOR_ID",
    "API_URL",
    "BASE_REF",
    "ENV",
    "EVENT_NAME",
    "EVENT_PATH",
    "GRAPHQL_URL",
    "HEAD_REF",
    "JOB",
    "OUTPUT",
    "PATH",
    "REF",
    "REF_NAME",
    "REF_PROTECTED",
    "REF_TYPE",
    "REPOSITORY",
    "REPOSITORY_ID",
    "REPOSITORY_OWNER",
    "REPOSITORY_OWNER_ID",
    "RETENTION_DAYS",
    "RUN_ATTEMPT",
    "RUN_ID",
    "RUN_NUMBER",
    "SERVER_URL",
    "SHA",
    "STATE",
    "STEP_SUMMARY",
    "TRIGGERING_ACTOR",
    "WORKFLOW",
    "WORKFLOW_REF",
    "WORKFLOW_SHA",
    "WORKSPACE",
];

/// Behind `RUNNER_`. `RUNNER_DEBUG` and `RUNNER_TRACKING_ID` do something where they are set.
const RUNNER: &[&str] = &[
    "ARCH",
    "ENVIRONMENT",
    "NAME",
    "OS",
    "TEMP",
    "TOOL_CACHE",
    "WORKSPACE",
];

/// A line that tells later steps such a variable.
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)^[ \t]*(?:echo|printf)[ \t]+["']?(?P<name>(?:GITHUB|RUNNER)_[A-Z_]+)=.*>>[ \t]*["']?\$\{?GITHUB_ENV\b"#,
    )
    .ok()
});

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        for (name, span) in set(file).into_iter().take(ENOUGH) {
            let message = format!("`{name}` is GitHub's own: what it is set to here is ignored");
            let rest = name.split_once('_').map_or(name.as_str(), |(_, rest)| rest);
            let help = format!("write `OWN_{rest}`, or another name, here and where it is read");
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}

/// What a file sets of them, and where.
fn set(file: &File) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut env = |node: Option<&Node>| {
        for entry in node.map_or(&[][..], Node::entries) {
            let name = &entry.key.text;
            if is_reserved(name) && !is_the_same(name, &entry.value) {
                found.push((name.clone(), entry.key.span.clone()));
            }
        }
    };
    if let Some(workflow) = file.workflow() {
        env(workflow.root.get("env"));
        for job in workflow.jobs() {
            env(job.node.get("env"));
        }
    }
    let steps = file.steps();
    for step in &steps {
        env(step.node.get("env"));
    }
    for run in steps.iter().filter_map(Step::run) {
        let Some(content) = Content::of(run, &file.source.text) else {
            continue;
        };
        let told = TOLD
            .iter()
            .flat_map(|told| told.captures_iter(&content.text));
        for name in told.filter_map(|told| told.name("name")) {
            if is_reserved(name.as_str()) {
                found.push((name.as_str().to_owned(), content.span(name.range())));
            }
        }
    }
    found
}

fn is_reserved(name: &str) -> bool {
    match (name.strip_prefix("GITHUB_"), name.strip_prefix("RUNNER_")) {
        (Some(rest), _) => GITHUB.contains(&rest),
        (_, Some(rest)) => RUNNER.contains(&rest),
        _ => false,
    }
}

/// `GITHUB_SHA: ${{ github.sha }}` says what is there already.
fn is_the_same(name: &str, value: &Node) -> bool {
    let text = value.text().unwrap_or_default().trim();
    let inner = text
        .strip_prefix("${{")
        .and_then(|text| text.strip_suffix("}}"));
    inner.is_some_and(|inner| {
        inner
            .trim()
            .replacen('.', "_", 1)
            .eq_ignore_ascii_case(name)
    })
}
