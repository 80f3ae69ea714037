//! Outputs that a callee does not declare.

use super::Rule;
use super::model::shape::Site;
use super::model::yaml::{Entry, Name};
use super::model::{File, Model};
use super::words::{did_you_mean, listed};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R5-output",
    summary: "an output that is read of a called workflow or of an action of this tree, and that it does not declare",
    why: "GitHub gives empty text for it: a deployment without a digest, a comment without a link.",
    example: "image: ${{ needs.deploy.outputs.digets }}",
    remedy: "Read what the callee declares under `outputs:`, or declare it there.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        for site in &file.walked.sites {
            site.expr.walk(&mut |expr| {
                let Some(path) = expr.path() else { return };
                let [root, id, outputs, output, ..] = path.as_slice() else {
                    return;
                };
                if outputs.text != "outputs" {
                    return;
                }
                let declared = match root.text.as_str() {
                    "needs" | "jobs" => of_call(model, file, id),
                    "steps" => of_action(model, file, site, id),
                    _ => None,
                };
                let Some((callee, declared)) = declared else {
                    return;
                };
                let names = || declared.iter().map(|entry| entry.key.text.as_str());
                if !names().any(|name| name.eq_ignore_ascii_case(&output.text)) {
                    let message = format!("`{}` has no output `{}`", callee.shown(), output.text);
                    let help = did_you_mean(&output.text, names(), listed("outputs", names()));
                    report.error(RULE.id, &file.source, output.span.clone(), message, help);
                }
            });
        }
    }
}

fn of_call<'a>(model: &'a Model, file: &File, id: &Name) -> Option<(&'a File, &'a [Entry])> {
    let job = file.workflow()?.job(&id.text)?;
    let callee = model.callee(file, &job)?;
    Some((callee.file, callee.outputs()))
}

fn of_action<'a>(
    model: &'a Model,
    file: &File,
    site: &Site,
    id: &Name,
) -> Option<(&'a File, &'a [Entry])> {
    let steps = file.steps();
    let step = steps.iter().find(|step| {
        step.job.map(|job| job.text.as_str()) == site.job.as_deref()
            && step
                .id()
                .and_then(|node| node.text())
                .is_some_and(|text| text.eq_ignore_ascii_case(&id.text))
    })?;
    let action = model.action(file, step)?;
    let composite = action.root.as_ref()?.at(&["runs", "using"])?.text()? == "composite";
    composite.then(|| (action, action.action_outputs()))
}
