//! What may start a workflow.

mod filters;
mod inputs;
mod table;

use std::ops::Range;

use super::super::yaml::{Fault, Kind, Node};
use super::places::NOWHERE;
use super::{Shape, cron, key, required};
use crate::rules::workflow::words::did_you_mean;
use inputs::{CALL, DISPATCH};
use table::{EVENTS, Event};

/// The names of all events.
pub fn event_names() -> impl Iterator<Item = &'static str> {
    EVENTS.iter().map(|event| event.name)
}

/// `on:`, as far as a table can say.
pub(super) const TRIGGERS: Shape = Shape::Either(&[
    Shape::Filled(&NOWHERE),
    Shape::List(&Shape::Filled(&NOWHERE)),
    Shape::Partly(&[
        key(
            "workflow_call",
            Shape::Either(&[Shape::Null, Shape::Map(CALL)]),
        ),
        key(
            "workflow_dispatch",
            Shape::Either(&[Shape::Null, Shape::Map(DISPATCH)]),
        ),
        key(
            "schedule",
            Shape::List(&Shape::Map(&[
                required("cron", Shape::Judged(&Shape::Filled(&NOWHERE), schedule)),
                key("timezone", Shape::Filled(&NOWHERE)),
            ])),
        ),
        key(
            "repository_dispatch",
            Shape::Either(&[Shape::Null, Shape::Map(&[key("types", NAMES)])]),
        ),
    ]),
]);

const NAMES: Shape = Shape::Either(&[
    Shape::Filled(&NOWHERE),
    Shape::List(&Shape::Filled(&NOWHERE)),
]);

/// What a table can't say of `on:`: names of events, their types and filters.
pub(super) fn judge(on: &Node, faults: &mut Vec<Fault>) {
    match &on.kind {
        Kind::Scalar(_) | Kind::List(_) => {
            if on.one_or_many().is_empty() {
                let help = "name an event, as in `on: push`";
                faults.push(Fault::new(
                    on.span.clone(),
                    "nothing starts this workflow",
                    help,
                ));
            }
            for name in on.one_or_many() {
                if let Some(text) = name.text() {
                    known(text, name.span.clone(), faults);
                }
            }
        }
        Kind::Map(entries) => {
            if entries.is_empty() {
                let help = "name an event, as in `on: push`";
                faults.push(Fault::new(
                    on.span.clone(),
                    "nothing starts this workflow",
                    help,
                ));
            }
            for entry in entries {
                let name = entry.key.text.as_str();
                if let Some(event) = known(name, entry.key.span.clone(), faults)
                    && !matches!(
                        name,
                        "workflow_call" | "workflow_dispatch" | "schedule" | "repository_dispatch"
                    )
                {
                    filters::judge(event, &entry.value, faults);
                }
            }
        }
    }
}

fn known(name: &str, span: Range<usize>, faults: &mut Vec<Fault>) -> Option<&'static Event> {
    let event = EVENTS.iter().find(|event| event.name == name);
    if event.is_none() {
        let help = did_you_mean(
            name,
            EVENTS.iter().map(|event| event.name),
            "write the name of an event, as in `push` or `pull_request`",
        );
        faults.push(Fault::new(
            span,
            format!("there is no event `{name}`"),
            help,
        ));
    }
    event
}

fn schedule(node: &Node, faults: &mut Vec<Fault>) {
    if let Some(fault) = node.text().and_then(cron::fault) {
        let help = "write minute, hour, day, month and day of the week, as in `0 3 * * 1`";
        faults.push(Fault::new(node.span.clone(), fault, help));
    }
}
