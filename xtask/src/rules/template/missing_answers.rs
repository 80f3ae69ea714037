//! The record of the answers.

use super::Rule;
use super::model::{ANSWERS, Model, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "missing-answers",
    summary: "a template that writes no `.idp/answers.toml`, neither as a file nor from a hook, or one that lacks an answer",
    why: "`upgrade` and `drift` render a service again from the answers that it carries. Without them a service is cut \
          off from the path on the day it is made.",
    example: "[hooks]\npre = [\"hooks/naming.rhai\"]",
    remedy: "Let a `post` hook `file::write(\".idp/answers.toml\", …)`, with every answer under `[values]`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut texts = template.code().flat_map(|(_, _, code)| &code.texts);
        let has_hook = texts.any(|text| text.text == ANSWERS)
            || template.guesses().any(|text| text == ANSWERS);
        if !template.always_has(ANSWERS) && !has_hook {
            let message = format!("`{}` does not record its answers", template.name);
            let place = format!("{}/{ANSWERS}", template.name);
            let help = format!("let a `post` hook `file::write(\"{ANSWERS}\", …)`");
            report.error_in_file(RULE.id, place, message, help);
        } else if let Some(run) = template
            .rehearsal
            .whole()
            .find(|run| !run.files.contains_key(ANSWERS))
        {
            let message = format!(
                "`{}` does not record its answers with `{}`",
                template.name, run.case
            );
            let place = format!("{}/{ANSWERS}", template.name);
            let help = "write the file under every option, in a `post` hook";
            report.error_in_file(RULE.id, place, message, help);
        } else {
            record(template, report);
        }
    }
}

/// What the record of the answers lacks, where a hook writes it.
fn record(template: &Template, report: &mut Report) {
    let Some(run) = template.rehearsal.whole().next() else {
        return;
    };
    if !template.rehearsal.is_complete {
        return;
    }
    let Some(text) = run.written.get(ANSWERS) else {
        return;
    };
    let place = format!("{}/{ANSWERS}", template.name);
    let table: toml::Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => {
            let reason = error.message().lines().next().unwrap_or_default();
            let message = format!("the record of the answers is no TOML: {reason}");
            let help = "quote every answer: backslash and quote are escaped";
            report.error_in_file(RULE.id, place, message, help);
            return;
        }
    };
    let values = table.get("values").and_then(toml::Value::as_table);
    let placeholders = template.manifest.placeholders.iter();
    let names = placeholders.map(|placeholder| placeholder.name.as_str());
    for name in names.chain(["project-name"]) {
        if values.is_none_or(|values| !values.contains_key(name)) {
            let message = format!("the record of the answers lacks `{name}`");
            let help =
                format!("write `{name}` under `[values]`, in the hook that writes {ANSWERS}");
            report.error_in_file(RULE.id, &place, message, help);
        }
    }
}
