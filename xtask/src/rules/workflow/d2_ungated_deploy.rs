//! What deploys comes after CI, and from the default branch alone.

use std::ops::Range;

use super::Rule;
use super::model::conditions::on_branch;
use super::model::deployment::is_rollback;
use super::model::expr::{Expr, Kind, Truth, Value, truth};
use super::model::yaml::Node;
use super::model::{File, Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D2-ungated-deploy",
    summary: "a deployment that does not wait for CI, or that also runs from other branches than the default one, or \
              never from that",
    why: "A commit that CI has refused, or that nobody has reviewed, runs in production.",
    example: "deploy: # no `needs: ci`\n  uses: your-org/golden-path/.github/workflows/deploy.yml@v1.2.3",
    remedy: "Add `needs: ci` to the job that deploys, and \
             `if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)`.",
    check,
};

const ON_DEFAULT: &str = "add `if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)` to the job";

fn check(model: &Model, report: &mut Report) {
    let calls = model.calls();
    for deployment in model.deployments() {
        let Some(first) = deployment.stages.iter().min_by_key(|stage| stage.rank) else {
            continue;
        };
        let callers = calls.iter().filter(|call| call.is_of(&deployment.workflow));
        let mut called = false;
        for call in callers {
            called = true;
            // A workflow between the two has callers of its own, which decide.
            if !call.caller.is_only_called() {
                judge(model, call.caller, &call.job, report);
            }
        }
        // What also starts by other events than a call has nobody who decides for it.
        if !called || !deployment.workflow.is_only_called() {
            judge(model, deployment.workflow, &first.job, report);
        }
    }
}

fn judge(model: &Model, workflow: Workflow<'_>, job: &Job<'_>, report: &mut Report) {
    let source = &workflow.file.source;
    let ancestors = workflow.ancestors(job);
    let gate = |job: &Job<'_>| !is_rollback(job) && !deploys(model, workflow.file, job);
    let own = workflow.deployment();
    let gated = ancestors
        .iter()
        .any(|job| gate(job) && own.as_ref().is_none_or(|own| !own.is_stage(job)));
    if !gated {
        let message = format!("`{}` deploys and waits for no check", job.id.text);
        report.error(
            RULE.id,
            source,
            job.id.span.clone(),
            message,
            "add `needs: ci`, with a job `ci` that tests",
        );
    }
    if let Some((span, message)) = elsewhere(workflow, job) {
        report.error(RULE.id, source, span, message, ON_DEFAULT);
    }
}

/// Whether a job calls a workflow that deploys.
fn deploys(model: &Model, file: &File, job: &Job<'_>) -> bool {
    model
        .callee(file, job)
        .is_some_and(|callee| callee.deployment().is_some())
}

/// Where it says that it deploys from elsewhere than the default branch, or never from there.
fn elsewhere(workflow: Workflow<'_>, job: &Job<'_>) -> Option<(Range<usize>, String)> {
    let id = &job.id.text;
    if is_kept_to_default(workflow, job) {
        let names = written_names(workflow, job);
        let on_default = |name: &String| on_branch(workflow, job, name, name) != Truth::No;
        let condition = job.node.get("if");
        let span = condition.map_or(&job.id.span, |node| &node.span).clone();
        if !names.iter().any(on_default) {
            return Some((span, format!("`{id}` does not run from the default branch")));
        }
        let events = workflow.events();
        let event = events.first()?;
        let never = events
            .iter()
            .all(|event| never_on_branch(workflow, &event.text));
        return never.then(|| {
            let message = format!(
                "`{id}` never runs: `{}`, as it stands here, starts nothing on the default branch",
                event.text
            );
            (event.span.clone(), message)
        });
    }
    let events = workflow.events().into_iter();
    let event = events
        .filter(|event| starts_elsewhere(workflow, &event.text))
        .find(|event| !is_left_out(workflow, job, &event.text))?;
    let message = format!(
        "`{}` starts `{id}` from other branches than the default one",
        event.text
    );
    Some((event.span, message))
}

/// Whether the job's own condition holds for no tag and no other branch than the default one. The names here are such
/// that no condition has written them.
fn is_kept_to_default(workflow: Workflow<'_>, job: &Job<'_>) -> bool {
    let others = ["\u{1}branch", "refs/tags/\u{1}tag"];
    others
        .iter()
        .all(|other| on_branch(workflow, job, other, "\u{1}default") == Truth::No)
}

/// Whether the ref of what an event starts is never a branch that is pushed to: a tag, or what a pull request would merge.
fn never_on_branch(workflow: Workflow<'_>, event: &str) -> bool {
    let has = |key: &str| workflow.root.at(&["on", event, key]).is_some();
    match event {
        "pull_request" | "release" | "merge_group" => true,
        "push" => {
            (has("tags") || has("tags-ignore")) && !has("branches") && !has("branches-ignore")
        }
        _ => false,
    }
}

/// Whether an event starts the workflow on other branches, too, or on tags.
fn starts_elsewhere(workflow: Workflow<'_>, event: &str) -> bool {
    let filter = |key: &str| workflow.root.at(&["on", event, key]);
    match event {
        "push" => {
            let one_branch = match filter("branches").map(Node::one_or_many) {
                Some([branch]) => branch
                    .text()
                    .is_some_and(|text| !text.contains(['*', '?', '[', '!', '+'])),
                _ => false,
            };
            // `branches` alone keeps tags out; a filter of tags beside it lets some in.
            !one_branch || filter("tags").is_some() || filter("tags-ignore").is_some()
        }
        // A schedule runs on the default branch; of what is called, the caller decides.
        "schedule" | "workflow_call" => false,
        _ => true,
    }
}

/// Whether the job's condition never holds for this event, as `github.event_name == 'push'` for others.
fn is_left_out(workflow: Workflow<'_>, job: &Job<'_>, event: &str) -> bool {
    let lookup = |expr: &Expr| {
        if expr.is_path(&["github", "event_name"]) {
            Value::Text(event.to_owned())
        } else {
            Value::Open
        }
    };
    workflow
        .condition(job)
        .is_some_and(|condition| truth(condition, &lookup) == Truth::No)
}

/// Branches that the job's condition names, and the usual one.
fn written_names(workflow: Workflow<'_>, job: &Job<'_>) -> Vec<String> {
    let mut names = vec!["main".to_owned()];
    if let Some(condition) = workflow.condition(job) {
        condition.walk(&mut |expr| {
            if let Kind::Text(text) = &expr.kind {
                names.push(text.trim_start_matches("refs/heads/").to_owned());
            }
        });
    }
    names
}
