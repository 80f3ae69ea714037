//! Questions whose answers change nothing.

use std::collections::BTreeSet;

use super::Rule;
use super::model::hooks::Code;
use super::model::{ANSWERS, Body, Model, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unread-placeholder",
    summary: "a placeholder that no file, condition or hook reads, but for the record of the answers",
    why: "A developer answers a question and gets the same service whatever the answer was: an option that is promised \
          and not wired.",
    example: "[placeholders.database]\nprompt = \"Which database?\"\nchoices = [\"none\", \"postgres\"]\ndefault = \"none\"",
    remedy: "Read it where it should make a difference, or remove the question. One that has a single choice need only \
             be recorded.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let read = read(template);
        let recorded = recorded(template);
        for placeholder in &template.manifest.placeholders {
            let name = placeholder.name.as_str();
            let enough = placeholder.choices.len() == 1 && recorded.contains(name);
            if !read.contains(name) && !enough {
                let message = format!("nothing reads placeholder `{name}`");
                let help = format!(
                    "read it, as in `{{{{ {name} }}}}` or `variable::get(\"{name}\")`, or remove the question"
                );
                let source = &template.manifest.source;
                report.error(RULE.id, source, placeholder.span.clone(), message, help);
            }
        }
    }
}

/// Names that make a difference.
pub(super) fn read(template: &Template) -> BTreeSet<&str> {
    let files = template.shipped().filter(|file| file.target != ANSWERS);
    let documents = files.flat_map(|file| {
        let body = match &file.body {
            Body::Text(_, document) => Some(document.as_ref()),
            _ => None,
        };
        file.names.iter().chain(body)
    });
    let files = documents.flat_map(|document| &document.reads);
    let conditions = template.conditions.iter().flatten();
    let conditions = conditions.flat_map(|condition| &condition.code.variables);
    let hooks = template.code().filter(|(_, _, code)| !is_record(code));
    files
        .chain(conditions)
        .map(|name| name.text.as_str())
        .chain(hooks.flat_map(|(_, _, code)| gets(code)))
        .chain(template.guesses())
        .collect()
}

/// Names that the record of the answers holds.
fn recorded(template: &Template) -> BTreeSet<&str> {
    let files = template.files.iter().filter(|file| file.target == ANSWERS);
    let files = files.flat_map(|file| match &file.body {
        Body::Text(_, document) => document.reads.as_slice(),
        _ => &[],
    });
    let hooks = template.code().filter(|(_, _, code)| is_record(code));
    files
        .map(|name| name.text.as_str())
        .chain(hooks.flat_map(|(_, _, code)| gets(code)))
        .collect()
}

fn gets(code: &Code) -> impl Iterator<Item = &str> {
    code.may_name("variable", "get")
        .chain(code.may_name("variable", "is_set"))
}

/// Whether a hook does nothing but record the answers.
fn is_record(code: &Code) -> bool {
    let writes = |name: &str| {
        code.calls_of("file", "write")
            .any(|call| matches!(call.arguments.first(), Some(Some(path)) if path.text == name))
    };
    // The folder of the hooks may go: cargo-generate leaves it behind, empty.
    let deletes_files = code
        .calls_of("file", "delete")
        .any(|call| !matches!(call.arguments.first(), Some(Some(path)) if path.text == "hooks"));
    let acts = [("variable", "set"), ("file", "rename")];
    writes(ANSWERS)
        && code.calls_of("file", "write").count() == 1
        && !deletes_files
        && !acts
            .iter()
            .any(|(module, name)| code.calls_of(module, name).next().is_some())
}
