//! Files that a rendered Cargo.toml names.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::{Table, Value};

use super::Rule;
use super::model::text::near_path;
use super::model::{Body, Model, Origin, Run, Template, literal};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "missing-target",
    summary: "a target, build script or README in Cargo.toml whose file some combination of options lacks, or a binary or feature that Cargo.toml itself lacks",
    why: "cargo refuses the whole manifest when one target has no file: a developer who picked that option has a service in \
          which no command of cargo's works.",
    example: "[[test]]\nname = \"otlp\"\npath = \"tests/otlp/main.rs\" # which `metrics=none` takes away",
    remedy: "Name a file that is there, or put the table under the option that brings the file.",
    check,
};

/// Where cargo looks for it.
const MANIFEST: &str = "Cargo.toml";
/// Tables of targets, each with the folder in which cargo looks for a target without a path.
const TARGETS: [(&str, &str); 4] = [
    ("bin", "src/bin"),
    ("test", "tests"),
    ("example", "examples"),
    ("bench", "benches"),
];

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let Some(Origin::File(number)) = run.files.get(MANIFEST) else {
                continue;
            };
            let Some(file) = template.files.get(*number) else {
                continue;
            };
            let (Body::Text(source, _), Some(text)) = (&file.body, model.text_in(file, run)) else {
                continue;
            };
            // cargo says best what is wrong with one that does not parse.
            let Some(manifest) = model.renders.toml(&text) else {
                continue;
            };
            for (word, message, help) in unknown_names(&manifest, run) {
                if told.insert(word.clone()) {
                    report.error(RULE.id, source, place(source, &word), message, help);
                }
            }
            for target in missing(&manifest, run) {
                if told.insert(target.word.clone()) {
                    tell(template, run, source, &target, report);
                }
            }
        }
    }
}

/// A target without its file.
struct Missing {
    /// What it is, in words.
    what: String,
    /// The word in the manifest that stands for it.
    word: String,
    /// Where its file may be.
    paths: Vec<String>,
}

fn tell(template: &Template, run: &Run, source: &Source, target: &Missing, report: &mut Report) {
    let path = target.paths.first().map_or("", String::as_str);
    let has = |run: &Run| target.paths.iter().any(|path| run.files.contains_key(path));
    let never = !template.rehearsal.whole().any(has);
    let message = if never {
        format!("{} has no file `{path}`", target.what)
    } else {
        format!("{} has no file `{path}` with `{}`", target.what, run.case)
    };
    if let Some((hook, span, did)) = culprit(template, path) {
        let help = format!(
            "{} needs it: leave it there, or put this under the option that does without",
            target.what
        );
        let message = format!(
            "{did} `{path}`, which Cargo.toml names, with `{}`",
            run.case
        );
        report.error(RULE.id, hook, span, message, help);
        return;
    }
    let known = run.files.keys().map(String::as_str);
    let help = match near_path(path, known).filter(|_| never) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "put it under the option that brings the file, or ship the file".to_owned(),
    };
    report.error(RULE.id, source, place(source, &target.word), message, help);
}

/// The line of a hook that deletes the file which was to be at `path`, or moves it elsewhere.
fn culprit<'t>(
    template: &'t Template,
    path: &str,
) -> Option<(&'t Source, Range<usize>, &'static str)> {
    let mut files = template.files.iter();
    let file = files.find(|file| file.target == path)?;
    for (_, source, code) in template.code() {
        for call in &code.calls {
            let argument =
                |number: usize| Some(call.arguments.get(number)?.as_ref()?.text.as_str());
            let takes = argument(0).is_some_and(|from| literal(from, &file.path));
            let did = match argument(1) {
                _ if !takes => continue,
                None if call.is("file", "delete") && !file.is_optional => "the hook deletes",
                Some(to) if call.is("file", "rename") && !literal(to, path) => {
                    "the hook moves elsewhere"
                }
                _ => continue,
            };
            let last = call.arguments.iter().flatten().last();
            let span = last.map_or(call.name.span.clone(), |last| last.span.clone());
            return Some((source, span, did));
        }
    }
    None
}

/// What a manifest names and the service of `run` does not have.
fn missing(manifest: &Table, run: &Run) -> Vec<Missing> {
    let mut found = Vec::new();
    let package = manifest.get("package").and_then(Value::as_table);
    let name = package.and_then(|package| package.get("name")?.as_str());
    for (kind, folder) in TARGETS {
        let tables = manifest.get(kind).and_then(Value::as_array);
        for table in tables.into_iter().flatten().filter_map(Value::as_table) {
            let Some(target) = table.get("name").and_then(Value::as_str) else {
                continue;
            };
            let what = format!("the {kind} `{target}`");
            let path = table.get("path").and_then(Value::as_str);
            let paths = match path {
                Some(path) => vec![normal(path)],
                None => by_name(target, folder, kind == "bin" && name == Some(target)),
            };
            found.push(Missing {
                what,
                word: path.unwrap_or(target).to_owned(),
                paths,
            });
        }
    }
    let library = manifest.get("lib").and_then(Value::as_table);
    let path = |table: Option<&Table>, key: &str| Some(table?.get(key)?.as_str()?.to_owned());
    let single = [
        ("the library", path(library, "path")),
        ("the build script", path(package, "build")),
        ("`readme`", path(package, "readme")),
        ("`license-file`", path(package, "license-file")),
    ];
    found.extend(single.into_iter().filter_map(|(what, path)| {
        let path = path?;
        Some(Missing {
            what: what.to_owned(),
            paths: vec![normal(&path)],
            word: path,
        })
    }));
    if library.is_some_and(|library| library.get("path").is_none()) {
        found.push(Missing {
            what: "the library".to_owned(),
            word: "[lib]".to_owned(),
            paths: vec!["src/lib.rs".to_owned()],
        });
    }
    found.retain(|target| !target.paths.iter().any(|path| run.files.contains_key(path)));
    found
}

/// Binaries and features that the manifest speaks of and does not have: the word, a message and a remedy.
fn unknown_names(manifest: &Table, run: &Run) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let package = manifest.get("package").and_then(Value::as_table);
    let value = |key: &str| package.and_then(|package| package.get(key)?.as_str());
    if let Some(name) = value("default-run") {
        let binaries = manifest.get("bin").and_then(Value::as_array);
        let binaries = binaries.into_iter().flatten();
        let mut names: Vec<&str> = binaries
            .filter_map(|binary| binary.get("name")?.as_str())
            .collect();
        // Binaries that cargo finds by itself.
        if run.files.contains_key("src/main.rs") {
            names.extend(value("name"));
        }
        let own = by_name(name, "src/bin", false);
        let is_found = own.iter().any(|path| run.files.contains_key(path));
        if !names.contains(&name) && !is_found {
            let message = format!("there is no binary `{name}` to run by default");
            let help = match names.first() {
                Some(first) if Some(*first) == value("name") => {
                    "name the package's own: default-run = \"{{project-name}}\"".to_owned()
                }
                Some(first) => format!("default-run = \"{first}\""),
                None => "take `default-run` out".to_owned(),
            };
            found.push((name.to_owned(), message, help));
        }
    }
    let features = manifest.get("features").and_then(Value::as_table);
    let dependencies = dependencies(manifest);
    for (feature, parts) in features.into_iter().flatten() {
        for part in parts.as_array().into_iter().flatten() {
            let Some(part) = part.as_str() else { continue };
            let (owner, is_dependency) = match (part.strip_prefix("dep:"), part.split_once('/')) {
                (Some(name), _) => (name, true),
                (None, Some((name, _))) => (name.trim_end_matches('?'), true),
                (None, None) => (part, false),
            };
            let is_feature = features.is_some_and(|features| features.contains_key(owner));
            if dependencies.contains(owner) || (!is_dependency && is_feature) {
                continue;
            }
            let what = if is_dependency {
                "dependency"
            } else {
                "feature"
            };
            let message =
                format!("`{feature}` turns on the {what} `{owner}`, which Cargo.toml lacks");
            let help = if is_dependency {
                format!("add `{owner}` to the dependencies, with `optional = true`")
            } else {
                format!("add `{owner} = []` to `[features]`, or take the word out")
            };
            found.push((part.to_owned(), message, help));
        }
    }
    found
}

/// The names of all dependencies, for any target.
fn dependencies(manifest: &Table) -> BTreeSet<&str> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flatten();
    let targets = targets.filter_map(|(_, target)| target.as_table());
    let tables = [manifest].into_iter().chain(targets);
    let tables = tables.flat_map(|table| {
        ["dependencies", "build-dependencies", "dev-dependencies"]
            .into_iter()
            .filter_map(|key| table.get(key)?.as_table())
    });
    tables
        .flat_map(|table| table.keys().map(String::as_str))
        .collect()
}

/// Where cargo looks for a target without a path; a binary with the package's own name may be `src/main.rs`.
fn by_name(target: &str, folder: &str, is_main: bool) -> Vec<String> {
    let main = is_main.then(|| "src/main.rs".to_owned());
    let own = [
        format!("{folder}/{target}.rs"),
        format!("{folder}/{target}/main.rs"),
    ];
    main.into_iter().chain(own).collect()
}

fn normal(path: &str) -> String {
    path.trim_start_matches("./").replace("//", "/")
}

/// Where the word stands, outside comments; where the name is rendered, nothing is underlined.
fn place(source: &Source, word: &str) -> Range<usize> {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or(line);
        if let Some(at) = code.find(word) {
            return start + at..start + at + word.len();
        }
        start += line.len();
    }
    0..0
}
