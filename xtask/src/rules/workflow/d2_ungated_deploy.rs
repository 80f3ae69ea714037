//! What deploys comes after CI, and from the default branch alone.

use std::ops::Range;

use super::Rule;
use super::model::conditions::on_branch;
use super::model::deployment::is_rollback;
use super::model::expr::{Kind, Truth};
use super::model::yaml::Node;
use super::model::{File, Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D2-ungated-deploy",
    summary: "a deployment that does not wait for CI, or that also runs from other branches than the default one",
    why: "A commit that CI has refused, or that nobody has reviewed, runs in production.",
    example: "deploy: # no `needs: ci`\n  uses: acme/golden-path/.github/workflows/deploy.yml@v1.2.3",
    remedy: "Add `needs: ci` to the job that deploys, and \
             `if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)`.",
    check,
};

const ON_DEFAULT: &str = "add `if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)` to the job";

fn check(model: &Model, report: &mut Report) {
    let calls = model.calls();
    for deployment in model
        .workflows()
        .filter_map(|workflow| workflow.deployment())
    {
        let Some(first) = deployment.stages.iter().min_by_key(|stage| stage.rank) else {
            continue;
        };
        let callers = calls
            .iter()
            .filter(|call| std::ptr::eq(call.callee.file, deployment.workflow.file));
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
    if let Some((span, message)) = other_branches(workflow, job) {
        report.error(RULE.id, source, span, message, ON_DEFAULT);
    }
}

/// Whether a job calls a workflow that deploys.
fn deploys(model: &Model, file: &File, job: &Job<'_>) -> bool {
    model
        .callee(file, job)
        .is_some_and(|callee| callee.deployment().is_some())
}

/// Where it says that other branches deploy, too.
fn other_branches(workflow: Workflow<'_>, job: &Job<'_>) -> Option<(Range<usize>, String)> {
    let id = &job.id.text;
    // Not names that anybody has written.
    let others = ["\u{1}other", "refs/tags/\u{1}tag"];
    if others
        .iter()
        .all(|name| on_branch(workflow, job, name, "\u{1}default") == Truth::No)
    {
        let names = written_names(workflow, job);
        let on_default = names
            .iter()
            .any(|name| on_branch(workflow, job, name, name) != Truth::No);
        let span = job
            .node
            .get("if")
            .map_or(job.id.span.clone(), |node| node.span.clone());
        return (!on_default)
            .then(|| (span, format!("`{id}` does not run from the default branch")));
    }
    let on = workflow.root.get("on")?;
    for event in workflow.events() {
        let literal = on.at(&[&event.text, "branches"]).map(Node::one_or_many);
        let one = literal.is_some_and(|branches| match branches {
            [branch] => branch
                .text()
                .is_some_and(|text| !text.contains(['*', '?', '[', '!', '+'])),
            _ => false,
        });
        let narrowed = match event.text.as_str() {
            // Beside `branches`, `tags` lets tags in.
            "push" => one && on.at(&["push", "tags"]).is_none(),
            // A schedule runs on the default branch; of what is called, the caller decides.
            "schedule" | "workflow_call" => true,
            _ => false,
        };
        if !narrowed {
            return Some((
                event.span,
                format!(
                    "`{}` starts `{id}` from other branches than the default one",
                    event.text
                ),
            ));
        }
    }
    None
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
