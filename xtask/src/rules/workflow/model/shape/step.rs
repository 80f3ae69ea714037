//! What a step may hold.

use super::super::yaml::{Fault, Node};
use super::places::{NOWHERE, STEP_IF, STEPS};
use super::{Key, Shape, key};
use crate::report::nearest;

/// A step of a job.
pub(super) const STEP: Shape = Shape::Judged(&Shape::Map(STEP_KEYS), step);

const STEP_KEYS: &[Key] = &[
    key("id", Shape::Filled(&NOWHERE)),
    key("if", Shape::Condition(&STEP_IF)),
    key("name", Shape::Text(&STEPS)),
    key("uses", Shape::Filled(&NOWHERE)),
    key("run", Shape::Filled(&STEPS)),
    key("working-directory", Shape::Filled(&STEPS)),
    key("shell", Shape::Judged(&Shape::Filled(&STEPS), shell)),
    key("with", Shape::Named(&Shape::Text(&STEPS))),
    key(
        "env",
        Shape::Or(&STEPS, &Shape::Named(&Shape::Text(&STEPS))),
    ),
    key("continue-on-error", Shape::Flag(&STEPS)),
    key("timeout-minutes", Shape::Number(&STEPS)),
];

/// What a step is: either a command or an action, with what belongs to it.
pub(super) fn step(step: &Node, faults: &mut Vec<Fault>) {
    let Some(first) = step.entries().first() else {
        return;
    };
    match (step.entry("run"), step.entry("uses")) {
        (Some(_), Some(uses)) => faults.push(Fault::new(
            uses.key.span.clone(),
            "a step with both `run` and `uses`",
            "make two steps of it",
        )),
        (None, None) => faults.push(Fault::new(
            first.key.span.clone(),
            "a step with neither `run` nor `uses`",
            "add `run:` with a command, or `uses:` with an action",
        )),
        (Some(_), None) => {
            if let Some(with) = step.entry("with") {
                let help = "a command takes its values from `env:`";
                faults.push(Fault::new(
                    with.key.span.clone(),
                    "`with` on a step that runs a command",
                    help,
                ));
            }
        }
        (None, Some(_)) => {
            for key in ["shell", "working-directory"] {
                if let Some(entry) = step.entry(key) {
                    let message = format!("`{key}` on a step that uses an action");
                    faults.push(Fault::new(
                        entry.key.span.clone(),
                        message,
                        "take it away; only commands take it",
                    ));
                }
            }
        }
    }
}

const SHELLS: &[&str] = &["bash", "cmd", "powershell", "pwsh", "python", "sh"];

/// A shell's name, or a command with the script's place in it.
pub(super) fn shell(node: &Node, faults: &mut Vec<Fault>) {
    let Some(text) = node.plain() else { return };
    if SHELLS.contains(&text) || text.contains("{0}") || text.is_empty() {
        return;
    }
    let help = match nearest(text, SHELLS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "write one of {}, or a command with `{{0}}` where the script's path goes",
            SHELLS.join(", ")
        ),
    };
    faults.push(Fault::new(
        node.span.clone(),
        format!("there is no shell `{text}`"),
        help,
    ));
}
