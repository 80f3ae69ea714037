//! What an action's `action.yml` may hold.

use super::super::yaml::{Fault, Node};
use super::places::{ACTION_ARGS, ACTION_DEFAULT, ACTION_IF, ACTION_OUTPUT, ACTION_STEP, NOWHERE};
use super::step::{shell, step};
use super::{Key, Shape, key, required};
use crate::rules::workflow::words::did_you_mean;

/// An action.
pub const ACTION: Shape = Shape::Judged(&Shape::Map(KEYS), untyped);

const KEYS: &[Key] = &[
    required("name", Shape::Filled(&NOWHERE)),
    key("author", Shape::Text(&NOWHERE)),
    required("description", Shape::Filled(&NOWHERE)),
    key(
        "inputs",
        Shape::Named(&Shape::Either(&[
            Shape::Null,
            Shape::Map(&[
                key("description", Shape::Text(&NOWHERE)),
                key("required", Shape::Flag(&NOWHERE)),
                key("default", Shape::Text(&ACTION_DEFAULT)),
                key("deprecationMessage", Shape::Text(&NOWHERE)),
                // Documented by nobody, used by many, and ignored; `untyped` says so where it misleads.
                key("type", Shape::Text(&NOWHERE)),
            ]),
        ])),
    ),
    key(
        "outputs",
        Shape::Named(&Shape::Either(&[
            Shape::Null,
            Shape::Map(&[
                key("description", Shape::Text(&NOWHERE)),
                key("value", Shape::Text(&ACTION_OUTPUT)),
            ]),
        ])),
    ),
    required("runs", Shape::Chosen(runs)),
    key(
        "branding",
        Shape::Map(&[
            key("icon", Shape::Text(&NOWHERE)),
            key("color", Shape::Text(&NOWHERE)),
        ]),
    ),
];

/// Said of composite actions alone, whose expressions compare what they believe to be a boolean or a number.
fn untyped(node: &Node, faults: &mut Vec<Fault>) {
    if node.at(&["runs", "using"]).and_then(Node::text) != Some("composite") {
        return;
    }
    for input in node.get("inputs").map_or(&[][..], Node::entries) {
        if let Some(entry) = input.value.entry("type") {
            let message = format!(
                "`{}` is an action's input, which has no type: whatever is given arrives as text",
                input.key.text
            );
            let help = "take `type:` away; a boolean arrives as `'true'` or `'false'`";
            faults.push(Fault::new(entry.key.span.clone(), message, help));
        }
    }
}

/// What it runs in decides what else there may be.
fn runs(node: &Node) -> &'static Shape {
    match node.get("using").and_then(Node::text) {
        Some("composite") => &COMPOSITE,
        Some("docker") => &DOCKER,
        Some(using) if using.starts_with("node") => &SCRIPT,
        _ => &UNKNOWN,
    }
}

const COMPOSITE: Shape = Shape::Map(&[
    required("using", Shape::Text(&NOWHERE)),
    required(
        "steps",
        Shape::List(&Shape::Judged(&Shape::Map(STEP_KEYS), composite_step)),
    ),
]);

const SCRIPT: Shape = Shape::Map(&[
    required(
        "using",
        Shape::Word(&["node20", "node24", "node16", "node12"]),
    ),
    required("main", Shape::Filled(&NOWHERE)),
    key("pre", Shape::Filled(&NOWHERE)),
    key("post", Shape::Filled(&NOWHERE)),
    key("pre-if", Shape::Condition(&ACTION_IF)),
    key("post-if", Shape::Condition(&ACTION_IF)),
]);

const DOCKER: Shape = Shape::Map(&[
    required("using", Shape::Text(&NOWHERE)),
    required("image", Shape::Filled(&NOWHERE)),
    key("args", Shape::List(&Shape::Text(&ACTION_ARGS))),
    key("env", Shape::Named(&Shape::Text(&ACTION_ARGS))),
    key("entrypoint", Shape::Text(&NOWHERE)),
    key("pre-entrypoint", Shape::Text(&NOWHERE)),
    key("post-entrypoint", Shape::Text(&NOWHERE)),
    key("pre-if", Shape::Condition(&ACTION_IF)),
    key("post-if", Shape::Condition(&ACTION_IF)),
]);

const UNKNOWN: Shape = Shape::Judged(&Shape::Any(&NOWHERE), |node, faults| {
    let known = ["composite", "docker", "node20", "node24"];
    let using = node.get("using");
    let span = using.map_or(node.span.clone(), |using| using.span.clone());
    let (message, help) = match using.and_then(Node::text) {
        None => (
            "`runs` does not say what it is `using`".into(),
            "write `using: composite`".into(),
        ),
        Some(text) => {
            let help = did_you_mean(text, known, format!("write one of {}", known.join(", ")));
            (format!("an action can't run in `{text}`"), help)
        }
    };
    faults.push(Fault::new(span, message, help));
});

const STEP_KEYS: &[Key] = &[
    key("id", Shape::Filled(&NOWHERE)),
    key("if", Shape::Condition(&ACTION_IF)),
    key("name", Shape::Text(&ACTION_STEP)),
    key("uses", Shape::Filled(&NOWHERE)),
    key("run", Shape::Filled(&ACTION_STEP)),
    key("working-directory", Shape::Filled(&ACTION_STEP)),
    key("shell", Shape::Judged(&Shape::Filled(&ACTION_STEP), shell)),
    key(
        "with",
        Shape::Or(&ACTION_STEP, &Shape::Named(&Shape::Text(&ACTION_STEP))),
    ),
    key(
        "env",
        Shape::Or(&ACTION_STEP, &Shape::Named(&Shape::Text(&ACTION_STEP))),
    ),
    key("continue-on-error", Shape::Flag(&ACTION_STEP)),
];

fn composite_step(node: &Node, faults: &mut Vec<Fault>) {
    step(node, faults);
    if let Some(run) = node.entry("run")
        && node.get("shell").is_none()
    {
        let message = "a command of an action has no `shell`";
        faults.push(Fault::new(
            run.key.span.clone(),
            message,
            "add `shell: bash`",
        ));
    }
}
