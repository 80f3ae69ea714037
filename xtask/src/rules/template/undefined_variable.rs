//! Variables that nothing defines: in files, in their names, and in hooks.

use std::collections::BTreeSet;

use super::Rule;
use super::model::text::did_you_mean;
use super::model::{Body, ENOUGH, Fate, Model, Origin, Template};
use crate::pack::manifest::Phase;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "undefined-variable",
    summary: "a variable in a file, a file's name or a hook's `variable::get` that nothing defines",
    why: "cargo-generate renders a variable that it does not know as nothing at all, and a hook gets an empty text. \
          The service then lacks its name, its image or its owner, and nobody is told.",
    example: "image: {{ registyr }}/{{ project-name }}",
    remedy: "Spell the name as its placeholder does, add a placeholder, or let a `pre` hook `variable::set` it. Variables \
             of a `post` hook come too late for files.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let known = template.variables_in_files();
        for file in &template.files {
            if file.fate != Fate::Dropped {
                for name in file.names.iter().flat_map(|document| &document.reads) {
                    if !known.contains(name.text.as_str()) {
                        let message = format!(
                            "the file's name reads `{}`, which nothing defines",
                            name.text
                        );
                        report.error_in_file(
                            RULE.id,
                            &file.place,
                            message,
                            help(template, &name.text, &known),
                        );
                    }
                }
            }
            let Body::Text(source, document) = &file.body else {
                continue;
            };
            let unknown = document
                .reads
                .iter()
                .filter(|name| !known.contains(name.text.as_str()));
            for name in unknown.take(ENOUGH) {
                let message = format!("variable `{}` is not defined", name.text);
                let help = help(template, &name.text, &known);
                report.error(RULE.id, source, name.span.clone(), message, help);
            }
        }
        hooks(template, report);
        sometimes(template, report);
        computed(template, report);
    }
}

/// Variables that a hook sets under some options, read under all.
fn sometimes(template: &Template, report: &mut Report) {
    let mut told = BTreeSet::new();
    for run in template.rehearsal.whole() {
        for origin in run.files.values() {
            let Origin::File(number) = origin else {
                continue;
            };
            let Some(Body::Text(source, document)) =
                template.files.get(*number).map(|file| &file.body)
            else {
                continue;
            };
            let is_guarded = |at: usize| document.guarded.iter().any(|range| range.contains(&at));
            for name in &document.reads {
                // Nearly all are.
                if run.variables.contains_key(&name.text) {
                    continue;
                }
                let setter = template.scripts.iter().find(|script| {
                    script.phase <= Phase::Pre
                        && super::model::sets(script).any(|set| set == name.text)
                });
                let Some(setter) = setter.filter(|_| !is_guarded(name.span.start)) else {
                    continue;
                };
                if told.insert((*number, name.text.clone())) {
                    let message =
                        format!("variable `{}` is not set with `{}`", name.text, run.case);
                    let help = format!(
                        "set it under every option in `{}`, or read it under the same condition",
                        setter.path
                    );
                    report.error(RULE.id, source, name.span.clone(), message, help);
                }
            }
        }
    }
}

/// Names that a hook asks for by way of a list or a variable.
fn computed(template: &Template, report: &mut Report) {
    for (hook, name) in &template.rehearsal.missing {
        let Some(script) = template.scripts.get(*hook) else {
            continue;
        };
        let (Some(source), Some(Ok(code))) = (&script.source, &script.code) else {
            continue;
        };
        let mut literal = code
            .calls_of("variable", "get")
            .filter_map(|call| call.arguments.first()?.as_ref());
        if literal.any(|written| written.text == *name) {
            continue;
        }
        if let Some(text) = code.texts.iter().find(|text| text.text == *name) {
            // Texts of a list stand at its bracket; the name itself is further on.
            let quoted = format!("\"{name}\"");
            let at = source.text[text.span.start..].find(&quoted);
            let start = at.map_or(text.span.start, |at| text.span.start + at + 1);
            let known = template.variables_in_hook(*hook);
            let message = format!("variable `{name}` is not defined when this hook runs");
            let help = help(template, name, &known);
            report.error(RULE.id, source, start..start + name.len(), message, help);
        }
    }
}

fn hooks(template: &Template, report: &mut Report) {
    for (index, script) in template.scripts.iter().enumerate() {
        let (Some(source), Some(Ok(code))) = (&script.source, &script.code) else {
            continue;
        };
        let known = template.variables_in_hook(index);
        let names = code
            .calls_of("variable", "get")
            .filter_map(|call| call.arguments.first()?.as_ref());
        let unknown = names.filter(|name| !known.contains(name.text.as_str()));
        for name in unknown.take(ENOUGH) {
            let message = format!(
                "variable `{}` is not defined when this hook runs",
                name.text
            );
            let help = help(template, &name.text, &known);
            report.error(RULE.id, source, name.span.clone(), message, help);
        }
    }
}

fn help(template: &Template, name: &str, known: &BTreeSet<&str>) -> String {
    let setter = template
        .scripts
        .iter()
        .find(|script| super::model::sets(script).any(|set| set == name));
    if let Some(setter) = setter {
        return format!(
            "`{}` sets it, which runs later; move `variable::set(\"{name}\", …)` to an earlier hook",
            setter.path
        );
    }
    let add = format!(
        "add `[placeholders.{name}]` to cargo-generate.toml, or `variable::set(\"{name}\", …)` to a `pre` hook"
    );
    did_you_mean(name, known.iter().copied(), &add)
}
