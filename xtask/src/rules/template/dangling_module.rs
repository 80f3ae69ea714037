//! `mod` and `include` of files that some service does not have, and files that no module reaches.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::model::modules::{Reference, ReferenceKind, follow, references};
use super::model::text::near_path;
use super::model::{Body, Model, Origin, Run, Template};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "dangling-module",
    summary: "a `mod` or `include_str!` whose file some combination of options lacks, or a source that no module reaches",
    why: "Options bring files and take them away. Two that are each fine can together leave a `mod` without its file, and \
          the service does not compile; or leave a file that nobody compiles, and that rots.",
    example: "mod span; // where `metrics=none` takes src/metrics/span.rs away",
    remedy: "Let every combination that ships the declaration ship the file: move both under the same option.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut seen = BTreeSet::new();
        let mut unreached: BTreeMap<usize, (usize, usize, String)> = BTreeMap::new();
        let plain = plain(template);
        for run in template.rehearsal.whole() {
            let rendered = rendered(model, template, run);
            let sources: BTreeMap<String, &[Reference]> = run
                .files
                .iter()
                .filter(|(path, _)| is_rust(path))
                .filter_map(|(path, origin)| {
                    let Origin::File(number) = origin else {
                        return Some((path.clone(), [].as_slice()));
                    };
                    let found = rendered.get(number).or_else(|| plain.get(number))?;
                    Some((path.clone(), found.as_slice()))
                })
                .collect();
            let exists = |path: &str| run.files.contains_key(path);
            let (dangling, reached) = follow(&sources, &exists);
            for (path, reference, candidates) in dangling {
                let Some(source) = origin(template, run, path) else {
                    continue;
                };
                if seen.insert((source.file.clone(), reference.name.clone())) {
                    tell(template, run, (source, reference, &candidates), report);
                }
            }
            for (path, origin) in &run.files {
                if let Origin::File(number) = origin
                    && is_rust(path)
                    && is_source(path)
                {
                    let entry = unreached.entry(*number).or_default();
                    entry.0 += 1;
                    entry.1 += usize::from(reached.contains(path));
                    entry.2.clone_from(path);
                }
            }
        }
        for (number, (_, _, path)) in unreached
            .into_iter()
            .filter(|(_, (_, reached, _))| *reached == 0)
        {
            if let Some(file) = template.files.get(number) {
                let message = format!("no module reaches `{path}`, in any combination of options");
                let stem = path.trim_end_matches("/mod.rs").trim_end_matches(".rs");
                let name = stem.rsplit('/').next().unwrap_or(stem);
                let help = format!(
                    "declare it with `mod {name};` in the module around it, or remove the file"
                );
                report.error_in_file(RULE.id, &file.place, message, help);
            }
        }
    }
}

fn tell(
    template: &Template,
    run: &Run,
    (source, reference, candidates): (&Source, &Reference, &[String]),
    report: &mut Report,
) {
    let what = match reference.kind {
        ReferenceKind::Module(_) => format!("`mod {}` has no file", reference.name),
        ReferenceKind::Path => format!("there is no file `{}`", reference.name),
    };
    let always = template.rehearsal.whole().all(|run| {
        let declares = run.files.iter().any(|(_, origin)| {
            matches!(origin, Origin::File(number)
            if template.files.get(*number).is_some_and(|file| file.place == source.file))
        });
        !declares || !candidates.iter().any(|path| run.files.contains_key(path))
    });
    let message = if always {
        what
    } else {
        format!("{what} with `{}`", run.case)
    };
    let first = candidates.first().map_or("", String::as_str);
    let near = near_path(
        first,
        run.files
            .keys()
            .map(String::as_str)
            .filter(|path| is_rust(path)),
    );
    let help = match near.filter(|near| *near != first && always) {
        Some(near) => format!("add `{first}`; did you mean `{near}`?"),
        None => format!(
            "ship `{first}` wherever this declaration ships, or put the declaration under the same option"
        ),
    };
    // Rendering moves bytes: then the declaration is looked up as it is written.
    let span = if source.text.get(reference.span.clone()) == Some(reference.name.as_str()) {
        reference.span.clone()
    } else {
        let at = source.text.find(&reference.name).unwrap_or(0);
        at..at + 1
    };
    report.error(RULE.id, source, span, message, help);
}

/// What each Rust source refers to as it is written.
fn plain(template: &Template) -> BTreeMap<usize, Vec<Reference>> {
    let files = template.files.iter().enumerate();
    files
        .filter(|(_, file)| is_rust(&file.target))
        .filter_map(|(number, file)| match &file.body {
            Body::Text(source, _) => Some((number, references(&source.text))),
            _ => None,
        })
        .collect()
}

/// What sources with Liquid in them refer to in one combination.
fn rendered(model: &Model, template: &Template, run: &Run) -> BTreeMap<usize, Vec<Reference>> {
    let numbers = run.files.iter().filter_map(|(path, origin)| match origin {
        Origin::File(number) if is_rust(path) => Some(*number),
        _ => None,
    });
    numbers
        .filter_map(|number| {
            let file = template.files.get(number)?;
            let Cow::Owned(text) = model.text_in(file, run)? else {
                return None;
            };
            Some((number, references(&text)))
        })
        .collect()
}

fn origin<'a>(template: &'a Template, run: &Run, path: &str) -> Option<&'a Source> {
    let Origin::File(number) = run.files.get(path)? else {
        return None;
    };
    match &template.files.get(*number)?.body {
        Body::Text(source, _) => Some(source),
        _ => None,
    }
}

fn is_rust(path: &str) -> bool {
    path.strip_suffix(".rs").is_some()
}

/// Whether the file is in a folder that a crate's modules live in.
fn is_source(path: &str) -> bool {
    ["src/", "tests/", "benches/", "examples/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}
