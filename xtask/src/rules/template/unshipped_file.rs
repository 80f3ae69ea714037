//! Files that no service gets.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Rule;
use super::model::{Body, Fate, Model, Origin, Template, is_script, literal, stripped};
use crate::report::{Report, Source, nearest};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unshipped-file",
    summary: "a file that no combination of options ships, that another file takes the place of, or that is ignored always while what is shipped names it",
    why: "What no option brings into a service is dead, and nobody sees that a feature has gone missing: a folder of an \
          option that no hook moves, a file that is ignored under every value.",
    example: "template-demo/options/metrics-statsd/src/metrics.rs, with no `file::rename` of it",
    remedy: "Move it in a `pre` hook under its option, narrow the condition that ignores it, or remove it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let rehearsal = &template.rehearsal;
        let twins = same_name(model, template, report);
        moved_elsewhere(template, report);
        ignored(template, report);
        if !rehearsal.is_complete || rehearsal.whole().next().is_none() {
            continue;
        }
        let mut ships = vec![false; template.files.len()];
        for origin in rehearsal.whole().flat_map(|run| run.files.values()) {
            if let Origin::File(number) = origin
                && let Some(ships) = ships.get_mut(*number)
            {
                *ships = true;
            }
        }
        for (number, file) in template.files.iter().enumerate() {
            if ships.get(number).is_none_or(|ships| *ships) || twins.contains(&number) {
                continue;
            }
            // Scripts have a rule of their own.
            if file.fate == Fate::Dropped
                || matches!(file.body, Body::Special(_))
                || is_script(&file.path)
            {
                continue;
            }
            if let Some((source, span)) = deleted(template, &file.target) {
                let message = format!(
                    "the hook deletes `{}`, which then no service has",
                    file.target
                );
                let help =
                    "name what is not needed, put the line under its option, or remove the file";
                report.error(RULE.id, source, span, message, help);
                continue;
            }
            let message = format!("no combination of options ships `{}`", file.path);
            let help = if file.is_optional {
                format!(
                    "`file::rename(\"{}\", \"{}\")` in a `pre` hook, or remove the file",
                    file.path, file.target
                )
            } else {
                "narrow the condition or the hook that takes it away, or remove the file".to_owned()
            };
            report.error_in_file(RULE.id, &file.place, message, help);
        }
    }
}

/// Where a hook deletes the path of a service, or a folder around it.
fn deleted<'t>(template: &'t Template, target: &str) -> Option<(&'t Source, Range<usize>)> {
    template.code().find_map(|(_, source, code)| {
        let mut calls = code.calls_of("file", "delete");
        calls.find_map(|call| {
            let path = call.arguments.first()?.as_ref()?;
            literal(&path.text, target).then(|| (source, path.span.clone()))
        })
    })
}

/// Files of an option that a hook moves to nearly the path that they have in the option's folder. What goes to quite another
/// one goes there on purpose.
fn moved_elsewhere(template: &Template, report: &mut Report) {
    for (_, source, code) in template.code() {
        for call in code.calls_of("file", "rename") {
            let [Some(from), Some(to)] = call.arguments.as_slice() else {
                continue;
            };
            let inner = from
                .text
                .strip_prefix("options/")
                .and_then(|rest| rest.split_once('/'));
            let near = |path: &str| path != to.text && nearest(&to.text, [path]).is_some();
            let Some((_, path)) = inner.filter(|(_, path)| near(path)) else {
                continue;
            };
            let message = format!(
                "`{}` goes to `{}`, and its place is `{path}`",
                from.text, to.text
            );
            let help = format!("write `\"{path}\"`, or move it in the folder of its option");
            report.error(RULE.id, source, to.span.clone(), message, help);
        }
    }
}

/// Files of one name in some service, of which it has only one.
fn same_name(model: &Model, template: &Template, report: &mut Report) -> BTreeSet<usize> {
    let mut told = BTreeSet::new();
    for run in template.rehearsal.whole() {
        let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
        for (number, file) in template.files.iter().enumerate() {
            if file.is_optional
                || file.fate == Fate::Dropped
                || matches!(file.body, Body::Special(_))
            {
                continue;
            }
            let name = stripped(&file.path);
            let path = if name.contains("{{") {
                model.syntax.render(name, &run.variables)
            } else {
                Some(name.to_owned())
            };
            let Some(path) = path.filter(|path| run.files.contains_key(path)) else {
                continue;
            };
            let Some(other) = by_path.insert(path.clone(), number) else {
                continue;
            };
            let Some(first) = template.files.get(other).filter(|_| told.insert(number)) else {
                continue;
            };
            told.insert(other);
            let message = format!(
                "`{}` and `{}` are both `{path}`, with `{}`",
                file.path, first.path, run.case
            );
            let help = "give one of the two another name: the service has only one of them";
            // Of a twin of `.liquid`, the one without it is the stray.
            let is_twin = stripped(&file.path) != file.path;
            let stray = if is_twin { first } else { file };
            report.error_in_file(RULE.id, &stray.place, message, help);
        }
    }
    told
}

/// Files that the manifest ignores whatever the options, and that a file of services names by their paths.
fn ignored(template: &Template, report: &mut Report) {
    let manifest = &template.manifest;
    for entry in &manifest.ignore {
        let gone = template
            .files
            .iter()
            .filter(|file| literal(&entry.value, &file.target));
        let gone = gone.filter(|file| file.target.contains('/') && !is_script(&file.path));
        let named = gone.filter_map(|file| {
            let by = template.shipped().find(|other| {
                matches!(&other.body, Body::Text(source, _) if names(&source.text, &file.target))
            })?;
            Some((file, by))
        });
        if let Some((file, by)) = named.into_iter().next() {
            let message = format!(
                "`{}` is ignored always, and `{}` names it",
                file.target, by.path
            );
            let help =
                "take the entry away, or put it under the option that makes do without the file";
            report.error(RULE.id, &manifest.source, entry.span.clone(), message, help);
        }
    }
}

/// Whether the text has the path as a word of its own.
fn names(text: &str, path: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "-_/.".contains(c);
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + path.len()..].chars().next();
        !before.is_some_and(is_part)
            && !after.is_some_and(|c| c.is_alphanumeric() || "-_/".contains(c))
    })
}
