//! Whether the lock file is that of Cargo.toml, in every combination.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use semver::{Version, VersionReq};
use toml::{Table, Value};

use super::Rule;
use super::model::{Body, File, Model, Origin, Run, Template};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "stale-lock",
    summary: "a lock file that lacks a dependency of Cargo.toml with some options, lists one that is not there, or holds a version that \
              does not satisfy Cargo.toml",
    why: "`--locked` refuses such a lock file: neither the image nor the pipeline of a new service builds.",
    example: "regex = \"1\" # in Cargo.toml.liquid, and no `regex` in Cargo.lock.liquid",
    remedy: "Run `cargo xtask sync --update-locks`, and commit the lock file that it writes.",
    check,
};

const MANIFEST: &str = "Cargo.toml";
const LOCK: &str = "Cargo.lock";
const HELP: &str = "cargo xtask sync --update-locks";

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut seen = BTreeSet::new();
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let (Some(manifest), Some(lock)) =
                (file(template, run, MANIFEST), file(template, run, LOCK))
            else {
                continue;
            };
            let (Body::Text(place, _), Body::Text(lock_place, _)) = (&manifest.body, &lock.body)
            else {
                continue;
            };
            let (Some(text), Some(lock)) = (model.text_in(manifest, run), model.text_in(lock, run))
            else {
                continue;
            };
            if !seen.insert((text.clone().into_owned(), lock.clone().into_owned())) {
                continue;
            }
            // A manifest that does not parse is a finding elsewhere.
            let Some(table) = model.renders.toml(&text) else {
                continue;
            };
            let Some(name) = package(&table) else {
                continue;
            };
            let lock = Lock::read(&lock);
            let Some(own) = lock.own(name) else {
                if told.insert(LOCK.to_owned()) {
                    let message = format!(
                        "the lock file has no entry of the service's own, with `{}`",
                        run.case
                    );
                    report.error(RULE.id, lock_place, 0..0, message, HELP);
                }
                continue;
            };
            let wanted = dependencies(&table);
            for (dependency, requirement) in &wanted {
                let message = match lock.fault(own, dependency, requirement) {
                    Some(fault) if told.insert(dependency.clone()) => fault,
                    _ => continue,
                };
                let message = format!("{message}, with `{}`", run.case);
                report.error(RULE.id, place, key(place, dependency), message, HELP);
            }
            for listed in &own.dependencies {
                let listed = listed.split(' ').next().unwrap_or(listed);
                if !wanted.contains_key(listed) && told.insert(listed.to_owned()) {
                    let message = format!(
                        "the lock file lists `{listed}` for the service, and Cargo.toml has no such dependency, with `{}`",
                        run.case
                    );
                    let span = word(lock_place, &format!(" \"{listed}"), 2);
                    report.error(RULE.id, lock_place, span, message, HELP);
                }
            }
        }
    }
}

fn file<'a>(template: &'a Template, run: &Run, path: &str) -> Option<&'a File> {
    match run.files.get(path)? {
        Origin::File(number) => template.files.get(*number),
        Origin::Written => None,
    }
}

/// The package's name; `None` for a workspace, whose lock file is that of its members.
fn package(manifest: &Table) -> Option<&str> {
    if manifest.contains_key("workspace") {
        return None;
    }
    manifest.get("package")?.get("name")?.as_str()
}

/// Dependencies by their packages' names, for any target, with every version that is asked for.
fn dependencies(manifest: &Table) -> BTreeMap<String, Vec<String>> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flatten();
    let targets = targets.filter_map(|(_, target)| target.as_table());
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for table in [manifest].into_iter().chain(targets) {
        for key in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let dependencies = table.get(key).and_then(Value::as_table);
            for (name, value) in dependencies.into_iter().flatten() {
                let package = value.get("package").and_then(Value::as_str);
                let version = value.as_str().or_else(|| value.get("version")?.as_str());
                let entry = all.entry(package.unwrap_or(name).to_owned()).or_default();
                entry.extend(version.map(str::to_owned));
            }
        }
    }
    all
}

/// An entry of a lock file.
#[derive(Default)]
struct Entry<'a> {
    name: &'a str,
    version: &'a str,
    is_foreign: bool,
    dependencies: Vec<&'a str>,
}

/// A lock file, as cargo writes it.
struct Lock<'a>(Vec<Entry<'a>>);

impl<'a> Lock<'a> {
    fn read(text: &'a str) -> Self {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for line in text.lines() {
            if line == "[[package]]" {
                entries.push(Entry::default());
            }
            let Some(entry) = entries.last_mut() else {
                continue;
            };
            let unquoted = |text: &'a str| text.trim_end_matches(',').trim_matches('"');
            if let Some(listed) = line.strip_prefix(" \"") {
                entry.dependencies.push(unquoted(listed));
            } else if let Some((key, value)) = line.split_once(" = ") {
                match key {
                    "name" => entry.name = unquoted(value),
                    "version" => entry.version = unquoted(value),
                    "source" => entry.is_foreign = true,
                    // One line where cargo writes several.
                    "dependencies" if value.ends_with(']') => {
                        let items = value.trim_matches(['[', ']']).split(',').map(str::trim);
                        entry
                            .dependencies
                            .extend(items.filter(|it| !it.is_empty()).map(unquoted));
                    }
                    _ => {}
                }
            }
        }
        Self(entries)
    }

    fn own(&self, name: &str) -> Option<&Entry<'a>> {
        let mut entries = self.0.iter();
        entries.find(|entry| entry.name == name && !entry.is_foreign)
    }

    /// What is wrong with `dependency` in the entry `own`.
    fn fault(&self, own: &Entry<'_>, dependency: &str, versions: &[String]) -> Option<String> {
        let listed: Vec<&str> = own
            .dependencies
            .iter()
            .filter(|listed| listed.split(' ').next() == Some(dependency))
            .copied()
            .collect();
        if listed.is_empty() {
            return Some(format!(
                "the lock file does not list `{dependency}` for the service"
            ));
        }
        let has = listed.iter().flat_map(|listed| {
            let version = listed.split(' ').nth(1);
            let entries = self.0.iter().filter(move |entry| {
                entry.name == dependency && version.is_none_or(|version| version == entry.version)
            });
            entries.map(|entry| entry.version)
        });
        let has: Vec<&str> = has.collect();
        if has.is_empty() {
            return Some(format!("the lock file has no entry for `{dependency}`"));
        }
        let parsed: Option<Vec<Version>> = has
            .iter()
            .map(|version| Version::parse(version).ok())
            .collect();
        let parsed = parsed?;
        let unmet = versions.iter().find(|version| {
            VersionReq::parse(version)
                .is_ok_and(|wanted| !parsed.iter().any(|version| wanted.matches(version)))
        })?;
        Some(format!(
            "the lock file has `{dependency}` {}, which does not satisfy `{unmet}`",
            has.join(" and ")
        ))
    }
}

/// Where the dependency is named in the manifest.
fn key(source: &Source, dependency: &str) -> Range<usize> {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let rest = line.strip_prefix(dependency);
        if rest.is_some_and(|rest| rest.starts_with([' ', '=', '.'])) {
            return start..start + dependency.len();
        }
        start += line.len();
    }
    word(source, &format!("\"{dependency}\""), 1)
}

fn word(source: &Source, text: &str, skipped: usize) -> Range<usize> {
    let at = source.text.find(text);
    at.map_or(0..0, |at| {
        at + skipped..at + text.trim_end_matches('"').len()
    })
}
