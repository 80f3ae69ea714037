//! What an action leaves in a job's folder, and what it needs there.

use super::super::model::{File, Model, Step};
use super::Then;

/// As deep as actions use others.
const MAX_DEPTH: usize = 4;

/// Words of scripts that may bring files from elsewhere.
const BRINGS: [&str; 14] = [
    "7z", "archive", "checkout", "clone", "cp", "curl", "fetch", "gh", "init", "mv", "rsync",
    "tar", "unzip", "wget",
];

/// What is known of the folder behind the action of a step.
pub fn of(model: &Model, file: &File, step: &Step<'_>) -> Then {
    within(model, file, step, 0)
}

fn within(model: &Model, file: &File, step: &Step<'_>, depth: usize) -> Then {
    if step.uses_action("docker/build-push-action") {
        return match step.with("context").map(|node| node.plain()) {
            Some(Some(".")) => {
                let (node, what) = (step.node, "the build of `.`".to_owned());
                Then::Lacking(node.span.clone(), what)
            }
            // Without, BuildKit checks out what it builds.
            None => Then::Empty,
            Some(_) => Then::Unknown,
        };
    }
    if step.is_familiar() || is_apart(step) {
        return Then::Empty;
    }
    let Some(action) = model.action(file, step).filter(|_| depth < MAX_DEPTH) else {
        return Then::Unknown;
    };
    let inner = action.steps();
    if inner.is_empty() {
        return Then::Unknown;
    }
    for step in inner {
        let then = match step.run() {
            Some(_) if brings(model, action, &step) => Then::Unknown,
            Some(_) => Then::Empty,
            None => within(model, action, &step, depth + 1),
        };
        if !matches!(then, Then::Empty) {
            return then;
        }
    }
    Then::Empty
}

/// Whether a cache lies outside of the folder.
fn is_apart(step: &Step<'_>) -> bool {
    let path = step.with("path").and_then(|node| node.text());
    let apart = ["${{ runner.temp }}/", "${{runner.temp}}/", "~/"];
    step.uses_action("actions/cache")
        && path.is_some_and(|path| {
            path.lines()
                .all(|line| apart.iter().any(|begin| line.trim().starts_with(begin)))
        })
}

/// Whether the script of a step, or one that it starts, may bring files.
fn brings(model: &Model, action: &File, step: &Step<'_>) -> bool {
    let run = step.run().and_then(|run| run.text()).unwrap_or_default();
    let scripts = model.scripts(action, step);
    // A script that is not read may do anything.
    let starts = run.contains(".sh") || run.contains(".py") || run.contains("./");
    if starts && scripts.is_empty() && !run.contains("/../") {
        return true;
    }
    let is_bringing = |text: &str| {
        let lines = text.lines().map(str::trim);
        let mut lines = lines.filter(|line| !line.starts_with('#'));
        lines.any(|line| {
            line.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./".contains(c)))
                .any(|word| BRINGS.contains(&word))
        })
    };
    is_bringing(run) || scripts.iter().any(|(_, text)| text.is_none_or(is_bringing))
}
