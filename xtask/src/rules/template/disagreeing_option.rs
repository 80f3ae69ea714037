//! Options that templates share.

use super::Rule;
use super::model::Model;
use crate::pack::Placeholder;
use crate::pack::manifest::Kind;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "disagreeing-option",
    summary: "two templates that ask for an option of the same name in different ways",
    why: "Developers answer the same question twice and mean the same. `database=postgres` has to be taken by every \
          template that has a `database`, and the defaults of one must not surprise those who know the other.",
    example: "template-a: choices = [\"none\", \"postgres\"]\ntemplate-b: choices = [\"none\", \"postgresql\"]",
    remedy: "Give both the same type, prompt, choices in the same order, default and regular expression; or two names.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (index, template) in model.templates.iter().enumerate() {
        for placeholder in &template.manifest.placeholders {
            let earlier = model.templates.iter().take(index);
            let mut others = earlier
                .filter_map(|other| Some((other, other.manifest.placeholder(&placeholder.name)?)));
            if let Some((other, first)) = others.next()
                && let Some((what, mine, theirs)) = difference(placeholder, first)
            {
                let message = format!(
                    "`{}` has {what} {mine} here and {theirs} in `{}`",
                    placeholder.name, other.name
                );
                let help = format!(
                    "write it as in {}/cargo-generate.toml, or give it another name",
                    other.name
                );
                let source = &template.manifest.source;
                report.error(RULE.id, source, span(placeholder, what), message, help);
            }
        }
    }
}

/// The first thing in which two placeholders differ, with both values.
fn difference(a: &Placeholder, b: &Placeholder) -> Option<(&'static str, String, String)> {
    let facts = |placeholder: &Placeholder| {
        let kind = match placeholder.kind {
            Kind::String => "`string`",
            Kind::Bool => "`bool`",
        };
        let choices = placeholder
            .choices
            .iter()
            .map(|choice| format!("`{choice}`"))
            .collect::<Vec<_>>();
        [
            ("type", kind.to_owned()),
            (
                "choices",
                if choices.is_empty() {
                    "none".to_owned()
                } else {
                    choices.join(", ")
                },
            ),
            (
                "default",
                written(placeholder.default.as_ref().map(|default| &default.value)),
            ),
            (
                "regex",
                written(placeholder.regex.as_ref().map(|regex| &regex.value)),
            ),
            ("prompt", written(Some(&placeholder.prompt))),
        ]
    };
    let mut pairs = facts(a).into_iter().zip(facts(b));
    let ((what, mine), (_, theirs)) = pairs.find(|(mine, theirs)| mine.1 != theirs.1)?;
    Some((what, mine, theirs))
}

fn written(value: Option<&String>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("`{value}`"))
}

/// Where the value stands, or else the placeholder's name.
fn span(placeholder: &Placeholder, what: &str) -> std::ops::Range<usize> {
    let value = match what {
        "default" => placeholder.default.as_ref(),
        "regex" => placeholder.regex.as_ref(),
        _ => None,
    };
    let name = placeholder.span.clone();
    value.map_or(name, |value| value.span.clone())
}
