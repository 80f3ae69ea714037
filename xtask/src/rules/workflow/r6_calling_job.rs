//! Keys that a job which calls a workflow can't have.

use super::Rule;
use super::model::Model;
use super::model::shape::{CALLING_KEYS, JOB_KEYS};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R6-calling-job",
    summary: "a key on a job that calls a workflow, and that only a job of its own steps may have",
    why: "GitHub refuses the whole file: environment, time-out and runner are the callee's to say.",
    example: "deploy:\n  uses: ./.github/workflows/deploy.yml\n  timeout-minutes: 30",
    remedy: "Take the key away, and set it on the jobs of the workflow that is called; hand over an input where callers differ.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow
            .jobs()
            .iter()
            .filter(|job| job.node.get("uses").is_some())
        {
            for entry in job.node.entries() {
                let key = entry.key.text.as_str();
                let known = JOB_KEYS.iter().any(|known| known.name == key);
                if known && !CALLING_KEYS.contains(&key) {
                    let message = format!("`{key}` on a job that calls a workflow");
                    let help = match key {
                        "env" => "hand the values over as inputs, under `with:`".to_owned(),
                        "steps" => {
                            "put the steps into a job of their own, or take `uses:` away".to_owned()
                        }
                        _ => {
                            format!("take it away, and set `{key}` in the workflow that is called")
                        }
                    };
                    let source = &workflow.file.source;
                    report.error(RULE.id, source, entry.key.span.clone(), message, help);
                }
            }
        }
    }
}
