//! A workflow's parts, read from its tree when they are asked for.

use super::expr::{Expr, Type};
use super::file::File;
use super::uses::Uses;
use super::yaml::{Entry, Kind, Name, Node};

/// A workflow.
#[derive(Clone, Copy, Debug)]
pub struct Workflow<'a> {
    /// Its file.
    pub file: &'a File,
    /// Its tree.
    pub root: &'a Node,
}

/// A job.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// Its id.
    pub id: &'a Name,
    /// What it holds.
    pub node: &'a Node,
}

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

/// A `concurrency:`.
#[derive(Clone, Copy, Debug)]
pub struct Concurrency<'a> {
    /// The group.
    pub group: Option<&'a Node>,
    /// Whether a run is cancelled by the next.
    pub cancel: Option<&'a Entry>,
}

/// An input that is declared.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its name.
    pub name: &'a Name,
    /// Its declaration.
    pub node: &'a Node,
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
        self.root.get("concurrency").map(concurrency)
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
        self.node.get("concurrency").map(concurrency)
    }

    /// The names of the outputs that it declares.
    pub fn outputs(&self) -> &'a [Entry] {
        self.node.get("outputs").map_or(&[], Node::entries)
    }

    /// Its matrix.
    pub fn matrix(&self) -> Option<&'a Node> {
        self.node.at(&["strategy", "matrix"])
    }
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

fn concurrency(node: &Node) -> Concurrency<'_> {
    match node.kind {
        Kind::Map(_) => Concurrency {
            group: node.get("group"),
            cancel: node.entry("cancel-in-progress"),
        },
        _ => Concurrency {
            group: Some(node),
            cancel: None,
        },
    }
}
