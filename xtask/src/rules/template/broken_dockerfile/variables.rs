//! Variables that a build sets for cargo, and that sources read when they are compiled.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::Fault;
use crate::report::nearest;
use crate::rules::template::model::{Body, Origin, Run, Template, dockerfile};

/// What sources read of the environment.
static READ: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:env!\(|\bvar(?:_os)?\()\s*"([A-Za-z_]\w*)""#).ok());
/// What is set before a command.
static SET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s;&|(])([A-Z_][A-Z0-9_]{4,})=").ok());
/// Variables of cargo, rustc and what they call.
const TOOLS: [&str; 4] = ["CARGO_", "RUST", "DEP_", "SQLX_"];

/// A variable that nothing reads, none that was `judged` before, and that is near to one that the sources read and no line sets.
pub fn faults(
    template: &Template,
    run: &Run,
    joined: &str,
    judged: &mut BTreeSet<String>,
) -> Vec<Fault> {
    let (Some(read), Some(set)) = (READ.as_ref(), SET.as_ref()) else {
        return Vec::new();
    };
    let lines = dockerfile::instructions(joined, "RUN")
        .map(|words| words.join(" "))
        .filter(|line| line.contains("cargo "));
    let lines: Vec<String> = lines.collect();
    let all: BTreeSet<&str> = lines
        .iter()
        .flat_map(|line| set.captures_iter(line))
        .filter_map(|found| Some(found.get(1)?.as_str()))
        // The sources are all read for it, and once is enough.
        .filter(|name| judged.insert((*name).to_owned()))
        .collect();
    let mut asked = BTreeSet::new();
    let mut others = BTreeSet::new();
    if all.is_empty() {
        return Vec::new();
    }
    for (path, origin) in &run.files {
        let Origin::File(number) = origin else {
            continue;
        };
        let Some(Body::Text(source, _)) = template.files.get(*number).map(|file| &file.body) else {
            continue;
        };
        if path.strip_suffix(".rs").is_some() {
            let found = read.captures_iter(&source.text);
            asked.extend(found.filter_map(|found| Some((found.get(1)?.as_str(), path.as_str()))));
        }
        if path != "Dockerfile" {
            others.extend(
                all.iter()
                    .filter(|name| source.text.contains(**name))
                    .copied(),
            );
        }
    }
    let declared = dockerfile::arguments(joined);
    let mut found = Vec::new();
    for name in all {
        let is_used = others.contains(name)
            || asked.iter().any(|(other, _)| *other == name)
            || [format!("${name}"), format!("${{{name}")]
                .iter()
                .any(|used| joined.contains(used));
        if is_used || TOOLS.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let free = asked
            .iter()
            .map(|(other, _)| *other)
            .filter(|other| !declared.contains(other) && !joined.contains(&format!("{other}=")));
        let Some(near) = nearest(name, free) else {
            continue;
        };
        let reader = asked.iter().find(|(other, _)| *other == near);
        let path = reader.map_or("", |(_, path)| path);
        let message = format!("nothing reads the variable `{name}`");
        let help = format!("did you mean `{near}`, which `{path}` reads?");
        found.push((name.to_owned(), message, help));
    }
    found
}
