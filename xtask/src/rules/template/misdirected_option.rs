//! What a template's callers hand to the pack's workflows: an option's value goes where that option's values are meant.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::model::{Model, Run, Template};
use crate::report::{Report, Source};
use crate::rules::workflow::yaml::{self, Node};

/// The rule.
pub const RULE: Rule = Rule {
    id: "misdirected-option",
    summary: "a value of one option that a caller hands to an input of the pack's workflow which takes those of another",
    why: "The workflow is called with a word that means nothing to it: every pipeline of such a service ends in its first \
          step, or does what was not chosen.",
    example: "backend: \"{{metrics}}\" # the input takes `compose`, which is a value of `deploy`",
    remedy: "Write the placeholder whose values the input takes.",
    check,
};

const WORKFLOWS: &str = ".github/workflows/";
/// Words that many options have, and that tell none of them.
const COMMON: [&str; 10] = [
    "", "none", "off", "on", "true", "false", "default", "auto", "no", "yes",
];

fn check(model: &Model, report: &mut Report) {
    let callees = callees(model);
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let paths = run.files.keys();
            for path in paths.filter(|path| path.starts_with(WORKFLOWS)) {
                let Some(document) = model.document(template, run, path) else {
                    continue;
                };
                let jobs = document.root.get("jobs").map_or(&[][..], Node::entries);
                for job in jobs {
                    for found in calls(&callees, template, run, &job.value) {
                        let place = document.file.place(&found.node.span);
                        let source = document.file.source;
                        if told.insert((source.file.clone(), place.start)) {
                            report.error(RULE.id, source, place, found.message, found.help);
                        }
                    }
                }
            }
        }
    }
}

struct Found<'d> {
    node: &'d Node,
    message: String,
    help: String,
}

/// What is wrong with what a job hands to the workflow that it calls.
fn calls<'d>(
    callees: &BTreeMap<String, Callee<'_>>,
    template: &Template,
    run: &Run,
    job: &'d Node,
) -> Vec<Found<'d>> {
    let mut found = Vec::new();
    let (Some(uses), Some(with)) = (job.get("uses").and_then(Node::text), job.get("with")) else {
        return found;
    };
    let path = uses.split('@').next().unwrap_or(uses);
    let Some(Callee { source, root }) = callees.get(path) else {
        return found;
    };
    for entry in with.entries() {
        let name = entry.key.text.as_str();
        let input = root.at(&["on", "workflow_call", "inputs", name]);
        let (Some(input), Some(value)) = (input, entry.value.plain()) else {
            continue;
        };
        let mut words = asked(&source.text, name);
        words.extend(input.get("default").and_then(Node::plain));
        words.retain(|word| !COMMON.contains(word));
        let Some((wrong, right)) = options(template, run, value, &words) else {
            continue;
        };
        let message = format!(
            "`{name}` of `{}` takes words such as `{}`, and gets `{value}`, a value of `{wrong}`",
            source.file, right.1
        );
        let help = format!("write `{{{{{}}}}}`, whose values those are", right.0);
        found.push(Found {
            node: &entry.value,
            message,
            help,
        });
    }
    found
}

/// A workflow of the pack, parsed.
struct Callee<'m> {
    source: &'m Source,
    root: Node,
}

/// The workflows of the pack, by what a caller names in front of the `@`. Parsed once: many runs call the same.
fn callees(model: &Model) -> BTreeMap<String, Callee<'_>> {
    let own = format!("{}/{}", model.platform.org, model.platform.repo);
    let workflows = model.workflows.iter();
    let parsed = workflows
        .filter(|source| source.file.starts_with(WORKFLOWS))
        .filter_map(|source| {
            let root = yaml::parse(&source.text).0?;
            Some((format!("{own}/{}", source.file), Callee { source, root }))
        });
    parsed.collect()
}

/// The words that a workflow's conditions compare an input with.
fn asked<'t>(text: &'t str, input: &str) -> BTreeSet<&'t str> {
    let mut found = BTreeSet::new();
    for rest in text.split(&format!("inputs.{input} ")).skip(1) {
        let compared = rest.strip_prefix("== '").or(rest.strip_prefix("!= '"));
        found.extend(compared.and_then(|rest| rest.split('\'').next()));
    }
    found
}

/// The option that `value` is of in this run, and the one that has one of `words`, with that word; nothing where the value
/// may well be meant.
fn options<'t>(
    template: &'t Template,
    run: &Run,
    value: &str,
    words: &BTreeSet<&'t str>,
) -> Option<(&'t str, (&'t str, &'t str))> {
    let all = || template.manifest.placeholders.iter();
    let right: Vec<_> = all()
        .filter_map(|option| {
            let choice = option
                .choices
                .iter()
                .find(|it| words.contains(it.as_str()))?;
            Some((option, choice.as_str()))
        })
        .collect();
    let is_meant = words.contains(value)
        || right
            .iter()
            .any(|(option, _)| option.choices.iter().any(|choice| choice == value));
    if is_meant {
        return None;
    }
    let &(option, word) = right.first()?;
    let wrong = all().find(|option| {
        let answer = run.case.answers.get(&option.name);
        !option.choices.is_empty() && answer.is_some_and(|answer| answer == value)
    })?;
    Some((wrong.name.as_str(), (option.name.as_str(), word)))
}
