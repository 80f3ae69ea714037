//! What a job's matrix defines.

use std::collections::BTreeSet;

use super::yaml::{Kind, Node};

/// The names and values of a matrix.
#[derive(Debug, Default)]
pub struct Matrix<'a> {
    /// What `matrix.NAME` may name.
    pub names: BTreeSet<&'a str>,
    /// Whether part of it is computed, so that there may be other names.
    pub open: bool,
}

impl<'a> Matrix<'a> {
    /// The names that `node`, a `matrix:`, defines.
    pub fn of(node: &'a Node) -> Self {
        let mut matrix = Self::default();
        if !matches!(node.kind, Kind::Map(_)) {
            matrix.open = true;
            return matrix;
        }
        for entry in node.entries() {
            match entry.key.text.as_str() {
                "include" => matrix.include(&entry.value),
                "exclude" => {}
                name => {
                    matrix.names.insert(name);
                }
            }
        }
        matrix
    }

    fn include(&mut self, node: &'a Node) {
        if !matches!(node.kind, Kind::List(_)) {
            self.open = true;
        }
        for item in node.items() {
            match item.kind {
                Kind::Map(_) => self
                    .names
                    .extend(item.entries().iter().map(|entry| entry.key.text.as_str())),
                _ => self.open = true,
            }
        }
    }

    /// The values that `matrix.NAME` takes, as far as they are written down.
    pub fn values(node: &'a Node, name: &str) -> Vec<&'a Node> {
        let mut values: Vec<&Node> = node.get(name).map_or(&[][..], Node::items).iter().collect();
        let include = node.get("include").map_or(&[][..], Node::items);
        values.extend(include.iter().filter_map(|item| item.get(name)));
        values
    }
}
