//! `.idp/ownership.toml`: who owns which file of a service.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::Rule;
use super::model::text::{did_you_mean, near_path};
use super::model::{Body, Model, Pattern, Template};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-ownership",
    summary: "a template without `.idp/ownership.toml`, or one that does not parse, has a class that there is not, names a file \
              that no service has, or has a pattern that never decides because a class before it has all its files",
    why: "What a pattern was written for has been renamed, or a class is misspelt: its files then belong to whoever comes \
          last. An upgrade passes over a file of the platform's, or writes over one of the developers'.",
    example: "[platform]\nfiles = [\"Dokerfile\"]",
    remedy: "Name files as services have them, in the classes `platform`, `shared` and `yours`. `*` stays within a folder, \
             `**` does not.",
    check,
};

/// Where it stands in a service.
const PLACE: &str = ".idp/ownership.toml";
/// The classes there are.
const CLASSES: [&str; 3] = ["platform", "shared", "yours"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    files: Vec<Spanned<String>>,
}

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut files = template.shipped();
        let Some(file) = files.find(|file| file.target == PLACE) else {
            if !template.written().any(|path| path == PLACE) {
                let message = format!("`{}` does not say who owns its files", template.name);
                let help = "add the file, with `[platform]`, `[shared]` and `[yours]`, each with `files = […]`";
                let place = format!("{}/{PLACE}", template.name);
                report.error_in_file(RULE.id, place, message, help);
            }
            continue;
        };
        let Body::Text(source, document) = &file.body else {
            continue;
        };
        match toml::from_str::<BTreeMap<Spanned<String>, Class>>(&source.text) {
            Ok(classes) => judge(template, source, &classes, report),
            // What is rendered may become TOML then.
            Err(_) if document.first.is_some() => {}
            Err(error) => {
                let message = format!("the file does not say who owns what: {}", error.message());
                let help = "write `[platform]`, `[shared]` and `[yours]`, each with `files = […]`";
                let span = error.span().unwrap_or(0..0);
                report.error(RULE.id, source, span, message, help);
            }
        }
    }
}

fn judge(
    template: &Template,
    source: &Source,
    classes: &BTreeMap<Spanned<String>, Class>,
    report: &mut Report,
) {
    let paths = template.rehearsal.paths();
    shadowed(template, source, classes, &paths, report);
    for (name, class) in classes {
        if !CLASSES.contains(&name.get_ref().as_str()) {
            let message = format!("there is no class `{}`", name.get_ref());
            let otherwise = format!("the classes are {}", CLASSES.join(", "));
            let help = did_you_mean(name.get_ref(), CLASSES, &otherwise);
            report.error(RULE.id, source, name.span(), message, help);
        }
        for pattern in &class.files {
            let line = pattern.get_ref().as_str();
            // A path is meant from the service's root; a pattern of git's without a slash is meant anywhere.
            let found = match Pattern::parse(&format!("/{}", line.trim_start_matches('/'))) {
                Ok(matcher) => paths.iter().any(|path| matcher.is(path)),
                Err(_) => false,
            };
            // Where not every combination could be played, a file may be in one of the others.
            if !found && template.rehearsal.is_complete {
                let message = format!("no service has a file `{line}`");
                let folder = format!("{}/", line.trim_end_matches('/'));
                let help = match near_path(line, paths.iter().copied()) {
                    _ if paths.iter().any(|path| path.starts_with(&folder)) => {
                        format!("write `{folder}**` for all that the folder holds")
                    }
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a file that some service has, or remove the entry".to_owned(),
                };
                report.error(RULE.id, source, pattern.span(), message, help);
            }
        }
    }
}

/// Patterns whose files all belong to a class before theirs.
fn shadowed(
    template: &Template,
    source: &Source,
    classes: &BTreeMap<Spanned<String>, Class>,
    paths: &BTreeSet<&str>,
    report: &mut Report,
) {
    if !template.rehearsal.is_complete {
        return;
    }
    let mut before: Vec<(&Spanned<String>, Pattern)> = Vec::new();
    // By the pattern that takes the files: those that it leaves nothing.
    let mut shadows: BTreeMap<usize, (&Spanned<String>, Vec<&Spanned<String>>)> = BTreeMap::new();
    for class in CLASSES {
        let class = classes.iter().find(|(name, _)| name.get_ref() == class);
        let files = class.map_or(&[][..], |(_, class)| class.files.as_slice());
        let parsed = files.iter().filter_map(|pattern| {
            let line = format!("/{}", pattern.get_ref().trim_start_matches('/'));
            Some((pattern, Pattern::parse(&line).ok()?))
        });
        let parsed: Vec<_> = parsed.collect();
        for (pattern, matcher) in &parsed {
            let mut own = paths.iter().filter(|path| matcher.is(path)).peekable();
            let first = own.peek().copied().copied();
            let is_taken = own.all(|path| before.iter().any(|(_, other)| other.is(path)));
            let taker = first.and_then(|path| before.iter().find(|(_, other)| other.is(path)));
            if let Some((taker, _)) = taker.filter(|_| is_taken) {
                let entry = shadows.entry(taker.span().start);
                entry
                    .or_insert_with(|| (*taker, Vec::new()))
                    .1
                    .push(pattern);
            }
        }
        before.extend(parsed);
    }
    for (taker, taken) in shadows.values() {
        let wide = taker.get_ref();
        match taken.as_slice() {
            [one] => {
                let message = format!(
                    "`{}` decides nothing: `{wide}` has its files already",
                    one.get_ref()
                );
                let help =
                    "the first class with a pattern that matches decides: take one of the two away";
                report.error(RULE.id, source, one.span(), message, help);
            }
            [one, others @ ..] => {
                let message = format!(
                    "`{wide}` takes all files of `{}` and of {} more patterns in the classes after it",
                    one.get_ref(),
                    others.len()
                );
                let help =
                    "name only what is meant: the first class with a pattern that matches decides";
                report.error(RULE.id, source, taker.span(), message, help);
            }
            [] => {}
        }
    }
}
