//! One workflow or action: its text, its tree and its expressions.

use super::Rendering;
use super::expr::Expr;
use super::shape::{self, Site, Walked};
use super::uses::Uses;
use super::views::{Step, Workflow};
use super::yaml::{self, Fault, Kind, Node};
use crate::report::Source;
use crate::rules::suppression::{self, HASH, Suppression};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A workflow.
    Workflow,
    /// An action.
    Action,
}

/// A workflow or an action.
#[derive(Debug)]
pub struct File {
    /// Which tree it belongs to: 0 is the repository itself, the others are rendered.
    pub tree: usize,
    /// Its path in that tree.
    pub path: String,
    /// Its text; its name is unique among all files.
    pub source: Source,
    /// What it is.
    pub kind: FileKind,
    /// What it was rendered from, if it was.
    pub rendering: Option<Rendering>,
    /// What it holds, where it could be parsed.
    pub root: Option<Node>,
    /// Why it could not be parsed, or what stands twice.
    pub faults: Vec<Fault>,
    /// Its keys and expressions, held against what GitHub knows.
    pub walked: Walked,
    /// What it asks the checker to let pass.
    pub suppressions: Vec<Suppression>,
}

impl File {
    /// Parses a file.
    pub fn new(
        tree: usize,
        path: &str,
        kind: FileKind,
        source: Source,
        rendering: Option<Rendering>,
    ) -> Self {
        let (mut root, mut faults) = yaml::parse(&source.text);
        let map = root
            .as_ref()
            .is_some_and(|root| matches!(root.kind, Kind::Map(_)));
        if !map {
            root = None;
            if faults.is_empty() {
                let help = match kind {
                    FileKind::Workflow => {
                        "a workflow has `on:` and `jobs:`; remove the file if it is none"
                    }
                    FileKind::Action => "an action has `name:`, `description:` and `runs:`",
                };
                faults.push(Fault::new(0..0, "the file holds no map", help));
            }
        }
        if let Some(fault) = root.as_ref().and_then(too_many) {
            root = None;
            faults.push(fault);
        }
        let table = match kind {
            FileKind::Workflow => &shape::WORKFLOW,
            FileKind::Action => &shape::ACTION,
        };
        let walked = match &root {
            Some(root) => shape::walk(root, table, &source.text),
            None => Walked::default(),
        };
        Self {
            tree,
            path: path.to_owned(),
            suppressions: suppression::find(&source.text, &[HASH]),
            source,
            kind,
            rendering,
            root,
            faults,
            walked,
        }
    }

    /// A file whose bytes are no text, the first of them at `at`.
    pub fn not_text(tree: usize, path: &str, kind: FileKind, source: Source, at: usize) -> Self {
        let fault = Fault::new(at..at, "the file is not UTF-8", "save it as UTF-8");
        Self {
            tree,
            path: path.to_owned(),
            source,
            kind,
            rendering: None,
            root: None,
            faults: vec![fault],
            walked: Walked::default(),
            suppressions: Vec::new(),
        }
    }

    /// The folders of this repository that its steps name as actions.
    pub fn local_actions(&self) -> Vec<String> {
        let steps = self.steps();
        let local = |step: &Step<'_>| match step.uses() {
            Some((_, Uses::Local(path))) => Some(path.to_owned()),
            _ => None,
        };
        steps.iter().filter_map(local).collect()
    }

    /// Its name in messages.
    pub fn shown(&self) -> &str {
        match &self.rendering {
            Some(rendering) => &rendering.file,
            None => &self.source.file,
        }
    }

    /// As a workflow, if it is one that could be parsed.
    pub fn workflow(&self) -> Option<Workflow<'_>> {
        match (self.kind, &self.root) {
            (FileKind::Workflow, Some(root)) => Some(Workflow { file: self, root }),
            _ => None,
        }
    }

    /// The steps of its jobs, or of the composite action.
    pub fn steps(&self) -> Vec<Step<'_>> {
        let Some(root) = &self.root else {
            return Vec::new();
        };
        match self.kind {
            FileKind::Action => Step::all(None, root.at(&["runs", "steps"])),
            FileKind::Workflow => self
                .workflow()
                .iter()
                .flat_map(Workflow::jobs)
                .flat_map(|job| job.steps())
                .collect(),
        }
    }

    /// The expression of the condition at a path of keys.
    pub fn condition(&self, path: &[&str]) -> Option<&Expr> {
        let at = |site: &&Site| site.path.iter().eq(path.iter());
        self.walked.sites.iter().find(at).map(|site| &site.expr)
    }

    /// Whether anything may be read from it by others: a workflow that is called, an action.
    pub fn is_called(&self) -> bool {
        match self.kind {
            FileKind::Action => true,
            FileKind::Workflow => self
                .workflow()
                .is_some_and(|workflow| workflow.has_event("workflow_call")),
        }
    }
}

/// More jobs and steps than any workflow has; rules compare each with each.
const MAX_JOBS: usize = 256;
const MAX_STEPS: usize = 3_000;

fn too_many(root: &Node) -> Option<Fault> {
    let jobs = root.get("jobs");
    let of_jobs = jobs
        .map_or(&[][..], Node::entries)
        .iter()
        .filter_map(|job| job.value.get("steps"));
    let steps: usize = of_jobs
        .chain(root.at(&["runs", "steps"]))
        .map(|steps| steps.items().len())
        .sum();
    let count = jobs.map_or(0, |jobs| jobs.entries().len());
    (count > MAX_JOBS || steps > MAX_STEPS).then(|| {
        let message = format!("{count} jobs with {steps} steps are more than are judged");
        Fault::new(0..0, message, "split the workflow")
    })
}
