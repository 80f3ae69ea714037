//! Images, and the records beside them, that are pushed to GitHub's registry with GitHub's own token.

use super::super::model::driver::DRIVER;
use super::super::model::shell::{Command, Script};
use super::token::{is_own, resolved};
use super::{At, Need};

/// GitHub's registry.
const REGISTRY: &str = "ghcr.io";

/// What the release driver writes to the registry with: it keeps its records there.
const WRITES: [&str; 5] = ["publish", "promote", "rollback", "lift", "reconcile"];

/// What the steps of a job need to push.
pub fn needs(steps: &[At<'_>]) -> Option<Need> {
    let logins = steps.iter().filter(|at| at.step.with("password").is_some());
    let logins: Vec<bool> = logins.map(|at| opens(*at)).collect();
    if !logins.contains(&true) {
        return None;
    }
    let alone = logins.len() == 1;
    let by = steps.iter().find_map(|at| pushes(*at, alone))?;
    Some(Need {
        by,
        any: vec![("packages", "write")],
    })
}

/// Whether a step logs in to GitHub's registry with GitHub's own token.
fn opens(at: At<'_>) -> bool {
    let registry = at.step.with("registry").and_then(|node| resolved(at, node));
    let host = registry.and_then(|registry| registry.split('/').next());
    let password = at.step.with("password");
    host == Some(REGISTRY) && password.is_some_and(|password| is_own(at, password))
}

/// What a step pushes with; `alone` where the job is logged in to no other registry.
fn pushes(at: At<'_>, alone: bool) -> Option<String> {
    if at.step.uses_action("docker/build-push-action") {
        let pushed = at.step.with("push")?.is_true();
        let tags = at.step.with("tags")?.text()?.trim();
        let meant = tags.contains(REGISTRY) || (alone && tags.starts_with("${{"));
        return (pushed && meant).then(|| "a push by `docker/build-push-action`".into());
    }
    let run = at.step.run()?;
    let script = Script::of(run, &at.file.source.text)?;
    script
        .commands
        .iter()
        .find_map(|command| of(command, alone))
}

fn of(command: &Command, alone: bool) -> Option<String> {
    let words = command.call();
    let first = words.get(1)?.text.as_str();
    match command.name() {
        "docker" | "podman" if first == "push" => {
            let image = words.last()?.text.as_str();
            let meant = image.starts_with(REGISTRY) || (alone && image.starts_with('$'));
            meant.then(|| "`docker push`".into())
        }
        DRIVER => {
            (alone && WRITES.contains(&first) && !words.iter().any(|word| word.text == "--dry-run"))
                .then(|| format!("`{DRIVER} {first}`"))
        }
        _ => None,
    }
}
