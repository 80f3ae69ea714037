//! A caller and its callee in one concurrency group.

use super::Rule;
use super::model::yaml::Node;
use super::model::{Job, Model, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R8-shared-concurrency",
    summary: "a concurrency group that a run holds and then waits for: the same one in caller and callee, or in a workflow and \
              its job",
    why: "The caller holds the group until the callee is done, and the callee waits for the group: GitHub cancels the run, or \
          it waits for ever. `github.workflow` is the caller's in both.",
    example: "concurrency: ${{ github.workflow }}-${{ github.ref }} # in the caller and in the callee",
    remedy: "Keep the group in one of the two: for deployments on the callee's jobs.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        let whole = workflow
            .concurrency()
            .and_then(|concurrency| concurrency.group);
        for job in workflow.jobs() {
            let own = job.concurrency().and_then(|concurrency| concurrency.group);
            if let (Some(whole), Some(own)) = (whole, own)
                && same(whole, own, &[])
            {
                let message = format!(
                    "the job `{}` waits for the group that its workflow holds",
                    job.id.text
                );
                let source = &workflow.file.source;
                let help = "take one of the two groups away";
                report.error(RULE.id, source, own.span.clone(), message, help);
            }
        }
    }
    for call in model.calls() {
        let inputs = given(&call.job);
        let mut callees: Vec<&Node> = call
            .callee
            .concurrency()
            .and_then(|c| c.group)
            .into_iter()
            .collect();
        callees.extend(
            call.callee
                .jobs()
                .iter()
                .filter_map(|job| job.concurrency()?.group),
        );
        for group in groups(&call.caller, &call.job) {
            if callees.iter().any(|other| same(group, other, &inputs)) {
                let message = format!(
                    "`{}` waits for this group, which its caller holds",
                    call.callee.file.shown()
                );
                let help = "take `concurrency:` out of the caller: the callee has it";
                let source = &call.caller.file.source;
                report.error(RULE.id, source, group.span.clone(), message, help);
            }
        }
    }
}

fn groups<'a>(workflow: &Workflow<'a>, job: &Job<'a>) -> Vec<&'a Node> {
    let own = job.concurrency().and_then(|concurrency| concurrency.group);
    let whole = workflow
        .concurrency()
        .and_then(|concurrency| concurrency.group);
    own.into_iter().chain(whole).collect()
}

/// What a caller hands over, as the text that stands for `inputs.x`.
fn given(job: &Job<'_>) -> Vec<(String, String)> {
    let with = job.node.get("with").map_or(&[][..], Node::entries);
    with.iter()
        .filter_map(|entry| {
            let name = format!("${{{{inputs.{}}}}}", entry.key.text);
            Some((name, normal(entry.value.text()?)))
        })
        .collect()
}

fn same(held: &Node, other: &Node, inputs: &[(String, String)]) -> bool {
    let (Some(held), Some(other)) = (held.text(), other.text()) else {
        return false;
    };
    let mut filled = normal(other);
    for (name, value) in inputs {
        filled = filled.replace(name.as_str(), value);
    }
    normal(held).eq_ignore_ascii_case(&filled)
}

/// Without the blanks that mean nothing.
fn normal(text: &str) -> String {
    text.split_whitespace().collect()
}
