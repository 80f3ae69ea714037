//! Which shell runs a step, as far as shellcheck knows it.

use crate::rules::workflow::yaml::Node;
use crate::rules::workflow::{File, Job, Step};

/// A shell that shellcheck knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// bash
    Bash,
    /// sh
    Sh,
}

/// What runs a step, and what the runner sets in it; nothing if it is no shell that is known.
pub(super) fn shell(
    file: &File,
    job: Option<&Job<'_>>,
    step: &Step<'_>,
) -> Option<(Shell, String)> {
    let default = |node: &Node| Some(node.at(&["defaults", "run", "shell"])?.text()?.to_owned());
    let own = step.node.get("shell").map(|shell| shell.text());
    let named = match own {
        Some(shell) => Some(shell?.to_owned()),
        None => job
            .and_then(|job| default(job.node))
            .or_else(|| file.root.as_ref().and_then(default)),
    };
    let Some(named) = named else {
        let job = job?;
        if on_windows(job, &file.source.text) {
            return None;
        }
        // In a container there is nothing but `sh` to count on.
        let shell = match job.node.get("container") {
            Some(_) => Shell::Sh,
            None => Shell::Bash,
        };
        return Some((shell, "-e".into()));
    };
    let mut words = named.split_whitespace();
    let program = words.next()?;
    let shell = match program.rsplit('/').next()? {
        "bash" => Shell::Bash,
        "sh" => Shell::Sh,
        _ => return None,
    };
    if named == "bash" {
        return Some((shell, "-eo pipefail".into()));
    }
    if named == "sh" {
        return Some((shell, "-e".into()));
    }
    let strict = words.any(|word| {
        let flags = word.strip_prefix('-').unwrap_or_default();
        !flags.starts_with('-') && flags.contains('e')
    });
    // `+x` says nothing: it is so from the beginning.
    Some((shell, if strict { "-e" } else { "+x" }.into()))
}

fn on_windows(job: &Job<'_>, text: &str) -> bool {
    let within = |node: Option<&Node>| {
        let text = node.and_then(|node| text.get(node.span.clone()));
        text.is_some_and(|text| text.to_ascii_lowercase().contains("windows"))
    };
    let label = job.node.get("runs-on");
    let computed = label
        .and_then(|label| text.get(label.span.clone()))
        .is_some_and(|label| label.contains("${{"));
    within(label) || computed && within(job.matrix())
}
