//! What kustomizations and the manifests they list refer to.

mod keys;
mod listing;
mod numbers;
mod parts;
mod patches;
mod paths;
mod reading;
mod references;
mod selectors;
mod workload;

use std::collections::BTreeSet;
use std::ops::Range;

use super::Rule;
use super::model::rendered::Rendered;
use super::model::{Model, Run, Template};
use crate::report::Report;
use reading::Reading;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-kustomize",
    summary: "a kustomization or Kubernetes manifest that refers to a file, an object, a container, a port, a volume or labels which some service does not have",
    why: "kustomize refuses the folder, or the cluster takes manifests that do not belong together: a Service without pods, a \
          probe of no port. The developer learns it from the first deployment.",
    example: "resources:\n  - hpa.yaml # the file is called horizontalpodautoscaler.yaml",
    remedy: "Name what is there, or put the line under the option that brings it.",
    check,
};

/// Something wrong in a rendered file.
struct Fault {
    /// The file's path in the service.
    path: String,
    /// Bytes of its rendered text.
    span: Range<usize>,
    message: String,
    help: String,
}

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            check_run(model, template, run, &mut told, report);
        }
    }
}

fn check_run(
    model: &Model,
    template: &Template,
    run: &Run,
    told: &mut BTreeSet<(String, String)>,
    report: &mut Report,
) {
    let reading = Reading::of(model, template, run);
    let mut faults = reading.faults();
    references::check(&reading, &mut faults);
    for fault in faults {
        if !told.insert((fault.path.clone(), fault.message.clone())) {
            continue;
        }
        let file: Option<&Rendered<'_>> = reading.file(&fault.path);
        if let Some(file) = file {
            let message = format!("{}, with `{}`", fault.message, run.case);
            report.error(
                RULE.id,
                file.source,
                file.place(&fault.span),
                message,
                fault.help,
            );
        }
    }
}
