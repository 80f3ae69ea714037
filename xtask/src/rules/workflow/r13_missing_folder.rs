//! Folders, and profiles of cargo, that commands name and the tree does not have.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Match, Regex};

use super::model::yaml::{Content, Node};
use super::model::{File, FileKind, Job, Model, Paths, Step, Workflow, joined};
use super::words::did_you_mean;
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R13-missing-folder",
    summary: "a folder that a step works in, or that an action's commands search or build, or a profile of cargo, that the \
              repository does not have",
    why: "The step fails with every run; a search that finds less gives a key that fits what it should not.",
    example: "- working-directory: servise\n  run: cargo test --locked",
    remedy: "Name a folder of the repository as it stands there, and a profile of its `Cargo.toml`.",
    check,
};

/// A command in another folder of the action's repository.
static CD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\bcd\s+"?(?:\$GITHUB_ACTION_PATH|\$\{GITHUB_ACTION_PATH\}|\$\{\{\s*github\.action_path\s*\}\})"?(?P<to>(?:/[A-Za-z0-9_.-]+)*)/?"?\s*(?:&&|;|\n)"#).ok()
});

/// A script that goes somewhere from where it lies.
static CD_SELF: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^\s*cd\s+"\$\(dirname\s+(?:--\s+)?"?\$\{?(?:BASH_SOURCE(?:\[0\])?|0)\}?"?\)(?P<to>(?:/[A-Za-z0-9_.-]+)*)/?"\s*$"#).ok()
});

/// What cargo builds, by its folder.
static PATH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bcargo\b[^\n;&|]*?\s--path[= ](?P<to>[A-Za-z0-9_./-]+)").ok());

/// How cargo builds. Other commands of cargo's, as `nextest run`, have profiles of their own.
static PROFILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\bcargo\s+(?:\+\S+\s+)?(?:build|b|test|t|run|r|check|c|bench|rustc|rustdoc|clippy|fix|install|zigbuild|chef\s+cook)\b(?P<before>[^\n;&|]*?)\s--profile[= ](?P<to>[A-Za-z0-9_-]+)").ok()
});

/// What `find` searches.
static FIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s(;&|])find\s+(?P<to>[A-Za-z0-9_.][A-Za-z0-9_./ -]*?)\s+-").ok()
});

/// Profiles that cargo has without being told.
const PROFILES: &[&str] = &["bench", "dev", "release", "test"];

type Found = (Range<usize>, String, String);

fn check(model: &Model, report: &mut Report) {
    // Of a repository whose workflows alone are here, nobody knows the folders.
    let known = |paths: &&Paths| !paths.files.iter().all(|path| path.starts_with(".github/"));
    let Some(paths) = model.paths.as_ref().filter(known) else {
        return;
    };
    for file in model.files.iter().filter(|file| file.tree == 0) {
        let mut found = Vec::new();
        match file.workflow() {
            Some(workflow) if !file.is_called() || !model.is_used_from_outside(file) => {
                for job in workflow.jobs() {
                    of_job(&workflow, &job, paths, &mut found);
                }
            }
            None if file.kind == FileKind::Action => of_action(model, file, paths, &mut found),
            _ => {}
        }
        found.dedup();
        for (span, message, help) in found.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}

fn of_job(workflow: &Workflow<'_>, job: &Job<'_>, paths: &Paths, found: &mut Vec<Found>) {
    let default = |node: &'_ Node| node.at(&["defaults", "run", "working-directory"]).cloned();
    let default = default(job.node).or_else(|| default(workflow.root));
    let text = |step: &Step<'_>| {
        let text = &workflow.file.source.text;
        text.get(step.node.span.clone())
            .unwrap_or_default()
            .to_owned()
    };
    let (mut is_there, mut before) = (false, String::new());
    for step in job.steps() {
        if step.uses_action("actions/checkout") {
            let other = ["repository", "path", "ref", "sparse-checkout", "submodules"];
            is_there = other.iter().all(|input| step.with(input).is_none());
        }
        if let Some(run) = step.run().filter(|_| is_there) {
            let own = step.node.get("working-directory");
            if let Some(node) = own.or(default.as_ref()) {
                found.extend(folder(node, &before, paths));
            } else if let Some(content) = Content::of(run, &workflow.file.source.text) {
                for name in profiles(&content.text) {
                    let fault = profile(name.as_str(), paths);
                    let at = content.span(name.range());
                    found.extend(fault.map(|(message, help)| (at, message, help)));
                }
            }
        }
        before += &text(&step);
    }
}

/// A `working-directory` that is not there, and that no step before speaks of.
fn folder(node: &Node, before: &str, paths: &Paths) -> Option<Found> {
    const MADE: &[&str] = &[
        "target",
        "dist",
        "build",
        "out",
        "node_modules",
        "public",
        "_site",
        "coverage",
        "tmp",
        ".next",
    ];
    let written = node.plain()?.trim();
    if written.starts_with(['/', '~', '$', '\\']) || written.contains(['$', '\\', '*']) {
        return None;
    }
    let path = joined("", written)?;
    let first = path.split('/').next()?;
    let last = path.rsplit('/').next()?;
    if paths.has_folder(&path)
        || MADE.contains(&first)
        || MADE.contains(&last)
        || before.contains(last)
    {
        return None;
    }
    Some((
        node.span.clone(),
        format!("there is no folder `{path}`"),
        near(&path, paths),
    ))
}

fn near(path: &str, paths: &Paths) -> String {
    let folders = paths.folders();
    did_you_mean(
        path,
        folders.iter().copied(),
        "name a folder that is there, from the root of the repository",
    )
}

/// The profiles that cargo is to build. What stands behind `--` is the program's.
fn profiles(text: &str) -> impl Iterator<Item = Match<'_>> {
    let calls = PROFILE.iter().flat_map(|found| found.captures_iter(text));
    calls.filter_map(|found| {
        let mut before = found.name("before")?.as_str().split_whitespace();
        let is_own = !before.any(|word| word == "--");
        found.name("to").filter(|_| is_own)
    })
}

/// A profile that the root manifest does not have.
fn profile(name: &str, paths: &Paths) -> Option<(String, String)> {
    let manifest = paths.texts.get("Cargo.toml")?;
    let manifest: toml::Table = manifest.parse().ok()?;
    let profiles = manifest.get("profile").and_then(toml::Value::as_table);
    let known = || {
        let own = profiles.iter().flat_map(|table| table.keys());
        own.map(String::as_str).chain(PROFILES.iter().copied())
    };
    if known().any(|known| known == name) {
        return None;
    }
    let help = did_you_mean(
        name,
        known(),
        format!("add `[profile.{name}]` to Cargo.toml"),
    );
    Some((
        format!("there is no profile `{name}` in `Cargo.toml`"),
        help,
    ))
}

fn of_action(model: &Model, file: &File, paths: &Paths, found: &mut Vec<Found>) {
    let here = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for step in file.steps() {
        if let Some(content) = step
            .run()
            .and_then(|run| Content::of(run, &file.source.text))
        {
            in_commands(&content, here, paths, found);
        }
        for (start, text) in model.scripts(file, &step) {
            let folder = start.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for path in text.iter().flat_map(|text| searched(text, folder)) {
                if !paths.has(&path) && !paths.has_folder(&path) {
                    let message = format!("`{}` searches `{path}`, which is not there", start.path);
                    found.push((start.span.clone(), message, near(&path, paths)));
                }
            }
        }
    }
}

fn in_commands(content: &Content<'_>, here: &str, paths: &Paths, found: &mut Vec<Found>) {
    let text: &str = &content.text;
    let Some(captures) = CD.as_ref().and_then(|cd| cd.captures(text)) else {
        return;
    };
    let (Some(whole), Some(to)) = (captures.get(0), captures.name("to")) else {
        return;
    };
    let root = format!("{here}{}", to.as_str());
    let Some(folder) = inside(&root) else { return };
    let rest = whole.end();
    // Where it goes on from there is not followed.
    if text[rest..].contains("cd ") {
        return;
    }
    if !folder.is_empty() && !paths.has_folder(&folder) {
        let message = format!("there is no folder `{folder}`");
        found.push((content.span(to.range()), message, near(&folder, paths)));
        return;
    }
    let at = |range: Range<usize>| content.span(range.start + rest..range.end + rest);
    for name in PATH
        .iter()
        .flat_map(|path| path.captures_iter(&text[rest..]))
    {
        let Some(name) = name.name("to") else {
            continue;
        };
        let Some(path) = joined(&folder, name.as_str()) else {
            continue;
        };
        if !paths.has(&format!("{path}/Cargo.toml")) {
            let message = format!("there is no crate in `{path}`");
            let crates = paths
                .files
                .iter()
                .filter_map(|file| file.strip_suffix("/Cargo.toml"));
            let help = did_you_mean(
                &path,
                crates,
                "name the folder of a `Cargo.toml`, from where the command runs",
            );
            found.push((at(name.range()), message, help));
        }
    }
    if folder.is_empty() {
        for name in profiles(&text[rest..]) {
            let fault = profile(name.as_str(), paths);
            found.extend(fault.map(|(message, help)| (at(name.range()), message, help)));
        }
    }
}

/// `path` without dots, which may be the root; nothing where it leads out.
fn inside(path: &str) -> Option<String> {
    joined("", &format!("{path}/x")).map(|path| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.to_owned()
    })
}

/// What a script that first goes to a folder of its own repository searches there.
fn searched(text: &str, folder: &str) -> Vec<String> {
    let Some(captures) = CD_SELF.as_ref().and_then(|cd| cd.captures(text)) else {
        return Vec::new();
    };
    let to = captures.name("to").map_or("", |to| to.as_str());
    let Some(root) = inside(&format!("{folder}{to}")) else {
        return Vec::new();
    };
    let rest = &text[captures.get(0).map_or(0, |whole| whole.end())..];
    if rest.contains("cd ") || rest.contains("mkdir") {
        return Vec::new();
    }
    let lines = rest
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let found = lines.flat_map(|line| FIND.iter().flat_map(|find| find.captures_iter(line)));
    found
        .filter_map(|found| found.name("to"))
        .flat_map(|words| words.as_str().split_whitespace())
        .filter_map(|word| joined(&root, word))
        .collect()
}
