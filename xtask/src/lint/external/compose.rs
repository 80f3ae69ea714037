//! `docker compose config`: compose files, as they are rendered, with each profile. It needs no engine.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::Result;

use super::Program;
use super::output::run;
use super::subject::{Found, Judged};
use crate::lint::renders::is_compose_file;
use crate::report::{Severity, Source};
use crate::rules::workflow::yaml::{self, Kind, Node};

pub(super) const PROGRAM: Program = Program {
    name: "compose",
    version: &["docker", "compose", "version"],
    // The first that knows `develop` and `env_file` with `required`.
    floor: (2, 24, 0),
    get: "`apt-get install docker-compose-v2`, or https://docs.docker.com/compose/install",
    more: |_| "https://docs.docker.com/reference/compose-file".into(),
    wanted: |subject| subject.once(compose_file).next().is_some(),
    run: |subject| {
        let mut found = Vec::new();
        for tree in &subject.trees {
            let files = subject.once(compose_file);
            for (index, file) in files.filter(|(at, _)| tree.files.contains(at)) {
                let (root, _) = yaml::parse(&file.source.text);
                for profile in profiles(root.as_ref()) {
                    let mut args: Vec<String> = vec!["compose".into(), "--file".into()];
                    args.push(file.at.display().to_string());
                    args.extend(profile.iter().map(|profile| format!("--profile={profile}")));
                    args.extend(["config".into(), "--quiet".into()]);
                    let output = run(&tree.folder, "docker", &args, &[0, 1, 14, 15])?;
                    if output.code != 0 {
                        let refusal = read(&output.stderr, &file.at.display().to_string())?;
                        found.push(finding(index, &file.source, root.as_ref(), &refusal));
                        // The other profiles of a file that is refused would be refused for the same.
                        break;
                    }
                }
            }
        }
        Ok(found)
    },
};

fn compose_file(file: &Judged) -> bool {
    is_compose_file(&file.path)
}

/// The profiles that a file names; none is one, too, where a service has none.
fn profiles(root: Option<&Node>) -> Vec<Option<String>> {
    let services = root.and_then(|root| root.get("services"));
    let services = services.map_or(&[][..], Node::entries);
    let mut found = BTreeSet::new();
    for service in services {
        match service.value.get("profiles") {
            Some(names) => {
                let names = names.one_or_many().iter().filter_map(Node::text);
                found.extend(names.map(|name| Some(name.to_owned())));
            }
            None => drop(found.insert(None)),
        }
    }
    if found.is_empty() {
        found.insert(None);
    }
    found.into_iter().collect()
}

/// Why it refuses the file: the last line that is no warning.
pub(super) fn read(stderr: &str, path: &str) -> Result<String> {
    let line = stderr
        .lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty() && !line.contains("level=warning"));
    match line {
        Some(line) => {
            let line = line.replace(&format!("{path}: "), "").replace(path, "it");
            Ok(line.trim_start_matches("validating ").to_owned())
        }
        None => anyhow::bail!("it refuses {path} and does not say why"),
    }
}

/// A refusal as a finding.
pub(super) fn finding(file: usize, source: &Source, root: Option<&Node>, refusal: &str) -> Found {
    // What its schema says of a key that it does not have.
    let words = match refusal.strip_suffix(" false schema") {
        Some(path) => format!("there is no such key as `{path}`"),
        None => refusal.to_owned(),
    };
    Found {
        file,
        span: place(source, root, refusal),
        rule: "compose/config".into(),
        severity: Severity::Error,
        message: format!("`docker compose config` refuses the file: {words}"),
        help: format!("see {}", (PROGRAM.more)("")),
    }
}

/// Where what a refusal names stands: a line, a path of keys, or a word in quotes.
fn place(source: &Source, root: Option<&Node>, refusal: &str) -> Range<usize> {
    let mut words =
        refusal.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '"' | '\''));
    if let Some(line) = line(words.clone()) {
        let start = source.offset(line, 1);
        let text = source.text[start..].lines().next().unwrap_or_default();
        let indent = text.len() - text.trim_start().len();
        return start + indent..start + text.trim_end().len().max(indent);
    }
    let Some(root) = root else { return 0..0 };
    let known = |word: &&str| {
        let first = word.split('.').next().unwrap_or_default();
        word.contains('.') && root.get(first).is_some()
    };
    let quoted = refusal.split(['"', '\'', '`']).skip(1).step_by(2);
    if let Some(path) = words.find(known) {
        let (node, span) = follow(root, path);
        // What is too much in it is named beside it.
        let mut inner = quoted.chain(refusal.split_whitespace());
        return inner
            .find_map(|word| Some(key(node, word)?.1))
            .unwrap_or(span);
    }
    // `service "a" depends on undefined service "b"`: the last is what is wrong.
    let quoted: Vec<&str> = quoted.collect();
    let mut last = quoted.iter().rev();
    last.find_map(|word| find(root, word)).unwrap_or(0..0)
}

/// The line of `line 4` or `L4.C9`.
fn line<'w>(mut words: impl Iterator<Item = &'w str>) -> Option<usize> {
    while let Some(word) = words.next() {
        let place = word
            .strip_prefix('L')
            .and_then(|rest| rest.split_once(".C"));
        let found = match place {
            Some((line, _)) => line.parse().ok(),
            None if word == "line" => words.next().and_then(|next| next.parse().ok()),
            None => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// As far as a path leads: the value, and where its key stands.
fn follow<'n>(root: &'n Node, path: &str) -> (&'n Node, Range<usize>) {
    let (mut node, mut span) = (root, 0..0);
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        let next = match &node.kind {
            Kind::Map(_) => key(node, part),
            Kind::List(items) => part
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index))
                .map(|item| (item, item.span.clone())),
            Kind::Scalar(_) => None,
        };
        let Some(next) = next else { break };
        (node, span) = next;
    }
    (node, span)
}

/// The value of a key, and where the key stands: in the map itself, or in one that is merged into it.
fn key<'n>(node: &'n Node, name: &str) -> Option<(&'n Node, Range<usize>)> {
    if let Some(entry) = node.entry(name) {
        return Some((&entry.value, entry.key.span.clone()));
    }
    let merged = node.get("<<")?;
    let merged = match &merged.kind {
        Kind::List(maps) => maps.as_slice(),
        _ => std::slice::from_ref(merged),
    };
    merged.iter().find_map(|map| key(map, name))
}

/// The last place where a word is a value, or else a key: it is the use that is refused.
fn find(node: &Node, word: &str) -> Option<Range<usize>> {
    match &node.kind {
        Kind::Scalar(scalar) => (scalar.text == word).then(|| node.span.clone()),
        Kind::List(items) => items.iter().rev().find_map(|item| find(item, word)),
        Kind::Map(entries) => {
            let within = entries.iter().rev().find_map(|e| find(&e.value, word));
            within.or_else(|| node.entry(word).map(|entry| entry.key.span.clone()))
        }
    }
}
