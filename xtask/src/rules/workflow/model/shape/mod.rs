//! What a workflow and an action may hold, key by key, as tables, and the walk that holds a file against them.
//!
//! The walk also gathers the expressions, since it knows what each may ask.

mod action;
mod container;
mod cron;
mod events;
mod job;
mod matrix;
mod permissions;
mod places;
mod step;
mod walk;
mod workflow;

pub use action::ACTION;
pub use job::{CALLING_KEYS, JOB_KEYS};
pub use permissions::{SCOPES, permission_levels};
pub use places::{CONTEXTS, MEMBERS, Place};
pub use walk::{Site, Walked, walk};
pub use workflow::WORKFLOW;

use super::yaml::{Fault, Node};

/// What may stand as a value.
pub enum Shape {
    /// Anything, expressions in it at this place.
    Any(&'static Place),
    /// Text, which any scalar is.
    Text(&'static Place),
    /// Text that is not empty.
    Filled(&'static Place),
    /// `true` or `false`.
    Flag(&'static Place),
    /// A number.
    Number(&'static Place),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A condition: an expression also without `${{ }}`.
    Condition(&'static Place),
    /// Nothing.
    Null,
    /// A map of keys that are known.
    Map(&'static [Key]),
    /// A map of which these keys are known, and the others somebody else's to judge.
    Partly(&'static [Key]),
    /// A map whose keys are anybody's names.
    Named(&'static Shape),
    /// A list.
    List(&'static Shape),
    /// One of these, told apart by their kind.
    Either(&'static [Shape]),
    /// The whole of it may be an expression, too.
    Or(&'static Place, &'static Shape),
    /// More than a table can say.
    Judged(&'static Shape, fn(&Node, &mut Vec<Fault>)),
    /// What the table says only when it is known what the map is for.
    Chosen(fn(&Node) -> &'static Shape),
}

/// A key that is known.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// Whether it has to be there.
    pub required: bool,
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        required: false,
    }
}

const fn required(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        required: true,
    }
}
