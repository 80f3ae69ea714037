//! Branches of files and hooks that are always taken, or never.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Rule;
use super::model::liquid::{Branch, Document};
use super::model::rehearsal::Setting;
use super::model::text::did_you_mean;
use super::model::{Body, ENOUGH, Model, Template};
use crate::pack::Placeholder;
use crate::pack::manifest::Kind;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "dead-branch",
    summary: "an `{% if %}`, or a comparison in a hook, that says the same whatever is answered",
    why: "A value that is no choice, or an option taken for yes or no when any text is yes to Liquid, turns a part of the \
          service on or off for good. Liquid and Rhai accept it without a word.",
    example: "{% if metrics == \"promethues\" %}\n  - metrics\n{% endif %}",
    remedy: "Compare the option with one of its choices: `{% if metrics == \"prometheus\" %}`.",
    check,
};

/// How many combinations of the options of one condition are tried.
const TRIES: usize = 1024;

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in &template.files {
            let Body::Text(source, document) = &file.body else {
                continue;
            };
            let dead = document.branches.iter().filter_map(|branch| {
                let always = constant(model, template, document, branch)?;
                Some((branch, always))
            });
            for (branch, always) in dead.take(ENOUGH) {
                let taken = if always != branch.is_negated {
                    "always"
                } else {
                    "never"
                };
                let message = format!("this branch is {taken} taken, whatever is answered");
                let help = help(template, branch);
                report.error(RULE.id, source, branch.span.clone(), message, help);
            }
        }
        hooks(template, report);
    }
}

/// Whether the condition holds for every answer or for none; `None` where it varies, or nobody knows.
fn constant(
    model: &Model,
    template: &Template,
    document: &Document,
    branch: &Branch,
) -> Option<bool> {
    let options = options(template, document, &branch.span)?;
    let tries = options.iter().try_fold(1_usize, |product, (_, values)| {
        product
            .checked_mul(values.len())
            .filter(|product| *product <= TRIES)
    })?;
    let probe = format!("{{% if {} %}}1{{% endif %}}", branch.condition);
    let mut first = None;
    for mut number in 0..tries {
        let mut variables = BTreeMap::new();
        for (option, values) in &options {
            variables.insert(
                option.name.clone(),
                values.get(number % values.len())?.clone(),
            );
            number /= values.len();
        }
        let holds = model.syntax.render(&probe, &variables)? == "1";
        if *first.get_or_insert(holds) != holds {
            return None;
        }
    }
    first
}

/// The options that a condition reads, with all their values; `None` where it reads anything else, or nothing.
fn options<'a>(
    template: &'a Template,
    document: &Document,
    span: &Range<usize>,
) -> Option<Vec<(&'a Placeholder, Vec<Setting>)>> {
    // The label of a `when` does not read; its `case` does, right before it.
    let reads = document
        .reads
        .iter()
        .filter(|name| span.contains(&name.span.start));
    let mut names: Vec<&str> = reads.map(|name| name.text.as_str()).collect();
    if names.is_empty() {
        let before = document
            .reads
            .iter()
            .rfind(|name| name.span.end <= span.start)?;
        let is_label = document.branches.iter().any(|branch| {
            branch.span == *span
                && branch
                    .condition
                    .starts_with(&format!("{} == ", before.text))
        });
        names = is_label.then(|| vec![before.text.as_str()])?;
    }
    names.sort_unstable();
    names.dedup();
    let option = |name: &str| {
        // A hook may set it to something else.
        if template
            .scripts
            .iter()
            .any(|script| super::model::sets(script).any(|set| set == name))
        {
            return None;
        }
        let placeholder = template.manifest.placeholder(name)?;
        let values: Vec<Setting> = match placeholder.kind {
            Kind::Bool => vec![Setting::Bool(true), Setting::Bool(false)],
            Kind::String => placeholder
                .choices
                .iter()
                .cloned()
                .map(Setting::Text)
                .collect(),
        };
        // One choice is a question that is going to have more.
        (values.len() > 1).then_some((placeholder, values))
    };
    names.into_iter().map(option).collect()
}

fn help(template: &Template, branch: &Branch) -> String {
    let texts: Vec<&str> = branch
        .condition
        .split(['"', '\''])
        .skip(1)
        .step_by(2)
        .collect();
    let near = template
        .manifest
        .placeholders
        .iter()
        .find_map(|placeholder| {
            let is_read = branch
                .condition
                .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            let choices = &placeholder.choices;
            if choices.is_empty() || !is_read.clone().any(|word| word == placeholder.name) {
                return None;
            }
            let Some(text) = texts
                .iter()
                .find(|text| !choices.iter().any(|choice| choice == *text))
            else {
                return texts.is_empty().then(|| {
                    let first = choices.first().map_or("", String::as_str);
                    format!(
                        "any text is yes to Liquid; write `{} == \"{first}\"`",
                        placeholder.name
                    )
                });
            };
            Some(suggestion(placeholder, text))
        });
    near.unwrap_or_else(|| "remove the condition, or what it guards".to_owned())
}

fn suggestion(placeholder: &Placeholder, text: &str) -> String {
    let choices = placeholder
        .choices
        .iter()
        .map(|choice| format!("`{choice}`"))
        .collect::<Vec<_>>();
    let otherwise = format!("`{}` is one of {}", placeholder.name, choices.join(", "));
    let lower = text.to_lowercase();
    if let Some(choice) = placeholder
        .choices
        .iter()
        .find(|choice| choice.to_lowercase() == lower)
    {
        return format!("did you mean `{choice}`?");
    }
    did_you_mean(
        text,
        placeholder.choices.iter().map(String::as_str),
        &otherwise,
    )
}

fn hooks(template: &Template, report: &mut Report) {
    for (_, source, code) in template.code() {
        let dead = code.comparisons.iter().filter_map(|comparison| {
            let placeholder = template.manifest.placeholder(&comparison.option)?;
            let is_closed = placeholder.kind == Kind::String && !placeholder.choices.is_empty();
            let is_choice = placeholder.choices.contains(&comparison.text.text);
            (is_closed && !is_choice).then_some((placeholder, &comparison.text))
        });
        for (placeholder, text) in dead.take(ENOUGH) {
            let message = format!("`{}` is never `{}`", placeholder.name, text.text);
            let help = suggestion(placeholder, &text.text);
            report.error(RULE.id, source, text.span.clone(), message, help);
        }
    }
}
