//! Files that no service gets.

use std::collections::BTreeSet;

use super::Rule;
use super::model::{Body, Fate, Model, Origin, Template, is_script, literal, stripped};
use crate::report::Report;

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
        same_name(model, template, report);
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
        for (file, _) in template.files.iter().zip(ships).filter(|(_, ships)| !ships) {
            // Scripts have a rule of their own.
            if file.fate == Fate::Dropped
                || matches!(file.body, Body::Special(_))
                || is_script(&file.path)
            {
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

/// Files of one name in some service, of which it has only one.
fn same_name(model: &Model, template: &Template, report: &mut Report) {
    let mut told = BTreeSet::new();
    for run in template.rehearsal.whole() {
        for (number, file) in template.files.iter().enumerate() {
            let is_renamed = file.path.contains("{{") || stripped(&file.path) != file.path;
            if !is_renamed || file.is_optional || file.fate == Fate::Dropped {
                continue;
            }
            let Some(path) = model.syntax.render(stripped(&file.path), &run.variables) else {
                continue;
            };
            let Some(Origin::File(other)) = run
                .files
                .get(&path)
                .filter(|origin| **origin != Origin::File(number))
            else {
                continue;
            };
            let other = template
                .files
                .get(*other)
                .filter(|other| !other.is_optional);
            if let Some(other) = other.filter(|_| told.insert(number)) {
                let message = format!(
                    "`{}` and `{}` are both `{path}`, with `{}`",
                    file.path, other.path, run.case
                );
                let help = "give one of the two another name: the service has only one of them";
                report.error_in_file(RULE.id, &file.place, message, help);
            }
        }
    }
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
