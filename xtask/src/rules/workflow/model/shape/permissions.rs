//! What may be granted to a run's token, and how much of it.

use std::cell::LazyCell;

use super::super::yaml::{Fault, Node};
use super::Shape;
use super::places::NOWHERE;
use crate::rules::workflow::words::did_you_mean;

/// `permissions:` of a workflow or a job.
pub(super) const PERMISSIONS: Shape = Shape::Judged(
    &Shape::Either(&[
        Shape::Word(&["read-all", "write-all"]),
        Shape::Named(&Shape::Text(&NOWHERE)),
    ]),
    permissions,
);

/// Everything that can be granted.
pub const SCOPES: &[&str] = &[
    "actions",
    "artifact-metadata",
    "attestations",
    "checks",
    "contents",
    "copilot-requests",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
    "vulnerability-alerts",
];

/// The levels of a permission, weakest first; none where there is no such permission.
pub fn permission_levels(scope: &str) -> &'static [&'static str] {
    match scope {
        "copilot-requests" | "id-token" => &["none", "write"],
        "models" | "vulnerability-alerts" => &["none", "read"],
        scope if SCOPES.contains(&scope) => &["none", "read", "write"],
        _ => &[],
    }
}

fn permissions(node: &Node, faults: &mut Vec<Fault>) {
    for entry in node.entries() {
        let levels = permission_levels(&entry.key.text);
        if levels.is_empty() {
            let message = format!("there is no permission `{}`", entry.key.text);
            let known = LazyCell::new(|| SCOPES.join(", "));
            let help = did_you_mean(
                &entry.key.text,
                SCOPES.iter().copied(),
                format!("the permissions are {}", *known),
            );
            faults.push(Fault::new(entry.key.span.clone(), message, help));
        } else if let Some(level) = entry.value.text()
            && !levels.contains(&level)
        {
            let message = format!("`{}` can't be `{level}`", entry.key.text);
            let help = did_you_mean(
                level,
                levels.iter().copied(),
                format!("write one of {}", levels.join(", ")),
            );
            faults.push(Fault::new(entry.value.span.clone(), message, help));
        }
    }
}
