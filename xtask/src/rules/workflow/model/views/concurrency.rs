//! What may not run at the same time.

use super::super::yaml::{Entry, Kind, Node};

/// A `concurrency:`.
#[derive(Clone, Copy, Debug)]
pub struct Concurrency<'a> {
    /// The group.
    pub group: Option<&'a Node>,
    /// Whether a run is cancelled by the next.
    pub cancel: Option<&'a Entry>,
}

impl<'a> Concurrency<'a> {
    /// Reads a `concurrency:`, a group's name or a map.
    pub(super) fn of(node: &'a Node) -> Self {
        match node.kind {
            Kind::Map(_) => Self {
                group: node.get("group"),
                cancel: node.entry("cancel-in-progress"),
            },
            _ => Self {
                group: Some(node),
                cancel: None,
            },
        }
    }
}
