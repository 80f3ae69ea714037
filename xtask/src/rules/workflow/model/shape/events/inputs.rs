//! What calls and dispatches declare: inputs, outputs and secrets.

use super::super::super::yaml::{Fault, Node};
use super::super::places::{CALL_DEFAULT, CALL_OUTPUT, NOWHERE};
use super::super::{Key, Shape, key, required};

/// Under `workflow_call:`.
pub(super) const CALL: &[Key] = &[
    key(
        "inputs",
        Shape::Either(&[
            Shape::Null,
            Shape::Named(&Shape::Map(&[
                key("description", Shape::Text(&NOWHERE)),
                key("required", Shape::Flag(&NOWHERE)),
                key("default", Shape::Text(&CALL_DEFAULT)),
                required("type", Shape::Word(&["string", "boolean", "number"])),
            ])),
        ]),
    ),
    key(
        "outputs",
        Shape::Either(&[
            Shape::Null,
            Shape::Named(&Shape::Map(&[
                key("description", Shape::Text(&NOWHERE)),
                required("value", Shape::Filled(&CALL_OUTPUT)),
            ])),
        ]),
    ),
    key(
        "secrets",
        Shape::Either(&[
            Shape::Null,
            Shape::Named(&Shape::Either(&[
                Shape::Null,
                Shape::Map(&[
                    key("description", Shape::Text(&NOWHERE)),
                    key("required", Shape::Flag(&NOWHERE)),
                ]),
            ])),
        ]),
    ),
];

/// Under `workflow_dispatch:`.
pub(super) const DISPATCH: &[Key] = &[key(
    "inputs",
    Shape::Either(&[
        Shape::Null,
        Shape::Named(&Shape::Either(&[
            Shape::Null,
            Shape::Judged(
                &Shape::Map(&[
                    key("description", Shape::Text(&NOWHERE)),
                    key("required", Shape::Flag(&NOWHERE)),
                    key("default", Shape::Text(&NOWHERE)),
                    key(
                        "type",
                        Shape::Word(&["string", "boolean", "number", "choice", "environment"]),
                    ),
                    key("options", Shape::List(&Shape::Text(&NOWHERE))),
                    key("deprecationMessage", Shape::Text(&NOWHERE)),
                ]),
                choice,
            ),
        ])),
    ]),
)];

fn choice(input: &Node, faults: &mut Vec<Fault>) {
    let kind = input.get("type");
    let is_choice = kind.and_then(Node::text) == Some("choice");
    let options = input.entry("options");
    match (is_choice, options, kind) {
        (true, None, Some(kind)) => faults.push(Fault::new(
            kind.span.clone(),
            "a choice without `options`",
            "add `options: [a, b]`",
        )),
        (false, Some(options), _) => faults.push(Fault::new(
            options.key.span.clone(),
            "`options` on an input that is no choice",
            "add `type: choice`, or take the options away",
        )),
        _ => {}
    }
}
