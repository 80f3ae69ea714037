//! Permissions as GitHub computes them: a job's own, or its workflow's, and never more than the caller's.

use std::collections::BTreeMap;

use super::shape::permission_levels;
use super::yaml::{Kind, Node};

/// What is granted or asked for, by scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grants {
    /// The same level for every scope that has it: `read-all` and `write-all`.
    All(&'static str),
    /// These; nothing else.
    Some(BTreeMap<String, String>),
}

impl Grants {
    /// The grants of a `permissions:`; nothing where it has no form that means any.
    pub fn of(node: &Node) -> Option<Self> {
        match (&node.kind, node.text()) {
            (_, Some("read-all")) => Some(Self::All("read")),
            (_, Some("write-all")) => Some(Self::All("write")),
            (Kind::Map(entries), _) => {
                let level = |node: &Node| node.text().unwrap_or_default().to_owned();
                Some(Self::Some(
                    entries
                        .iter()
                        .map(|entry| (entry.key.text.clone(), level(&entry.value)))
                        .collect(),
                ))
            }
            _ => None,
        }
    }

    /// How much of `scope` is granted, counted from 0 for nothing.
    pub fn level(&self, scope: &str) -> usize {
        let levels = permission_levels(scope);
        let wanted = match self {
            Self::All(level) => level,
            Self::Some(map) => map.get(scope).map_or("none", String::as_str),
        };
        let all = ["none", "read", "write"];
        let rank = all.iter().position(|level| *level == wanted).unwrap_or(0);
        // Some have no `read`, as `id-token`, some no `write`, as `models`: as much as there is.
        levels
            .iter()
            .filter_map(|level| all.iter().position(|known| known == level))
            .filter(|level| *level <= rank)
            .max()
            .unwrap_or(0)
    }

    /// The scopes that are asked for, with their levels.
    pub fn asked(&self) -> Vec<(&str, &str)> {
        match self {
            Self::All(_) => Vec::new(),
            Self::Some(map) => map
                .iter()
                .map(|(scope, level)| (scope.as_str(), level.as_str()))
                .collect(),
        }
    }
}
