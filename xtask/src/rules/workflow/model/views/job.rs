//! A job and what it is made of.

use super::super::uses::Uses;
use super::super::yaml::{Entry, Kind, Name, Node};
use super::{Concurrency, Step};

/// A job.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// Its id.
    pub id: &'a Name,
    /// What it holds.
    pub node: &'a Node,
}

impl<'a> Job<'a> {
    /// What it waits for.
    pub fn needs(&self) -> Vec<Name> {
        let needs = self.node.get("needs").map_or(&[][..], Node::one_or_many);
        needs.iter().filter_map(Node::name).collect()
    }

    /// The workflow that it calls.
    pub fn uses(&self) -> Option<(&'a Node, Uses<'a>)> {
        let node = self.node.get("uses")?;
        Some((node, Uses::parse(node.text()?)))
    }

    /// Its steps.
    pub fn steps(&self) -> Vec<Step<'a>> {
        Step::all(Some(self.id), self.node.get("steps"))
    }

    /// The name of its environment.
    pub fn environment(&self) -> Option<&'a Node> {
        let node = self.node.get("environment")?;
        match node.kind {
            Kind::Map(_) => node.get("name"),
            _ => Some(node),
        }
    }

    /// Its concurrency.
    pub fn concurrency(&self) -> Option<Concurrency<'a>> {
        self.node.get("concurrency").map(Concurrency::of)
    }

    /// The names of the outputs that it declares.
    pub fn outputs(&self) -> &'a [Entry] {
        self.node.get("outputs").map_or(&[], Node::entries)
    }

    /// Its matrix, or the expression that gives the whole strategy.
    pub fn matrix(&self) -> Option<&'a Node> {
        let strategy = self.node.get("strategy")?;
        match strategy.kind {
            Kind::Map(_) => strategy.get("matrix"),
            _ => Some(strategy),
        }
    }
}
