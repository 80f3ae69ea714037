//! What a compose file refers to: files, other services, and what it has to declare.

mod build;
mod paths;
mod service;

use std::collections::BTreeSet;
use std::ops::Range;

use super::Rule;
use super::model::{Document, Model, Run, Template};
use crate::report::{Report, nearest};
use crate::rules::workflow::yaml::Node;
use paths::Paths;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-compose",
    summary: "a compose file that refers to a file, a service, a volume, a network or a build argument which some service does not have",
    why: "docker compose refuses the file as a whole, or builds something else than was meant: nothing starts on the \
          developer's machine, whichever profile it is.",
    example: "develop:\n  watch:\n    - { action: rebuild, path: migrations } # with `database=none`, where there are none",
    remedy: "Name what is there, declare it, or put the line under the option that brings it.",
    check,
};

/// What compose reads by itself.
const NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// Something wrong in a rendered compose file.
struct Fault {
    span: Range<usize>,
    message: String,
    help: String,
}

impl Fault {
    /// A name that is none of those that are known.
    fn unknown<'k>(
        node: &Node,
        word: &str,
        message: String,
        known: impl IntoIterator<Item = &'k str>,
        otherwise: impl Into<String>,
    ) -> Self {
        let near = nearest(word, known);
        Self {
            span: node.span.clone(),
            message,
            help: near.map_or_else(
                || otherwise.into(),
                |near| format!("did you mean `{near}`?"),
            ),
        }
    }
}

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            // A file that changes it may bring all that is missing here.
            let is_changed = run
                .files
                .keys()
                .any(|path| path.contains("compose.override."));
            let here = NAMES.iter().filter(|name| run.files.contains_key(**name));
            for name in here.filter(|_| !is_changed) {
                let Some(document) = model.document(template, run, name) else {
                    continue;
                };
                for fault in faults(model, template, run, &document) {
                    if told.insert((*name, fault.message.clone())) {
                        let file = &document.file;
                        let message = format!("{}, with `{}`", fault.message, run.case);
                        let place = file.place(&fault.span);
                        report.error(RULE.id, file.source, place, message, fault.help);
                    }
                }
            }
        }
    }
}

fn faults(model: &Model, template: &Template, run: &Run, document: &Document<'_>) -> Vec<Fault> {
    let mut found = Vec::new();
    let root = &document.root;
    let Some(services) = root.get("services") else {
        return found;
    };
    let paths = Paths(run);
    for entry in services.entries() {
        let one = service::Service {
            name: &entry.key.text,
            node: &entry.value,
        };
        // Services of other files are not known here.
        if root.get("include").is_none() {
            one.references(services, &mut found);
            one.declarations(root, &mut found);
        }
        one.files(&paths, &mut found);
        if let Some(build) = one.get("build") {
            build::check(build, &paths, &(model, template, run), &mut found);
        }
    }
    let configs = root.get("configs").map_or(&[][..], Node::entries);
    for file in configs.iter().filter_map(|entry| entry.value.get("file")) {
        paths.need(file, "there is no config file", &mut found);
    }
    found
}
