//! Hooks that judge a service's name and let one pass that cargo refuses.

use std::ops::Range;

use toml::Value;

use super::Rule;
use super::model::hooks::Code;
use super::model::rehearsal::Named;
use super::model::{Model, Template};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unrefused-name",
    summary: "a hook that refuses some names for a service, and lets one pass with which cargo builds nothing",
    why: "Who calls the service `build` has a folder in which every command of cargo's fails, and nobody says that it is the \
          name.",
    example: "if name.len() > 50 {\n    abort(\"…\"); // and nothing about `build`\n}",
    remedy: "Have the hook refuse names that start with a digit, and those of cargo's folders.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let names = &template.rehearsal.names;
        // Where nothing is refused, nobody has promised to.
        let judges = names.iter().any(|named| named.run.is_none());
        let Some((source, span)) = judge(template).filter(|_| judges) else {
            continue;
        };
        let breaking: Vec<&Named> = names
            .iter()
            .filter(|named| breaks(model, template, named))
            .collect();
        if let Some(first) = breaking.first() {
            let message = format!(
                "the hook lets a service be called `{}`, {}: cargo refuses it",
                first.name, first.what
            );
            let all: Vec<String> = breaking
                .iter()
                .map(|named| format!("\"{}\"", named.name))
                .collect();
            let help = format!(
                "if [{}].contains(variable::get(\"project-name\")) {{ abort(\"…\"); }}",
                all.join(", ")
            );
            report.error(RULE.id, source, span, message, help);
        }
    }
}

/// Where a hook that may refuse asks for the name.
fn judge(template: &Template) -> Option<(&Source, Range<usize>)> {
    let aborts = |code: &Code| code.calls.iter().any(|call| call.name.text == "abort");
    let mut hooks = template.code().filter(|(_, _, code)| aborts(code));
    hooks.find_map(|(_, source, code)| {
        let mut asks = code.calls_of("variable", "get");
        let name = asks.find_map(|call| {
            let name = call.arguments.first()?.as_ref()?;
            (name.text == "project-name").then(|| name.span.clone())
        });
        name.map(|span| (source, span))
    })
}

/// Whether the service that came of it is a package of that name, or a program where the name is a folder of cargo's.
fn breaks(model: &Model, template: &Template, named: &Named) -> bool {
    let Some(run) = &named.run else { return false };
    let Some(file) = model.rendered(template, run, "Cargo.toml") else {
        return false;
    };
    let Some(manifest) = model.renders.toml(&file.text) else {
        return false;
    };
    let package = manifest.get("package").and_then(Value::as_table);
    let is_package = package.and_then(|package| package.get("name")?.as_str()) == Some(named.name);
    if named.name.starts_with(|c: char| c.is_ascii_digit()) {
        return is_package;
    }
    let binaries = manifest.get("bin").and_then(Value::as_array);
    let mut binaries = binaries.into_iter().flatten();
    let is_main = run.files.contains_key("src/main.rs");
    let has_own = binaries
        .clone()
        .any(|binary| binary.get("path").and_then(Value::as_str) == Some("src/main.rs"));
    binaries.any(|binary| binary.get("name").and_then(Value::as_str) == Some(named.name))
        || is_package && is_main && !has_own
}
