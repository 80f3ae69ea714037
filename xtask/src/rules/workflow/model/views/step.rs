//! A step and what it runs.

use super::super::uses::Uses;
use super::super::yaml::{Name, Node};

/// A step of a job or of a composite action.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Its job's id; none in an action.
    pub job: Option<&'a Name>,
    /// Its place, from 0.
    pub index: usize,
    /// What it holds.
    pub node: &'a Node,
}

impl<'a> Step<'a> {
    /// The steps of a list.
    pub fn all(job: Option<&'a Name>, steps: Option<&'a Node>) -> Vec<Self> {
        let items = steps.map_or(&[][..], Node::items);
        items
            .iter()
            .enumerate()
            .map(|(index, node)| Self { job, index, node })
            .collect()
    }

    /// Its id.
    pub fn id(&self) -> Option<&'a Node> {
        self.node.get("id")
    }

    /// The action that it uses.
    pub fn uses(&self) -> Option<(&'a Node, Uses<'a>)> {
        let node = self.node.get("uses")?;
        Some((node, Uses::parse(node.text()?)))
    }

    /// The command that it runs.
    pub fn run(&self) -> Option<&'a Node> {
        self.node.get("run").filter(|run| run.text().is_some())
    }

    /// Whether it uses the action `owner/repo`, or one in a folder of it.
    pub fn uses_action(&self, name: &str) -> bool {
        let Some((_, Uses::Remote { owner, repo, .. })) = self.uses() else {
            return false;
        };
        name.split_once('/')
            .is_some_and(|(o, r)| owner.eq_ignore_ascii_case(o) && repo.eq_ignore_ascii_case(r))
    }

    /// The value that it hands to the action.
    pub fn with(&self, input: &str) -> Option<&'a Node> {
        let with = self.node.get("with")?;
        let entry = with
            .entries()
            .iter()
            .find(|entry| entry.key.text.eq_ignore_ascii_case(input))?;
        Some(&entry.value)
    }
}
