//! Placeholders that cannot be answered as they stand.

use std::ops::Range;

use regex::Regex;

use super::Rule;
use super::model::vocabulary::RESERVED;
use super::model::{ENOUGH, Model};
use crate::pack::Placeholder;
use crate::pack::manifest::Kind;
use crate::report::{Report, Source};

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

/// What is wrong at a place, and the remedy.
type Problem = (Range<usize>, String, String);

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let source = &template.manifest.source;
        let problems = template
            .manifest
            .placeholders
            .iter()
            .flat_map(|placeholder| problems(source, placeholder));
        for (span, message, help) in problems.take(ENOUGH) {
            report.error(RULE.id, source, span, message, help);
        }
    }
}

fn problems(source: &Source, placeholder: &Placeholder) -> Vec<Problem> {
    let (name, span) = (&placeholder.name, &placeholder.span);
    if RESERVED.contains(&name.as_str()) {
        let message = format!("`{name}` is cargo-generate's own and cannot be a placeholder");
        let help = "remove the placeholder: the variable is there without it";
        return vec![(span.clone(), message, help.to_owned())];
    }
    let mut problems = Vec::new();
    if placeholder.prompt.trim().is_empty() {
        let message = format!("placeholder `{name}` has no prompt");
        problems.push((span.clone(), message, "write `prompt = \"…?\"`".to_owned()));
    }
    let choices = &placeholder.choices;
    if let Some((_, twice)) = choices
        .iter()
        .enumerate()
        .find(|(index, choice)| choices[..*index].contains(choice))
    {
        let message = format!("choice `{twice}` of `{name}` is listed twice");
        problems.push((span.clone(), message, "list it once".to_owned()));
    }
    let limits = placeholder.regex.is_some() || !placeholder.choices.is_empty();
    if placeholder.kind == Kind::Bool && limits {
        let message = format!("`{name}` is a yes or no, which takes neither `choices` nor `regex`");
        let help = "remove them, or write `type = \"string\"`";
        problems.push((span.clone(), message, help.to_owned()));
        return problems;
    }
    let regex = regex(placeholder, &mut problems);
    problems.extend(default(source, placeholder, regex.as_ref()));
    problems
}

/// The placeholder's regular expression, where it has one that parses.
fn regex(placeholder: &Placeholder, problems: &mut Vec<Problem>) -> Option<Regex> {
    let name = &placeholder.name;
    let written = placeholder.regex.as_ref()?;
    let regex = match Regex::new(&written.value) {
        Ok(regex) => regex,
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ");
            let message = format!("the regular expression of `{name}` does not parse: {reason}");
            let help = "see <https://docs.rs/regex/#syntax>".to_owned();
            problems.push((written.span.clone(), message, help));
            return None;
        }
    };
    let refused = placeholder
        .choices
        .iter()
        .filter(|choice| !regex.is_match(choice));
    problems.extend(refused.map(|choice| {
        let message =
            format!("choice `{choice}` of `{name}` does not match its own regular expression");
        let help = "remove `regex`: the choices say it all".to_owned();
        (placeholder.span.clone(), message, help)
    }));
    Some(regex)
}

fn default(source: &Source, placeholder: &Placeholder, regex: Option<&Regex>) -> Option<Problem> {
    let name = &placeholder.name;
    let choices = &placeholder.choices;
    let Some(default) = &placeholder.default else {
        let sample = choices.first().map_or("…", String::as_str);
        let message = format!("placeholder `{name}` has no default");
        let help = match placeholder.kind {
            Kind::Bool => "write `default = false`".to_owned(),
            Kind::String => format!("write `default = \"{sample}\"`"),
        };
        return Some((placeholder.span.clone(), message, help));
    };
    let value = &default.value;
    let is_quoted = source.text[default.span.clone()].starts_with(['"', '\'']);
    let (message, help) = match placeholder.kind {
        Kind::Bool if is_quoted => (
            format!("`{name}` is a yes or no, and its default is not"),
            "write `default = true` or `default = false`".to_owned(),
        ),
        Kind::String if !is_quoted => (
            format!("`{name}` is text, and its default is not"),
            format!("write `default = \"{value}\"`"),
        ),
        Kind::String if !choices.is_empty() && !choices.contains(value) => {
            let choices: Vec<_> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            (
                format!("default `{value}` of `{name}` is not among its choices"),
                format!("take one of {}", choices.join(", ")),
            )
        }
        _ => {
            let regex = regex.filter(|regex| !regex.is_match(value))?;
            (
                format!("default `{value}` of `{name}` does not match its own regular expression"),
                format!("choose a default that matches `{regex}`"),
            )
        }
    };
    Some((default.span.clone(), message, help))
}
