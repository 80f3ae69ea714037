//! Expressions in commands become part of the command.

use super::Rule;
use super::model::shape::Site;
use super::model::yaml::Name;
use super::model::{Model, Step};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P6-injection",
    summary: "an expression inside `run:`, or what a stranger wrote inside a script",
    why: "Its text is pasted into the script before the shell reads it: a branch called `$(curl …|sh)` is run.",
    example: "run: echo ${{ github.head_ref }}",
    remedy: "Hand it over in `env:`, and let the shell read the variable in quotes: `\"$HEAD_REF\"`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let steps = file.steps();
        for site in &file.walked.sites {
            let [.., before, last] = site.path.as_slice() else {
                continue;
            };
            let in_run = last == "run" && before.bytes().all(|b| b.is_ascii_digit());
            let step = steps.iter().find(|step| is_of(site, step));
            let in_script = last == "script"
                && before == "with"
                && step.is_some_and(|step| step.uses_action("actions/github-script"));
            let written_by_others = || {
                let mut found = false;
                site.expr
                    .walk(&mut |expr| found |= expr.path().is_some_and(|path| is_strangers(&path)));
                found
            };
            if in_run || (in_script && written_by_others()) {
                let text = file
                    .source
                    .text
                    .get(site.expr.span.clone())
                    .unwrap_or_default();
                let name = variable(text);
                let message = format!("`{text}` becomes part of the script");
                let help = if in_run {
                    format!(
                        "write `\"${name}\"`, and add `env: {{{name}: ${{{{ {text} }}}}}}` to the step"
                    )
                } else {
                    format!(
                        "add `env: {{{name}: ${{{{ {text} }}}}}}` to the step, and read `process.env.{name}`"
                    )
                };
                report.error(RULE.id, &file.source, site.expr.span.clone(), message, help);
            }
        }
    }
}

fn is_of(site: &Site, step: &Step<'_>) -> bool {
    site.step == Some(step.index) && site.job.as_deref() == step.job.map(|job| job.text.as_str())
}

/// What somebody without rights to the repository can write.
fn is_strangers(path: &[&Name]) -> bool {
    let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
    match words.as_slice() {
        ["github", "head_ref"] => true,
        ["github", "event", .., last] => [
            "title",
            "body",
            "message",
            "name",
            "email",
            "ref",
            "label",
            "page_name",
        ]
        .contains(last),
        _ => false,
    }
}

/// A variable's name for an expression: the last word of it.
fn variable(text: &str) -> String {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let last = words.rfind(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    last.unwrap_or("value").to_ascii_uppercase()
}
