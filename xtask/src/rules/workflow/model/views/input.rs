//! What a call, a dispatch or an action takes.

use super::super::expr::Type;
use super::super::yaml::{Name, Node};

/// An input that is declared.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its name.
    pub name: &'a Name,
    /// Its declaration.
    pub node: &'a Node,
}

impl Input<'_> {
    /// Whether whoever calls has to give it.
    pub fn is_required(&self) -> bool {
        self.node.get("required").is_some_and(Node::is_true) && self.node.get("default").is_none()
    }

    /// What may be given.
    pub fn declared_type(&self) -> Type {
        match self.node.get("type") {
            Some(kind) => kind.text().map_or(Type::Any, Type::declared),
            // An input of a dispatch or an action without one is text.
            None => Type::Text,
        }
    }
}

/// The inputs of a map of declarations.
pub fn inputs(node: Option<&Node>) -> Vec<Input<'_>> {
    let entries = node.map_or(&[][..], Node::entries);
    entries
        .iter()
        .map(|entry| Input {
            name: &entry.key,
            node: &entry.value,
        })
        .collect()
}
