//! What a workflow may hold.

use super::super::yaml::{Fault, Node};
use super::job::JOB;
use super::permissions::PERMISSIONS;
use super::places::{CONCURRENCY, ENV, NOWHERE, Place, RUN_NAME};
use super::step::shell;
use super::{Key, Shape, events, key, required};

/// A workflow.
pub const WORKFLOW: Shape = Shape::Map(&[
    key("name", Shape::Text(&NOWHERE)),
    key("description", Shape::Text(&NOWHERE)),
    key("run-name", Shape::Text(&RUN_NAME)),
    required("on", Shape::Judged(&events::TRIGGERS, events::judge)),
    key("permissions", PERMISSIONS),
    key("env", Shape::Or(&ENV, &Shape::Named(&Shape::Text(&ENV)))),
    key("defaults", Shape::Map(&[required("run", RUN_DEFAULTS)])),
    key(
        "concurrency",
        Shape::Either(&[
            Shape::Filled(&CONCURRENCY),
            Shape::Map(&concurrency(&CONCURRENCY)),
        ]),
    ),
    required("jobs", Shape::Judged(&Shape::Named(&JOB), not_empty)),
]);

/// The map form of `concurrency:`, of a workflow or a job.
pub(super) const fn concurrency(place: &'static Place) -> [Key; 3] {
    [
        required("group", Shape::Filled(place)),
        key("cancel-in-progress", Shape::Flag(place)),
        key("queue", Shape::Or(place, &Shape::Word(&["single", "max"]))),
    ]
}

/// Says so where a map or list that has to hold something holds nothing.
pub(super) fn not_empty(node: &Node, faults: &mut Vec<Fault>) {
    if node.is_null()
        || (node.scalar().is_none() && node.entries().is_empty() && node.items().is_empty())
    {
        faults.push(Fault::new(
            node.span.clone(),
            "nothing stands here",
            "fill it, or take the key away",
        ));
    }
}

const RUN_DEFAULTS: Shape = Shape::Map(&[
    key("shell", Shape::Judged(&Shape::Filled(&NOWHERE), shell)),
    key("working-directory", Shape::Filled(&NOWHERE)),
]);
