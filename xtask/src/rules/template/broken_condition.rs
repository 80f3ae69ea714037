//! Conditions of conditional blocks.

use std::ops::Range;

use super::Rule;
use super::model::hooks::Verdict;
use super::model::text::{Name, did_you_mean};
use super::model::{Model, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-condition",
    summary: "a `[conditional.'…']` that does not parse, fails, reads an unknown variable, or never changes its mind",
    why: "cargo-generate takes a condition that fails for one that does not hold. A misspelt value switches an option off \
          for good, and `project-name == \"x\"` is a subtraction.",
    example: "[conditional.'metrics == \"promethues\"']\nignore = [\"src/metrics/none.rs\"]",
    remedy: "Compare an option with one of its choices: `metrics == \"prometheus\"`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for (index, condition) in template.conditions.iter().enumerate() {
            let mut error = |span: &Range<usize>, message: String, help: String| {
                let span = template.condition_place(index, span);
                report.error(RULE.id, &template.manifest.source, span, message, help);
            };
            if let Some(block) = template.manifest.conditionals.get(index)
                && block.ignore.is_empty()
                && block.include.is_empty()
                && block.exclude.is_empty()
                && !template
                    .manifest
                    .defects
                    .iter()
                    .any(|defect| defect.span.start >= block.condition.span.start)
            {
                let whole = 0..whole(template, index).len();
                let help = "add `ignore = [\"…\"]` to the block, or remove it";
                error(
                    &whole,
                    "the condition decides nothing".to_owned(),
                    help.to_owned(),
                );
            }
            let condition = match condition {
                Ok(condition) => condition,
                Err(problem) => {
                    error(&problem.span, problem.message.clone(), problem.help.clone());
                    continue;
                }
            };
            for (name, help) in unknown(template, index) {
                let message = format!("a condition cannot read `{}`", name.text);
                error(&name.span, message, help);
            }
            let whole = 0..whole(template, index).len();
            if let Some(failure) = &condition.failure {
                error(&whole, failure.message.clone(), failure.help.clone());
            }
            if let Verdict::Constant(holds) = condition.verdict {
                let always = if holds { "always" } else { "never" };
                let message = format!("the condition {always} holds, whatever is answered");
                let help = constant_help(template, index);
                error(&whole, message, help);
            }
        }
    }
}

fn whole(template: &Template, index: usize) -> &str {
    template
        .manifest
        .conditionals
        .get(index)
        .map_or("", |block| block.condition.value.as_str())
}

/// Variables of the condition that there are not, each with a remedy.
fn unknown(template: &Template, index: usize) -> Vec<(Name, String)> {
    let known = template.variables_in_conditions();
    let later = template.variables_in_files();
    let Some(Ok(condition)) = template.conditions.get(index) else {
        return Vec::new();
    };
    let text = whole(template, index);
    let dashed = known
        .iter()
        .find(|name| name.contains('-') && text.contains(**name));
    if let Some((dashed, start)) = dashed.and_then(|name| Some((*name, text.find(*name)?))) {
        let name = Name {
            text: dashed.to_owned(),
            span: start..start + dashed.len(),
        };
        let help = "Rhai takes the dash for a minus; give it a name without one, as a placeholder or in an `init` hook";
        return vec![(name, help.to_owned())];
    }
    let missing = condition
        .code
        .variables
        .iter()
        .filter(|name| !known.contains(name.text.as_str()));
    missing
        .map(|name| {
            let help = if later.contains(name.text.as_str()) {
                "a `pre` hook sets it, which runs after conditions are read; set it in an `init` hook".to_owned()
            } else {
                did_you_mean(&name.text, known.iter().copied(), "compare a placeholder with one of its choices")
            };
            (name.clone(), help)
        })
        .collect()
}

/// A text of the condition that is nearly a choice, or else what the choices are.
fn constant_help(template: &Template, index: usize) -> String {
    let Some(Ok(condition)) = template.conditions.get(index) else {
        return String::new();
    };
    for name in &condition.code.variables {
        let Some(placeholder) = template.manifest.placeholder(&name.text) else {
            continue;
        };
        let choices = || placeholder.choices.iter().map(String::as_str);
        for text in &condition.code.texts {
            if choices().all(|choice| choice != text.text) {
                let choices: Vec<_> = choices().map(|choice| format!("`{choice}`")).collect();
                let otherwise = format!("`{}` is one of {}", name.text, choices.join(", "));
                return did_you_mean(
                    &text.text,
                    placeholder.choices.iter().map(String::as_str),
                    &otherwise,
                );
            }
        }
    }
    "remove the block, or what it names".to_owned()
}
