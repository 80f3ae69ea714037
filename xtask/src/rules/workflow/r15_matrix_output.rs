//! Outputs that every leg of a matrix writes anew, read as if there were one.

use super::Rule;
use super::model::expr::{Expr, Kind};
use super::model::shape::Site;
use super::model::yaml::{Entry, Node};
use super::model::{File, Job, Model, Step, Workflow};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R15-matrix-output",
    summary: "an output of a job with a matrix that each of its runs makes anew, such as a digest, and that is read as one",
    why: "A job has each output once: the run of the matrix that ends last writes over the others, and what is deployed is \
          the image of whichever platform took longest.",
    example: "strategy:\n  matrix:\n    platform: [amd64, arm64]\noutputs:\n  digest: ${{ steps.build.outputs.digest }}",
    remedy: "Build all platforms in one job, or hand each digest on as an artefact and join them in a job of its own.",
    check,
};

/// What no two runs of a build have in common.
const OWN: [&str; 5] = [
    "digest",
    "imageid",
    "artifact-id",
    "artifact-url",
    "artifact-digest",
];

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let Some(values) = job.matrix().and_then(legs) else {
                continue;
            };
            for output in job.outputs() {
                if !is_read(workflow, &job, &output.key.text)
                    || !is_own(workflow.file, &job, output, &values)
                {
                    continue;
                }
                let (id, name) = (&job.id.text, &output.key.text);
                let message =
                    format!("`{name}` is that of whichever run of the matrix of `{id}` ends last");
                let help = "build all platforms in one job, or hand each on as an artefact";
                let span = output.key.span.clone();
                report.error(RULE.id, &workflow.file.source, span, message, help);
            }
        }
    }
}

/// The words of a matrix of which at least two jobs are made for sure.
fn legs(matrix: &Node) -> Option<Vec<String>> {
    let mut count = 1;
    let mut has_axes = false;
    for entry in matrix.entries() {
        match entry.key.text.as_str() {
            "include" | "exclude" => {}
            _ => {
                count *= entry.value.items().len();
                has_axes = true;
            }
        }
    }
    let items = |key| matrix.get(key).map_or(0, |node: &Node| node.items().len());
    if !has_axes {
        count = items("include");
    }
    if count.saturating_sub(items("exclude")) < 2 {
        return None;
    }
    let mut words = Vec::new();
    gather(matrix, &mut words);
    Some(words)
}

fn gather(node: &Node, words: &mut Vec<String>) {
    if let Some(text) = node.text() {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
        let parts = parts.filter(|part| part.len() > 1);
        words.extend(parts.map(str::to_ascii_lowercase));
    }
    node.items().iter().for_each(|item| gather(item, words));
    let entries = node.entries().iter();
    entries.for_each(|entry| gather(&entry.value, words));
}

/// Whether anybody reads an output of a job.
fn is_read(workflow: Workflow<'_>, job: &Job<'_>, name: &str) -> bool {
    let mut found = false;
    for site in &workflow.file.walked.sites {
        site.expr.walk(&mut |expr| {
            let paths = ["needs", "jobs"].map(|root| [root, job.id.text.as_str(), "outputs", name]);
            found |= paths.iter().any(|path| expr.is_path(path));
        });
    }
    found
}

/// Whether every run of the matrix makes an output of its own by that name.
fn is_own(file: &File, job: &Job<'_>, output: &Entry, values: &[String]) -> bool {
    let path = [
        "jobs",
        job.id.text.as_str(),
        "outputs",
        output.key.text.as_str(),
    ];
    let at = |site: &&Site| site.path.iter().eq(path.iter());
    let Some(site) = file.walked.sites.iter().find(at) else {
        return false;
    };
    let names = site.expr.path().unwrap_or_default();
    let [steps, id, outputs, name] = names.as_slice() else {
        return false;
    };
    let own = OWN.iter().any(|own| name.text.eq_ignore_ascii_case(own));
    if steps.text != "steps" || outputs.text != "outputs" || !own || !file.is_whole(&site.expr) {
        return false;
    }
    // `digest-arm64` is that of one run alone.
    let told = output.key.text.to_ascii_lowercase();
    if values.iter().any(|value| told.contains(value)) {
        return false;
    }
    let Some(step) = Model::step_of(file, site.job.as_deref(), &id.text) else {
        return false;
    };
    !chooses(file, job, &step)
}

/// Whether the condition of a step, which may leave it to one run, asks for the matrix.
fn chooses(file: &File, job: &Job<'_>, step: &Step<'_>) -> bool {
    let index = step.index.to_string();
    let Some(condition) = file.condition(&["jobs", &job.id.text, "steps", &index, "if"]) else {
        return false;
    };
    let mut found = false;
    condition.walk(&mut |expr: &Expr| {
        let path = expr.path().unwrap_or_default();
        let asks = path
            .first()
            .is_some_and(|root| matches!(root.text.as_str(), "matrix" | "strategy"));
        found |= asks || matches!(&expr.kind, Kind::Context(name) if name.text == "matrix");
    });
    found
}
