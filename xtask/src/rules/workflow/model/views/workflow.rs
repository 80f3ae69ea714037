//! A workflow: its events, what it declares, and its jobs.

use super::super::expr::Expr;
use super::super::file::File;
use super::super::yaml::{Entry, Kind, Name, Node};
use super::{Concurrency, Input, Job, inputs};

/// A workflow.
#[derive(Clone, Copy, Debug)]
pub struct Workflow<'a> {
    /// Its file.
    pub file: &'a File,
    /// Its tree.
    pub root: &'a Node,
}

impl<'a> Workflow<'a> {
    /// Its jobs.
    pub fn jobs(&self) -> Vec<Job<'a>> {
        let jobs = self.root.get("jobs").map_or(&[][..], Node::entries);
        jobs.iter()
            .map(|entry| Job {
                id: &entry.key,
                node: &entry.value,
            })
            .collect()
    }

    /// The job called `id`.
    pub fn job(&self, id: &str) -> Option<Job<'a>> {
        let entry = self.root.get("jobs")?.entry(id)?;
        Some(Job {
            id: &entry.key,
            node: &entry.value,
        })
    }

    /// The names of its events.
    pub fn events(&self) -> Vec<Name> {
        let Some(on) = self.root.get("on") else {
            return Vec::new();
        };
        match &on.kind {
            Kind::Map(entries) => entries.iter().map(|entry| entry.key.clone()).collect(),
            _ => on.one_or_many().iter().filter_map(Node::name).collect(),
        }
    }

    /// Whether this event starts it.
    pub fn has_event(&self, name: &str) -> bool {
        self.events().iter().any(|event| event.text == name)
    }

    /// Whether nothing but a call starts it.
    pub fn is_only_called(&self) -> bool {
        let events = self.events();
        !events.is_empty() && events.iter().all(|event| event.text == "workflow_call")
    }

    /// The inputs that `event` declares.
    pub fn inputs(&self, event: &str) -> Vec<Input<'a>> {
        inputs(self.root.at(&["on", event, "inputs"]))
    }

    /// All inputs that it may be given, by whatever event.
    pub fn all_inputs(&self) -> Vec<Input<'a>> {
        let mut all = self.inputs("workflow_call");
        all.extend(self.inputs("workflow_dispatch"));
        all
    }

    /// The secrets that a caller may pass.
    pub fn secrets(&self) -> &'a [Entry] {
        self.root
            .at(&["on", "workflow_call", "secrets"])
            .map_or(&[], Node::entries)
    }

    /// The outputs that a caller may read.
    pub fn outputs(&self) -> &'a [Entry] {
        self.root
            .at(&["on", "workflow_call", "outputs"])
            .map_or(&[], Node::entries)
    }

    /// Its permissions.
    pub fn permissions(&self) -> Option<&'a Entry> {
        self.root.entry("permissions")
    }

    /// Its concurrency.
    pub fn concurrency(&self) -> Option<Concurrency<'a>> {
        self.root.get("concurrency").map(Concurrency::of)
    }

    /// A job's condition.
    pub fn condition(&self, job: &Job<'_>) -> Option<&'a Expr> {
        self.file.condition(&["jobs", &job.id.text, "if"])
    }

    /// The jobs that `job` waits for, directly or through others, without itself.
    pub fn ancestors(&self, job: &Job<'_>) -> Vec<Job<'a>> {
        let mut found: Vec<Job<'a>> = Vec::new();
        let mut open: Vec<String> = job.needs().into_iter().map(|name| name.text).collect();
        while let Some(id) = open.pop() {
            if id == job.id.text || found.iter().any(|known| known.id.text == id) {
                continue;
            }
            if let Some(next) = self.job(&id) {
                open.extend(next.needs().into_iter().map(|name| name.text));
                found.push(next);
            }
        }
        found
    }
}
