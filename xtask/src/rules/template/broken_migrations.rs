//! Migrations: their numbers, and the code that lists them.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::model::{Model, Origin, Run, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-migrations",
    summary: "two migrations of one number, a number that is left out, or a migration that the code which lists the others does not name",
    why: "A migration that nothing lists is never applied, and of two with one number the migrator takes one and refuses the \
          other: the first start on a new database shows it.",
    example: "migrations/0001_items.sql and migrations/0001_tags.sql",
    remedy: "Give each file the next number, and the code a line for it.",
    check,
};

/// Where they are.
const FOLDER: &str = "migrations/";
/// Larger numbers are times.
const LARGEST: u64 = 9_999;
/// What takes in a whole folder.
const WHOLE: [&str; 3] = ["migrate!(", "include_dir!(", "embed_migrations!("];

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            for (path, message, help) in faults(model, template, run) {
                let Some(Origin::File(number)) = run.files.get(&path) else {
                    continue;
                };
                let Some(file) = template.files.get(*number) else {
                    continue;
                };
                if told.insert((path, message.clone())) {
                    let message = format!("{message}, with `{}`", run.case);
                    report.error_in_file(RULE.id, &file.place, message, help);
                }
            }
        }
    }
}

fn faults(model: &Model, template: &Template, run: &Run) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    // By number, then by name: a migration may be two files, one there and one back.
    let mut all: BTreeMap<u64, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for path in run.files.keys() {
        let Some(name) = path.strip_prefix(FOLDER).filter(|name| !name.contains('/')) else {
            continue;
        };
        let Some((number, rest)) = name.split_once('_') else {
            continue;
        };
        let Some(stem) = rest.strip_suffix(".sql") else {
            continue;
        };
        let stem = stem
            .strip_suffix(".up")
            .or(stem.strip_suffix(".down"))
            .unwrap_or(stem);
        if let Ok(number) = number.parse() {
            all.entry(number)
                .or_default()
                .entry(stem)
                .or_default()
                .push(path);
        }
    }
    let largest = all.keys().last().copied().unwrap_or_default();
    let mut before = None;
    for (number, names) in &all {
        let mut paths = names.values().flatten();
        let first = paths.next().copied().unwrap_or_default();
        if names.len() > 1 {
            for path in names.values().skip(1).flatten() {
                let message = format!("`{path}` has the number of `{first}`");
                found.push((
                    (*path).to_owned(),
                    message,
                    format!("give it the number {}", largest + 1),
                ));
            }
        }
        let is_next = before.is_none_or(|before| *number == before + 1);
        if largest <= LARGEST && !is_next {
            let wanted = before.unwrap_or_default() + 1;
            let message = format!("`{first}` leaves the number {wanted} out");
            found.push((
                first.to_owned(),
                message,
                format!("give it the number {wanted}"),
            ));
        }
        before = Some(*number);
    }
    let paths: Vec<&str> = all
        .values()
        .flat_map(BTreeMap::values)
        .flatten()
        .copied()
        .collect();
    if !paths.is_empty() {
        unlisted(model, template, run, &paths, &mut found);
    }
    found
}

/// Migrations that the code does not name while it names others.
fn unlisted(
    model: &Model,
    template: &Template,
    run: &Run,
    paths: &[&str],
    found: &mut Vec<(String, String, String)>,
) {
    let mut lists: Option<(String, String)> = None;
    let mut named = BTreeSet::new();
    for path in run
        .files
        .keys()
        .filter(|path| path.starts_with("src/") && is_rust(path))
    {
        let Some(file) = model.rendered(template, run, path) else {
            return;
        };
        // Most files speak of nothing of the kind.
        if !["migrat", "include_dir"]
            .iter()
            .any(|word| file.text.contains(word))
        {
            continue;
        }
        if WHOLE.iter().any(|whole| file.text.contains(whole)) {
            return;
        }
        for line in file
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for migration in paths.iter().filter(|migration| line.contains(**migration)) {
                named.insert(*migration);
                lists = Some((path.clone(), line.trim().to_owned()));
            }
        }
    }
    let Some((list, line)) = lists else {
        return;
    };
    for path in paths.iter().filter(|path| !named.contains(*path)) {
        let message = format!("`{list}` does not list `{path}`");
        let help = format!("add a line for it there, as is `{line}`");
        found.push(((*path).to_owned(), message, help));
    }
}

fn is_rust(path: &str) -> bool {
    path.strip_suffix(".rs").is_some()
}
