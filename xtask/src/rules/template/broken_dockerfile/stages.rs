//! What stages take from arguments, from each other and from the folder that is sent to the builder.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Fault, is_there};
use crate::rules::template::model::{Model, Origin, Run, Template, literal};

/// Arguments of `FROM` that the builder gives by itself.
const GIVEN: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];
/// Folders that an image may have filled before.
const SYSTEM: [&str; 12] = [
    "/bin/", "/etc/", "/home/", "/lib", "/opt/", "/root/", "/sbin/", "/srv/", "/usr/", "/var/",
    "/run/", "/tmp/",
];

/// A stage: its name, its lines, its folder, and whether it starts from an image.
#[derive(Default)]
struct Stage<'a> {
    name: String,
    lines: Vec<(String, &'a str)>,
    from: &'a str,
}

/// Faults of the stages of a Dockerfile whose instructions stand on one line each.
pub fn faults(model: &Model, template: &Template, run: &Run, joined: &str) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut arguments: Vec<&str> = Vec::new();
    let mut stages: Vec<Stage<'_>> = Vec::new();
    for line in joined.lines().map(str::trim) {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (keyword, rest) = (keyword.to_ascii_uppercase(), rest.trim());
        if keyword == "FROM" {
            let mut words = rest
                .split_whitespace()
                .filter(|word| !word.starts_with("--"));
            let from = words.next().unwrap_or_default();
            found.extend(unset(from, &arguments));
            let name = words.nth(1).unwrap_or_default().to_lowercase();
            stages.push(Stage {
                name,
                from,
                lines: Vec::new(),
            });
        } else if let Some(stage) = stages.last_mut() {
            stage.lines.push((keyword, rest));
        } else if keyword == "ARG" {
            arguments.extend(rest.split('=').next());
        }
    }
    for (number, stage) in stages.iter().enumerate() {
        for (keyword, rest) in &stage.lines {
            if keyword == "COPY" {
                found.extend(not_made(rest, &stages[..number]));
            }
        }
    }
    found.extend(stages.last().and_then(|stage| not_brought(stage)));
    found.extend(left_out(model, template, run, &stages));
    found
}

/// An argument in `FROM` that nothing above defines.
fn unset(image: &str, arguments: &[&str]) -> Option<Fault> {
    let (_, rest) = image.split_once("${")?;
    let (name, _) = rest.split_once('}')?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || arguments.contains(&name) || GIVEN.contains(&name) {
        return None;
    }
    let near = crate::report::nearest(name, arguments.iter().copied());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write `ARG {name}=…` above the first `FROM`"),
    };
    let message = format!("no `ARG` above the first `FROM` defines `{name}`");
    Some((name.to_owned(), message, help))
}

/// A file that is copied from a stage in which no line speaks of it.
fn not_made(rest: &str, above: &[Stage<'_>]) -> Option<Fault> {
    let name = rest
        .split_whitespace()
        .find_map(|word| word.strip_prefix("--from="))?;
    let stage = above
        .iter()
        .find(|stage| stage.name == name.to_lowercase())?;
    // What another stage made is there as well.
    if above
        .iter()
        .any(|other| other.name == stage.from.to_lowercase())
        || rest.contains('[')
    {
        return None;
    }
    let mut words = rest
        .split_whitespace()
        .filter(|word| !word.starts_with("--"));
    let path = words.next()?.trim_end_matches('/');
    let is_system = SYSTEM.iter().any(|folder| path.starts_with(folder));
    if !path.starts_with('/') || path.contains(['$', '*', '?']) || path.len() < 2 || is_system {
        return None;
    }
    let last = path.rsplit('/').next().unwrap_or(path);
    let is_word = |text: &str| {
        text.split(|c: char| c.is_whitespace() || "/\"';|&()=<>,".contains(c))
            .any(|word| word == last)
    };
    let is_made = stage
        .lines
        .iter()
        .any(|(keyword, text)| match keyword.as_str() {
            "RUN" | "COPY" | "ADD" | "VOLUME" => is_word(text),
            // Whatever is made there without its path.
            "WORKDIR" => text.starts_with(path) || path.starts_with(&format!("{text}/")),
            _ => false,
        });
    if is_made {
        return None;
    }
    let message = format!("no line of the stage `{name}` makes `{path}`");
    let help = "copy what the stage builds to that path, or name the path that it does write";
    Some((path.to_owned(), message, help.to_owned()))
}

/// A program that is to run and that nothing puts beside the others.
fn not_brought(stage: &Stage<'_>) -> Option<Fault> {
    let mut folder = "/".to_owned();
    let mut brought = Vec::new();
    for (keyword, rest) in &stage.lines {
        match keyword.as_str() {
            "WORKDIR" => folder = absolute(rest, &folder),
            "COPY" if !rest.contains(['[', '<', '*', '?', '$']) => {
                let words: Vec<&str> = rest
                    .split_whitespace()
                    .filter(|word| !word.starts_with("--"))
                    .collect();
                let (target, sources) = words.split_last()?;
                for source in sources {
                    let path = absolute(target, &folder);
                    let last = source
                        .trim_end_matches('/')
                        .rsplit('/')
                        .next()
                        .unwrap_or(source);
                    if target.ends_with('/') {
                        brought.push(format!("{path}/{last}"));
                    }
                    brought.push(path);
                }
            }
            // What these leave cannot be known.
            "RUN" | "ADD" | "COPY" | "VOLUME" => return None,
            _ => {}
        }
    }
    for (keyword, rest) in &stage.lines {
        let is_start = ["ENTRYPOINT", "CMD", "HEALTHCHECK"].contains(&keyword.as_str());
        let Some((_, list)) = rest.split_once('[').filter(|_| is_start) else {
            continue;
        };
        let Some(path) = list
            .trim_start()
            .strip_prefix('"')
            .and_then(|list| list.split('"').next())
        else {
            continue;
        };
        let parent = |path: &str| path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let has = brought.iter().any(|target| {
            path == target || path.starts_with(&format!("{}/", target.trim_end_matches('/')))
        });
        let is_beside = brought.iter().any(|target| parent(target) == parent(path));
        let is_system = SYSTEM.iter().any(|folder| path.starts_with(folder));
        let is_known = has || is_system || path.contains('$');
        if path.starts_with('/') && is_beside && !is_known {
            let message = format!("no `COPY` brings `{path}` into the image");
            let help = format!("name one that is there: {}", list_of(&brought));
            return Some((path.to_owned(), message, help));
        }
    }
    None
}

fn list_of(paths: &[String]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    paths.join(", ")
}

fn absolute(path: &str, folder: &str) -> String {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.starts_with('/') {
        path.to_owned()
    } else if path.is_empty() || path == "." {
        folder.to_owned()
    } else {
        format!("{}/{path}", folder.trim_end_matches('/'))
    }
}

/// Paths that are copied and that `.dockerignore` keeps from the builder.
fn left_out(model: &Model, template: &Template, run: &Run, stages: &[Stage<'_>]) -> Vec<Fault> {
    let Some(Origin::File(number)) = run.files.get(".dockerignore") else {
        return Vec::new();
    };
    let file = template.files.get(*number);
    let Some(matcher) = file.and_then(|file| matcher(&model.text_in(file, run)?)) else {
        return Vec::new();
    };
    let is_kept = |path: &str| !matcher.matched_path_or_any_parents(path, false).is_ignore();
    let lines = stages.iter().flat_map(|stage| &stage.lines);
    let copies = lines.filter(|(keyword, rest)| {
        ["COPY", "ADD"].contains(&keyword.as_str())
            && !rest.contains("--from")
            && !rest.contains(['$', '[', '<', '*', '?'])
    });
    let mut found = Vec::new();
    for (_, rest) in copies {
        let words: Vec<&str> = rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let sources = words.split_last().map_or(&[][..], |(_, sources)| sources);
        for source in sources {
            let path = source
                .trim_start_matches("./")
                .trim_start_matches('/')
                .trim_end_matches('/');
            let mut below = run
                .files
                .keys()
                .filter(|file| literal(path, file))
                .peekable();
            if below.peek().is_none() || !is_there(run, source) || below.any(|file| is_kept(file)) {
                continue;
            }
            let message =
                format!("`.dockerignore` keeps `{path}` from the builder, which is to copy it");
            found.push((
                (*source).to_owned(),
                message,
                format!("add the line `!{path}` to .dockerignore"),
            ));
        }
    }
    found
}

/// Patterns of a `.dockerignore` start at its folder, those of git anywhere.
fn matcher(text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (sign, pattern) = line
            .strip_prefix('!')
            .map_or(("", line), |rest| ("!", rest));
        let pattern = pattern
            .trim_start_matches("./")
            .trim_start_matches('/')
            .trim_end_matches('/');
        builder.add_line(None, &format!("{sign}/{pattern}")).ok()?;
    }
    builder.build().ok()
}
