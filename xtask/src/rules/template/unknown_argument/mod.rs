//! Arguments that a build of the service's image is given and that its Dockerfile does not declare.

mod calls;

use std::collections::BTreeSet;

use super::Rule;
use super::model::{Body, Model, Origin, Template, dockerfile};
use crate::report::{Report, nearest};
use calls::{Call, calls};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unknown-argument",
    summary: "a build argument, of `docker build` or an action that builds, that no Dockerfile declares and that is near to one",
    why: "The builder warns and goes on: the image has the argument's default, as a commit that is `unknown`, and nobody \
          looks for it in the log.",
    example: "build-args: |\n  BUILD_AT=${{ steps.facts.outputs.time }} # the Dockerfile has `ARG BUILT_AT`",
    remedy: "Write the name that stands behind `ARG` in the Dockerfile.",
    check,
};

/// Where the service's image is described.
const DOCKERFILE: &str = "Dockerfile";

fn check(model: &Model, report: &mut Report) {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for template in &model.templates {
        all.extend(own(model, template, report));
    }
    // The pack's workflows build whatever image its templates describe.
    let known: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    for source in &model.workflows {
        for call in calls(&source.file, &source.text) {
            for (span, name, near) in faults(&call, &known) {
                let message = format!("no Dockerfile has an argument `{name}`");
                report.error(RULE.id, source, span, message, help(near));
            }
        }
    }
}

/// Judges what a template's own files build, and says which arguments its Dockerfiles declare.
fn own(model: &Model, template: &Template, report: &mut Report) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut told = BTreeSet::new();
    let speaking: BTreeSet<usize> = speaking(template).collect();
    for run in template.rehearsal.whole() {
        let Some(image) = model.rendered(template, run, DOCKERFILE) else {
            continue;
        };
        let known = dockerfile::arguments(&image.text);
        all.extend(known.iter().map(|name| (*name).to_owned()));
        for (path, origin) in &run.files {
            if !matches!(origin, Origin::File(number) if speaking.contains(number)) {
                continue;
            }
            let Some(file) = model.rendered(template, run, path) else {
                continue;
            };
            for call in calls(path, &file.text) {
                for (span, name, near) in faults(&call, &known) {
                    if told.insert((path.clone(), name.to_owned())) {
                        let message = format!("the Dockerfile has no argument `{name}`");
                        let place = file.place(&span);
                        report.error(RULE.id, file.source, place, message, help(near));
                    }
                }
            }
        }
    }
    all
}

/// Files that speak of build arguments at all, by their number.
fn speaking(template: &Template) -> impl Iterator<Item = usize> {
    let files = template.files.iter().enumerate();
    files.filter_map(|(number, file)| match &file.body {
        Body::Text(source, _) if source.text.contains("build-arg") => Some(number),
        _ => None,
    })
}

/// Arguments that are not declared: their places, and what each was meant to be.
fn faults<'c>(
    call: &'c Call,
    known: &BTreeSet<&'c str>,
) -> Vec<(std::ops::Range<usize>, &'c str, &'c str)> {
    let given = |name: &str| call.arguments.iter().any(|(other, _)| other == name);
    let mut found = Vec::new();
    for (name, span) in &call.arguments {
        if known.contains(name.as_str()) || dockerfile::is_given(name) {
            continue;
        }
        // One that is near to none may be another image's.
        let free = known.iter().copied().filter(|known| !given(known));
        if let Some(near) = nearest(name, free) {
            found.push((span.clone(), name.as_str(), near));
        }
    }
    found
}

fn help(near: &str) -> String {
    format!("did you mean `{near}`?")
}
