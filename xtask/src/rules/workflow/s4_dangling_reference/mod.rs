//! Names in expressions that nothing answers to.

mod comparison;
mod events;
mod inputs;
mod jobs;
mod steps;

use super::model::expr::{Comparison, Kind};
use super::model::shape::{MEMBERS, Site};
use super::model::yaml::{Fault, Name};
use super::model::{File, Job, Model};
use super::words::did_you_mean;
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S4-dangling-reference",
    summary: "`needs.x`, `steps.x`, `inputs.x`, `matrix.x`, `jobs.x.outputs.y` or a member of `github` that nothing defines or \
              that no event which starts the workflow brings, a comparison that can never hold, or `fromJSON` of what is no JSON",
    why: "GitHub takes it for empty text: an image without a name, a step that never runs, a condition that always fails.",
    example: "if: needs.biuld.result == 'success'",
    remedy: "Name what is there: a job in `needs`, a step with that `id` before this one, an input that is declared.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut faults = Vec::new();
        for site in &file.walked.sites {
            site.expr.walk(&mut |expr| {
                if let Some(path) = expr.path() {
                    reference(file, site, &path, &mut faults);
                }
                if let Kind::Compare(how @ (Comparison::Equal | Comparison::NotEqual), a, b) =
                    &expr.kind
                {
                    comparison::judge(file, *how, a, b, &mut faults);
                    comparison::judge(file, *how, b, a, &mut faults);
                    comparison::types(file, a, b, &mut faults);
                    comparison::types(file, b, a, &mut faults);
                }
                if let Kind::Call(name, arguments) = &expr.kind {
                    comparison::json(name, arguments, &mut faults);
                }
            });
            events::judge(model, file, site, &mut faults);
        }
        steps::ids(file, &mut faults);
        for fault in faults.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

fn reference(file: &File, site: &Site, path: &[&Name], faults: &mut Vec<Fault>) {
    // A context that this key doesn't see is reported as that.
    let root = path[0].text.to_ascii_lowercase();
    if !site.place.contexts.contains(&root.as_str()) {
        return;
    }
    let Some(name) = path.get(1) else { return };
    let fault = match root.as_str() {
        "needs" => jobs::needed(file, site, path),
        "jobs" => jobs::called(file, path),
        "steps" => steps::referred(file, site, path),
        "inputs" => inputs::input(file, name),
        "matrix" => inputs::matrix(file, site, name),
        "github" if name.text.eq_ignore_ascii_case("event") => inputs::dispatched(file, path),
        root => MEMBERS
            .iter()
            .find(|(context, _)| *context == root)
            .and_then(|(_, members)| member(root, name, members)),
    };
    faults.extend(fault);
}

fn job_of<'f>(file: &'f File, site: &Site) -> Option<Job<'f>> {
    file.workflow()?.job(site.job.as_deref()?)
}

/// A property that a context does not have; GitHub looks them up in any case.
fn member(of: &str, name: &Name, known: &[&str]) -> Option<Fault> {
    if known
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&name.text))
    {
        return None;
    }
    let message = format!("`{of}` has no `{}`", name.text);
    let help = did_you_mean(
        &name.text,
        known.iter().copied(),
        format!("it has {}", known.join(", ")),
    );
    Some(Fault::new(name.span.clone(), message, help))
}
