//! What a step may hold.

use super::super::yaml::{Entry, Fault, Literal, Node, Scalar};
use super::places::{NOWHERE, STEP_IF, STEPS};
use super::{Key, Shape, key};
use crate::rules::workflow::words::did_you_mean;

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
    key(
        "with",
        Shape::Or(&STEPS, &Shape::Named(&Shape::Text(&STEPS))),
    ),
    key(
        "env",
        Shape::Or(&STEPS, &Shape::Named(&Shape::Text(&STEPS))),
    ),
    key("continue-on-error", Shape::Flag(&STEPS)),
    key(
        "timeout-minutes",
        Shape::Judged(&Shape::Number(&STEPS), minutes),
    ),
    key("background", Shape::Flag(&NOWHERE)),
    key(
        "wait",
        Shape::Either(&[
            Shape::Filled(&NOWHERE),
            Shape::List(&Shape::Filled(&NOWHERE)),
        ]),
    ),
    key(
        "wait-all",
        Shape::Either(&[Shape::Null, Shape::Flag(&NOWHERE)]),
    ),
    key("cancel", Shape::Filled(&NOWHERE)),
];

/// What a step does; it does one of these.
const DEEDS: [&str; 5] = ["run", "uses", "wait", "wait-all", "cancel"];

/// What a step is: a command, an action or a wait for steps before it, with what belongs to it.
pub(super) fn step(step: &Node, faults: &mut Vec<Fault>) {
    let Some(first) = step.entries().first() else {
        return;
    };
    let deeds: Vec<&Entry> = DEEDS.iter().filter_map(|deed| step.entry(deed)).collect();
    let (foreign, on, help): (&[&str], _, _) = match deeds.as_slice() {
        [] => {
            faults.push(Fault::new(
                first.key.span.clone(),
                "a step with neither `run` nor `uses`",
                "add `run:` with a command, or `uses:` with an action",
            ));
            return;
        }
        [one, other, ..] => {
            faults.push(Fault::new(
                other.key.span.clone(),
                format!(
                    "a step with both `{}` and `{}`",
                    one.key.text, other.key.text
                ),
                "make two steps of it",
            ));
            return;
        }
        [deed] => match deed.key.text.as_str() {
            "run" => (
                &["with"],
                "runs a command",
                "a command takes its values from `env:`",
            ),
            "uses" => (
                &["shell", "working-directory"],
                "uses an action",
                "take it away; only commands take it",
            ),
            _ => (
                &[
                    "if",
                    "with",
                    "env",
                    "shell",
                    "working-directory",
                    "timeout-minutes",
                    "background",
                ],
                "waits for others or cancels one",
                "take it away; commands and actions take it",
            ),
        },
    };
    for entry in foreign.iter().filter_map(|key| step.entry(key)) {
        let message = format!("`{}` on a step that {on}", entry.key.text);
        faults.push(Fault::new(entry.key.span.clone(), message, help));
    }
}

/// A time-out: whole minutes, from one on.
pub(super) fn minutes(node: &Node, faults: &mut Vec<Fault>) {
    let number = node
        .scalar()
        .filter(|scalar| scalar.literal() == Literal::Number);
    let text = number.map_or("", |Scalar { text, .. }| text.as_str());
    let Ok(minutes) = text.parse::<f64>() else {
        return;
    };
    if minutes < 1.0 || minutes.fract() != 0.0 {
        let message = format!("a time-out can't be of `{text}` minutes");
        let help = "write a whole number from 1 on, as in `timeout-minutes: 30`";
        faults.push(Fault::new(node.span.clone(), message, help));
    }
}

const SHELLS: &[&str] = &["bash", "cmd", "powershell", "pwsh", "python", "sh"];

/// A shell's name, or a command with the script's place in it.
pub(super) fn shell(node: &Node, faults: &mut Vec<Fault>) {
    let Some(text) = node.plain() else { return };
    if SHELLS.contains(&text) || text.contains("{0}") || text.is_empty() {
        return;
    }
    let help = did_you_mean(
        text,
        SHELLS.iter().copied(),
        format!(
            "write one of {}, or a command with `{{0}}` where the script's path goes",
            SHELLS.join(", ")
        ),
    );
    faults.push(Fault::new(
        node.span.clone(),
        format!("there is no shell `{text}`"),
        help,
    ));
}
