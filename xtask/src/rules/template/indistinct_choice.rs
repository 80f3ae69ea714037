//! Choices that give the same service as another.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Rule;
use super::model::{ANSWERS, Body, File, Model, Origin, Run, Template};
use super::unread_placeholder::read;
use crate::pack::Placeholder;
use crate::pack::manifest::Kind;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "indistinct-choice",
    summary: "a choice of a placeholder that gives the same service as another choice, whatever else is answered",
    why: "A developer picks what the question offers, and gets something else without a word: no condition, file or hook \
          tells the choice from another one, so it is promised and not wired.",
    example: "choices = [\"none\", \"prometheus\", \"statsd\"] # and nothing anywhere for `statsd`",
    remedy: "Wire the choice in a hook, a condition or a file, or take it out of the list. What a page says of the answer \
             tells nothing apart.",
    check,
};

/// Files that follow from the answers or from other files, whatever is wired: the record, and what cargo makes of Cargo.toml.
const FOLLOWS: [&str; 2] = [ANSWERS, "Cargo.lock"];

fn check(model: &Model, report: &mut Report) {
    for template in model.templates.iter().filter(|t| t.rehearsal.is_complete) {
        let read = read(template);
        for placeholder in &template.manifest.placeholders {
            // One that nothing reads is told by another rule, once and not for each choice.
            if read.contains(placeholder.name.as_str()) {
                judge(model, template, placeholder, report);
            }
        }
    }
}

fn judge(model: &Model, template: &Template, placeholder: &Placeholder, report: &mut Report) {
    let values: Vec<&str> = match placeholder.kind {
        Kind::Bool => vec!["false", "true"],
        Kind::String => placeholder.choices.iter().map(String::as_str).collect(),
    };
    let contexts = contexts(template, &placeholder.name);
    if changes_fate(template, &placeholder.name) {
        return;
    }
    for (number, value) in values.iter().enumerate() {
        let same = values[..number].iter().find(|other| {
            let pairs = contexts
                .values()
                .filter_map(|runs| Some((*runs.get(value)?, *runs.get(*other)?)));
            let mut differ = pairs.map(|pair| differ(model, template, pair));
            // Where no combination has either, nobody knows.
            differ.next() == Some(false) && differ.all(|differs| !differs)
        });
        if let Some(other) = same {
            let name = &placeholder.name;
            let message = format!("nothing tells `{name}={value}` from `{name}={other}`");
            let help = format!(
                "wire it, as in `if variable::get(\"{name}\") == \"{value}\"`, or take the choice out"
            );
            let span = place(template, placeholder, value);
            report.error(RULE.id, &template.manifest.source, span, message, help);
        }
    }
}

/// The combinations, by the answers to all other questions, and by the answer to this one.
fn contexts<'a>(
    template: &'a Template,
    name: &str,
) -> BTreeMap<Vec<(&'a str, &'a str)>, BTreeMap<&'a str, &'a Run>> {
    let mut contexts: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for run in template.rehearsal.whole() {
        let Some(answer) = run.case.answers.get(name) else {
            continue;
        };
        let others = run.case.answers.iter().filter(|(other, _)| *other != name);
        let others = others.map(|(other, answer)| (other.as_str(), answer.as_str()));
        let runs = contexts.entry(others.collect()).or_default();
        runs.insert(answer.as_str(), run);
    }
    contexts
}

/// Whether conditions on this option say what is rendered: files are then others although nothing else differs.
fn changes_fate(template: &Template, name: &str) -> bool {
    let blocks = template.manifest.conditionals.iter();
    blocks.zip(&template.conditions).any(|(block, condition)| {
        let lists = !block.include.is_empty() || !block.exclude.is_empty();
        let reads = condition.as_ref().is_ok_and(|condition| {
            let mut variables = condition.code.variables.iter();
            variables.any(|variable| variable.text == name)
        });
        lists && reads
    })
}

/// Whether two combinations give different services.
fn differ(model: &Model, template: &Template, (a, b): (&Run, &Run)) -> bool {
    if a.files != b.files {
        return true;
    }
    let variables: BTreeSet<&str> = a
        .variables
        .keys()
        .chain(b.variables.keys())
        .filter(|name| a.variables.get(*name) != b.variables.get(*name))
        .map(String::as_str)
        .collect();
    a.files
        .iter()
        .filter(|(path, _)| !FOLLOWS.contains(&path.as_str()))
        .any(|(path, origin)| match origin {
            Origin::Written => a.written.get(path) != b.written.get(path),
            Origin::File(number) => template.files.get(*number).is_some_and(|file| {
                // What a page says of the answer is no wiring.
                let is_page = file.target.strip_suffix(".md").is_some();
                !is_page && reads(file, &variables) && renders_differ(model, file, (a, b))
            }),
        })
}

fn reads(file: &File, variables: &BTreeSet<&str>) -> bool {
    let Body::Text(_, document) = &file.body else {
        return false;
    };
    let mut names = document.reads.iter();
    names.any(|name| variables.contains(name.text.as_str()))
}

fn renders_differ(model: &Model, file: &File, (a, b): (&Run, &Run)) -> bool {
    match (model.text_in(file, a), model.text_in(file, b)) {
        (Some(first), Some(second)) => first != second,
        // What does not render is told elsewhere.
        _ => true,
    }
}

/// Where the choice stands, or the name of what has no list of choices.
fn place(template: &Template, placeholder: &Placeholder, value: &str) -> Range<usize> {
    let text = &template.manifest.source.text;
    let behind = text.get(placeholder.span.end..).unwrap_or_default();
    let list = behind.find("choices").unwrap_or(behind.len());
    let found = ['"', '\''].iter().find_map(|quote| {
        let quoted = format!("{quote}{value}{quote}");
        let at = behind[list..].find(&quoted)?;
        let start = placeholder.span.end + list + at;
        Some(start..start + quoted.len())
    });
    match placeholder.kind {
        Kind::String => found.unwrap_or_else(|| placeholder.span.clone()),
        Kind::Bool => placeholder.span.clone(),
    }
}
