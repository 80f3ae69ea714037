//! What a Dockerfile copies and builds.

mod stages;
mod variables;

use std::collections::BTreeSet;

use super::Rule;
use super::model::{Body, Model, Run, Template};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-dockerfile",
    summary: "a Dockerfile that copies what some service or stage does not have, starts what it does not copy, builds a profile or binary that Cargo.toml does not define, or sets a variable that no source reads",
    why: "No linter of Dockerfiles knows which files the options leave. The image does not build, and the developer sees \
          it when everything else is done.",
    example: "COPY migrations migrations # with `database=none`, where there are none",
    remedy: "Put the line under the option that brings the files, or name a profile that cargo or Cargo.toml has.",
    check,
};

/// What is wrong: the word, a message and a remedy.
type Fault = (String, String, String);

/// Profiles that cargo has by itself.
const PROFILES: [&str; 4] = ["dev", "release", "test", "bench"];

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for (number, file) in template.files.iter().enumerate() {
            let name = file.target.rsplit('/').next().unwrap_or_default();
            let is_dockerfile = file.target == "Dockerfile"
                || (!file.target.contains('/') && name.starts_with("Dockerfile."));
            let (true, Body::Text(source, _)) = (is_dockerfile, &file.body) else {
                continue;
            };
            let mut told = Vec::new();
            let mut set = BTreeSet::new();
            for run in template.rehearsal.whole() {
                if !run
                    .files
                    .values()
                    .any(|origin| *origin == super::model::Origin::File(number))
                {
                    continue;
                }
                let Some(text) = model.text_in(file, run) else {
                    continue;
                };
                for (word, message, help) in faults(model, template, run, &text, &mut set) {
                    if !told.contains(&word) {
                        let message = format!("{message}, with `{}`", run.case);
                        report.error(RULE.id, source, place(source, &word), message, help);
                        told.push(word);
                    }
                }
            }
        }
    }
}

/// What is wrong with a rendered Dockerfile: the word, a message and a remedy. `set` are variables that were judged before.
fn faults(
    model: &Model,
    template: &Template,
    run: &Run,
    text: &str,
    set: &mut BTreeSet<String>,
) -> Vec<Fault> {
    let mut found = Vec::new();
    // Docker takes comments out first, also those between the lines of one instruction.
    let code = text
        .split_inclusive('\n')
        .filter(|line| !line.trim_start().starts_with('#'));
    let joined = code.collect::<String>().replace("\\\n", " ");
    found.extend(stages::faults(model, template, run, &joined));
    found.extend(variables::faults(template, run, &joined, set));
    found.extend(binary(model, template, run, &joined));
    let mut stages = Vec::new();
    for line in joined.lines().map(str::trim) {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match keyword.to_ascii_uppercase().as_str() {
            "COPY" | "ADD" if !rest.contains("--from") && !rest.contains(['$', '[', '<']) => {
                let words: Vec<&str> = rest
                    .split_whitespace()
                    .filter(|word| !word.starts_with("--"))
                    .collect();
                let sources = words.split_last().map_or(&[][..], |(_, sources)| sources);
                for source in sources.iter().filter(|source| !source.contains("://")) {
                    if !is_there(run, source) {
                        let message = format!("there is no `{source}` to copy");
                        let help = "put the line under the option that brings the file, or name one that is there";
                        found.push(((*source).to_owned(), message, help.to_owned()));
                    }
                }
            }
            "COPY" | "ADD" => {
                let stage = rest
                    .split_whitespace()
                    .find_map(|word| word.strip_prefix("--from="));
                if let Some(stage) = stage.filter(|stage| !is_stage(stage, &stages)) {
                    let message = format!("there is no stage `{stage}` to copy from");
                    let help = format!(
                        "write `FROM … AS {stage}` above, or name an image with its tag or digest"
                    );
                    found.push((stage.to_owned(), message, help));
                }
            }
            "FROM" => {
                let mut words = rest.split_whitespace();
                let named = words.any(|word| word.eq_ignore_ascii_case("as"));
                stages.extend(words.next().filter(|_| named).map(str::to_lowercase));
            }
            _ => {}
        }
        // nextest, as compose, has profiles of its own.
        let is_cargo = |before: &str| before.contains("cargo ") && !before.contains("nextest");
        let profile = line
            .split_once("--profile")
            .filter(|(before, _)| is_cargo(before))
            .map(|(_, rest)| rest.trim_start_matches(['=', ' ']));
        let profile =
            profile.and_then(|rest| rest.split(|c: char| c.is_whitespace() || c == ';').next());
        let default = line.strip_prefix("ARG CARGO_PROFILE=");
        for name in profile.into_iter().chain(default) {
            let name = name.trim_matches(['"', '\'']);
            if name.is_empty()
                || name.contains('$')
                || PROFILES.contains(&name)
                || defines(model, template, run, name)
            {
                continue;
            }
            let message = format!("there is no profile `{name}`");
            let help = format!(
                "add `[profile.{name}]` to Cargo.toml.liquid, or take one of {}",
                PROFILES.join(", ")
            );
            found.push((name.to_owned(), message, help));
        }
    }
    found
}

/// Whether the name is that of a stage above, or stands for something else: a stage's number, an image, a variable.
fn is_stage(name: &str, stages: &[String]) -> bool {
    let other = name.contains(['/', ':', '@', '$']) || name.parse::<usize>().is_ok();
    other || stages.contains(&name.to_lowercase())
}

fn is_there(run: &Run, source: &str) -> bool {
    let path = source.trim_start_matches("./").trim_end_matches('/');
    // A pattern is taken for its folder and its beginning.
    let start = path.split(['*', '?', '[']).next().unwrap_or(path);
    let is_pattern = start.len() < path.len();
    path.is_empty()
        || path == "."
        || run.files.keys().any(|file| {
            if is_pattern {
                file.starts_with(start)
            } else {
                super::model::literal(path, file)
            }
        })
}

/// Whether the service's manifest has the profile.
fn defines(model: &Model, template: &Template, run: &Run, name: &str) -> bool {
    let manifest = template
        .files
        .iter()
        .find(|file| file.target == "Cargo.toml");
    let Some(text) = manifest.and_then(|file| model.text_in(file, run)) else {
        return true;
    };
    match model.renders.toml(&text) {
        Some(manifest) => manifest
            .get("profile")
            .is_some_and(|profiles| profiles.get(name).is_some()),
        // Cargo says what is wrong with it; the words are all there is to go by.
        None => text.contains(&format!("[profile.{name}]")),
    }
}

/// A binary that is to be built and that Cargo.toml does not define.
fn binary(model: &Model, template: &Template, run: &Run, joined: &str) -> Option<Fault> {
    let lines = joined.lines().filter(|line| line.contains("cargo "));
    let mut names = lines.filter_map(|line| {
        let (_, rest) = line.split_once(" --bin")?;
        let rest = rest.strip_prefix([' ', '='])?;
        let name = rest.split(|c: char| c.is_whitespace() || c == ';').next()?;
        Some(name.trim_matches(['"', '\'']))
    });
    let name = names.find(|name| !name.is_empty() && !name.contains('$'))?;
    let manifest = template
        .files
        .iter()
        .find(|file| file.target == "Cargo.toml")?;
    let manifest = model.renders.toml(&model.text_in(manifest, run)?)?;
    if manifest.contains_key("workspace") {
        return None;
    }
    let binaries = manifest.get("bin").and_then(toml::Value::as_array);
    let binaries = binaries.into_iter().flatten();
    let mut known: Vec<&str> = binaries.filter_map(|it| it.get("name")?.as_str()).collect();
    known.extend(manifest.get("package")?.get("name")?.as_str());
    let own = [
        format!("src/bin/{name}.rs"),
        format!("src/bin/{name}/main.rs"),
    ];
    if known.contains(&name) || own.iter().any(|path| run.files.contains_key(path)) {
        return None;
    }
    let message = format!("there is no binary `{name}` to build");
    let help = "leave `--bin` out, or name a binary of Cargo.toml".to_owned();
    Some((name.to_owned(), message, help))
}

/// Where the word stands as it is written, on a line that copies or builds; by itself rather than in a longer path.
fn place(source: &Source, word: &str) -> std::ops::Range<usize> {
    let is_path = |letter: char| letter.is_alphanumeric() || "/_-.".contains(letter);
    let is_alone = |line: &str, at: usize| {
        !line[..at].ends_with(is_path) && !line[at + word.len()..].starts_with(is_path)
    };
    let mut start = 0;
    let mut first = None;
    for line in source.text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') {
            for (at, _) in line.match_indices(word) {
                let span = start + at..start + at + word.len();
                if is_alone(line, at) {
                    return span;
                }
                first.get_or_insert(span);
            }
        }
        start += line.len();
    }
    first.unwrap_or(0..0)
}
