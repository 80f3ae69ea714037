//! Placeholders that cannot be answered as they stand.

use std::ops::Range;

use regex::Regex;

use super::Rule;
use super::model::vocabulary::RESERVED;
use super::model::{Model, Template};
use crate::pack::Placeholder;
use crate::pack::manifest::Kind;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "bad-default",
    summary: "a placeholder without default or prompt, with a default that it would refuse itself, or with a reserved name",
    why: "`--defaults`, CI and every test render with the defaults. One that is missing stops them all; one that its own \
          choices or regular expression refuse stops every developer, before the first question.",
    example: "[placeholders.metrics]\nprompt = \"How are metrics exported?\"\nchoices = [\"none\", \"prometheus\"]\ndefault = \"otlp\"",
    remedy: "Give every placeholder a prompt and a default that is one of its choices and matches its regular expression. \
             `project-name` is asked by cargo-generate itself and is no placeholder.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for placeholder in &template.manifest.placeholders {
            for (span, message, help) in problems(template, placeholder) {
                report.error(RULE.id, &template.manifest.source, span, message, help);
            }
        }
    }
}

fn problems(template: &Template, placeholder: &Placeholder) -> Vec<(Range<usize>, String, String)> {
    let name = &placeholder.name;
    let mut problems = Vec::new();
    let mut problem = |span: &Range<usize>, message: String, help: String| {
        problems.push((span.clone(), message, help));
    };
    if RESERVED.contains(&name.as_str()) {
        let message = format!("`{name}` is cargo-generate's own and cannot be a placeholder");
        problem(
            &placeholder.span,
            message,
            "remove the placeholder: the variable is there without it".to_owned(),
        );
        return problems;
    }
    if placeholder.prompt.trim().is_empty() {
        let help = "write `prompt = \"…?\"`".to_owned();
        problem(
            &placeholder.span,
            format!("placeholder `{name}` has no prompt"),
            help,
        );
    }
    let regex = placeholder
        .regex
        .as_ref()
        .and_then(|regex| match Regex::new(&regex.value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let text = error.to_string();
                let reason = text
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                let message =
                    format!("the regular expression of `{name}` does not parse: {reason}");
                problem(
                    &regex.span,
                    message,
                    "see <https://docs.rs/regex/#syntax>".to_owned(),
                );
                None
            }
        });
    if placeholder.kind == Kind::Bool
        && (placeholder.regex.is_some() || !placeholder.choices.is_empty())
    {
        let message = format!("`{name}` is a yes or no, which takes neither `choices` nor `regex`");
        problem(
            &placeholder.span,
            message,
            "remove them, or write `type = \"string\"`".to_owned(),
        );
        return problems;
    }
    if let Some(regex) = &regex {
        for choice in placeholder
            .choices
            .iter()
            .filter(|choice| !regex.is_match(choice))
        {
            let message =
                format!("choice `{choice}` of `{name}` does not match its own regular expression");
            problem(
                &placeholder.span,
                message,
                "remove `regex`: the choices say it all".to_owned(),
            );
        }
    }
    let Some(default) = &placeholder.default else {
        let help = match placeholder.choices.first() {
            Some(choice) => format!("write `default = \"{choice}\"`"),
            None => "write `default = \"…\"`".to_owned(),
        };
        problem(
            &placeholder.span,
            format!("placeholder `{name}` has no default"),
            help,
        );
        return problems;
    };
    let is_quoted = template.manifest.source.text[default.span.clone()].starts_with(['"', '\'']);
    if is_quoted == (placeholder.kind == Kind::Bool) {
        let (kind, help) = match placeholder.kind {
            Kind::Bool => (
                "a yes or no",
                "write `default = true` or `default = false`".to_owned(),
            ),
            Kind::String => ("text", format!("write `default = \"{}\"`", default.value)),
        };
        problem(
            &default.span,
            format!("`{name}` is {kind}, and its default is not"),
            help,
        );
    } else if !placeholder.choices.is_empty() && !placeholder.choices.contains(&default.value) {
        let choices: Vec<_> = placeholder
            .choices
            .iter()
            .map(|choice| format!("`{choice}`"))
            .collect();
        let message = format!(
            "default `{}` of `{name}` is not among its choices",
            default.value
        );
        problem(
            &default.span,
            message,
            format!("take one of {}", choices.join(", ")),
        );
    } else if let Some(regex) = regex.filter(|regex| !regex.is_match(&default.value)) {
        let message = format!(
            "default `{}` of `{name}` does not match its own regular expression",
            default.value
        );
        problem(
            &default.span,
            message,
            format!("choose a default that matches `{regex}`"),
        );
    }
    problems
}
