//! What a Dockerfile copies and builds.

use super::Rule;
use super::model::{Body, Model, Run, Template};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-dockerfile",
    summary: "a Dockerfile that copies what some service does not have, from a stage that it does not have, or builds a profile that Cargo.toml does not define",
    why: "No linter of Dockerfiles knows which files the options leave. The image does not build, and the developer sees \
          it when everything else is done.",
    example: "COPY migrations migrations # with `database=none`, where there are none",
    remedy: "Put the line under the option that brings the files, or name a profile that cargo or Cargo.toml has.",
    check,
};

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
                for (word, message, help) in faults(model, template, run, &text) {
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

/// What is wrong with a rendered Dockerfile: the word, a message and a remedy.
fn faults(
    model: &Model,
    template: &Template,
    run: &Run,
    text: &str,
) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    // Docker takes comments out first, also those between the lines of one instruction.
    let code = text
        .split_inclusive('\n')
        .filter(|line| !line.trim_start().starts_with('#'));
    let joined = code.collect::<String>().replace("\\\n", " ");
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
        let profile = line
            .split_once("--profile")
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
    match toml::from_str::<toml::Table>(&text) {
        Ok(manifest) => manifest
            .get("profile")
            .is_some_and(|profiles| profiles.get(name).is_some()),
        // Cargo says what is wrong with it; the words are all there is to go by.
        Err(_) => text.contains(&format!("[profile.{name}]")),
    }
}

/// Where the word stands as it is written, on a line that copies or builds.
fn place(source: &Source, word: &str) -> std::ops::Range<usize> {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let is_comment = line.trim_start().starts_with('#');
        if let Some(at) = line.find(word).filter(|_| !is_comment) {
            return start + at..start + at + word.len();
        }
        start += line.len();
    }
    0..0
}
