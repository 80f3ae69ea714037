//! How a service's image is built: the folder, the Dockerfile, its stages and its arguments.

use std::collections::BTreeSet;

use super::Fault;
use super::paths::Paths;
use crate::rules::template::model::{Model, Run, Template, dockerfile};
use crate::rules::workflow::yaml::Node;

/// Profiles that cargo has by itself.
const PROFILES: [&str; 4] = ["dev", "release", "test", "bench"];

/// A service with all that made it.
type Place<'m> = (&'m Model, &'m Template, &'m Run);

/// Finds what a `build` refers to and the service does not have.
pub fn check(build: &Node, paths: &Paths<'_>, place: &Place<'_>, found: &mut Vec<Fault>) {
    let context = build.get("context").or_else(|| build.text().map(|_| build));
    let text = context.and_then(Node::text).unwrap_or(".");
    let Some(folder) = Paths::local(text) else {
        return;
    };
    let is_folder = paths.has(&folder) && !paths.has_file(&folder);
    if let Some(node) = context.filter(|_| !is_folder) {
        found.push(paths.missing(node, text, &folder, "there is no folder to build in at"));
        return;
    }
    if build.get("dockerfile_inline").is_some() {
        return;
    }
    let named = build.get("dockerfile");
    let text = named.and_then(Node::text).unwrap_or("Dockerfile");
    let joined = if folder.is_empty() {
        text.to_owned()
    } else {
        format!("{folder}/{text}")
    };
    let Some(path) = Paths::local(&joined) else {
        return;
    };
    if !paths.has_file(&path) {
        let node = named.or(context).unwrap_or(build);
        found.push(paths.missing(node, text, &path, "there is no Dockerfile"));
        return;
    }
    let (model, template, run) = place;
    if let Some(file) = model.rendered(template, run, &path) {
        stage(build, &file.text, found);
        arguments(build, &file.text, place, found);
    }
}

fn stage(build: &Node, dockerfile: &str, found: &mut Vec<Fault>) {
    let Some(node) = build.get("target") else {
        return;
    };
    let word = node.text().unwrap_or_default();
    let stages: BTreeSet<String> = dockerfile::instructions(dockerfile, "FROM")
        .filter_map(|words| {
            let at = words
                .iter()
                .position(|word| word.eq_ignore_ascii_case("as"))?;
            Some(words.get(at + 1)?.to_lowercase())
        })
        .collect();
    let is_known = word.contains('$') || word.parse::<usize>().is_ok();
    if !is_known && !word.is_empty() && !stages.contains(&word.to_lowercase()) {
        let known = stages.iter().map(String::as_str);
        let message = format!("the Dockerfile has no stage `{word}`");
        let help = format!("write `FROM … AS {word}` there");
        found.push(Fault::unknown(node, word, message, known, help));
    }
}

fn arguments(build: &Node, dockerfile: &str, place: &Place<'_>, found: &mut Vec<Fault>) {
    let known = dockerfile::arguments(dockerfile);
    let Some(args) = build.get("args") else {
        return;
    };
    let mut all: Vec<(Node, String, Option<String>)> = Vec::new();
    for entry in args.entries().iter().filter(|entry| entry.key.text != "<<") {
        let value = entry.value.text().map(str::to_owned);
        let mut node = entry.value.clone();
        let name = entry.key.text.clone();
        if !known.contains(name.as_str()) {
            node.span = entry.key.span.clone();
        }
        all.push((node, name, value));
    }
    for item in args.items() {
        let text = item.text().unwrap_or_default();
        let (name, value) = text
            .split_once('=')
            .map_or((text, None), |(name, value)| (name, Some(value)));
        all.push((item.clone(), name.to_owned(), value.map(str::to_owned)));
    }
    for (node, name, value) in all {
        if !known.contains(name.as_str()) {
            if !dockerfile::is_given(&name) && !name.is_empty() {
                let message = format!("the Dockerfile has no argument `{name}`");
                let help = format!("write `ARG {name}` there, or take it away");
                found.push(Fault::unknown(
                    &node,
                    &name,
                    message,
                    known.iter().copied(),
                    help,
                ));
            }
            continue;
        }
        let Some(value) = value.filter(|value| !value.is_empty() && !value.contains('$')) else {
            continue;
        };
        if is_profile(dockerfile, &name)
            && !PROFILES.contains(&value.as_str())
            && !defines(place, &value)
        {
            let message = format!("cargo has no profile `{value}`");
            // What cargo calls the folder is not what it calls the profile.
            let known = if value == "debug" { "dev" } else { "release" };
            let help = format!("write `{known}`, or add `[profile.{value}]` to Cargo.toml");
            found.push(Fault {
                span: node.span,
                message,
                help,
            });
        }
    }
}

/// Whether the Dockerfile builds the profile that the argument names.
fn is_profile(dockerfile: &str, name: &str) -> bool {
    let uses = [format!("${{{name}}}"), format!("${name}")];
    dockerfile.match_indices("--profile").any(|(at, flag)| {
        let rest = dockerfile[at + flag.len()..].trim_start_matches(['=', ' ', '"', '\'']);
        uses.iter().any(|used| rest.starts_with(used.as_str()))
    })
}

/// Whether Cargo.toml has the profile, or can't be asked.
fn defines((model, template, run): &Place<'_>, name: &str) -> bool {
    let Some(manifest) = model.rendered(template, run, "Cargo.toml") else {
        return true;
    };
    match model.renders.toml(&manifest.text) {
        Some(table) => table
            .get("profile")
            .is_some_and(|profiles| profiles.get(name).is_some()),
        None => true,
    }
}
