//! The record of the answers.

use super::Rule;
use super::model::hooks::Call;
use super::model::{ANSWERS, Model, Template};
use crate::pack::manifest::Phase;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "missing-answers",
    summary: "a template that writes no `.idp/answers.toml`, neither as a file nor from a hook, writes it before files are rendered, or leaves an answer out",
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
            early(template, report);
            record(template, report);
        }
    }
}

/// A hook of `pre` that writes the record: what it writes is rendered afterwards, answers with `{{` in them too.
fn early(template: &Template, report: &mut Report) {
    let hooks = template.scripts.iter();
    for script in hooks.filter(|script| script.phase != Phase::Post) {
        let Some(Ok(code)) = &script.code else {
            continue;
        };
        let writes = |call: &&Call| {
            let path = call.arguments.first().and_then(Option::as_ref);
            path.is_some_and(|path| path.text == ANSWERS)
        };
        if let (Some(call), Some(source)) =
            (code.calls_of("file", "write").find(writes), &script.source)
        {
            let message = format!("`{ANSWERS}` is written before files are rendered");
            let help = format!(
                "list `{}` under `post`, so that answers stay as they were given",
                script.path
            );
            report.error(RULE.id, source, call.name.span.clone(), message, help);
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
