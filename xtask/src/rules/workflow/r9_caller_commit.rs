//! In a called workflow `github` is the caller's.

use super::Rule;
use super::model::{File, FileKind, Model, Step};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R9-caller-commit",
    summary: "a callee that takes the caller's `workflow_sha` or `workflow_ref` for its own, or checks out another repository \
              at `github.sha`",
    why: "In a called workflow `github.sha`, `github.workflow_sha` and `github.workflow_ref` are the caller's: another \
          repository does not have that commit, and the checkout fails, or takes what was not meant.",
    example: "uses: actions/checkout@…\nwith:\n  repository: your-org/golden-path\n  ref: ${{ github.workflow_sha }}",
    remedy: "Use an action of the pack, whose own files are at `$GITHUB_ACTION_PATH`, or write the ref out.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in model.files.iter().filter(|file| file.is_called()) {
        for site in &file.walked.sites {
            site.expr.walk(&mut |expr| {
                for name in ["workflow_sha", "workflow_ref"] {
                    if expr.is_path(&["github", name]) {
                        let message = format!("`github.{name}` is the caller's here");
                        let help = "read the pack's own files below `$GITHUB_ACTION_PATH`, or write the ref out";
                        report.error(RULE.id, &file.source, expr.span.clone(), message, help);
                    }
                }
            });
        }
        for step in file.steps() {
            foreign_checkout(file, &step, report);
        }
    }
}

fn foreign_checkout(file: &File, step: &Step<'_>, report: &mut Report) {
    let other = step.with("repository").and_then(|node| node.text());
    let other = other.filter(|text| !text.contains("github.repository"));
    if !step.uses_action("actions/checkout") || other.is_none() {
        return;
    }
    let Some(reference) = step.with("ref") else {
        return;
    };
    for site in &file.walked.sites {
        let here = site.step == Some(step.index)
            && site.job.as_deref() == step.job.map(|job| job.text.as_str())
            && reference.span.contains(&site.expr.span.start);
        let names = ["sha", "ref", "ref_name"];
        let caller = names
            .into_iter()
            .find(|name| site.expr.is_path(&["github", name]));
        if let Some(name) = caller.filter(|_| here) {
            let who = if file.kind == FileKind::Action {
                "action"
            } else {
                "workflow"
            };
            let message = format!(
                "another repository has no `github.{name}`: it is that of the {who}'s caller"
            );
            let source = &file.source;
            let help = "write the ref of that repository out";
            report.error(RULE.id, source, site.expr.span.clone(), message, help);
        }
    }
}
