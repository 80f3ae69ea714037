//! From `uses:` to the file that is meant, in this repository or in the pack.

use std::collections::HashMap;

use super::Model;
use super::file::{File, FileKind};
use super::uses::Uses;
use super::views::{Input, Job, Step, Workflow, inputs};
use super::yaml::{Entry, Node};

/// What is called.
#[derive(Clone, Copy, Debug)]
pub enum Callee<'a> {
    /// This file.
    Here(&'a File),
    /// A file of this repository or pack, which is not there.
    Missing,
    /// Somewhere else, which is not read.
    Elsewhere,
}

/// A job that calls a workflow that was read.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The caller.
    pub caller: Workflow<'a>,
    /// Its job.
    pub job: Job<'a>,
    /// The job's `uses:`.
    pub uses: &'a Node,
    /// What is called.
    pub callee: Workflow<'a>,
}

impl Call<'_> {
    /// Whether this workflow is what is called.
    pub fn is_of(&self, workflow: &Workflow<'_>) -> bool {
        std::ptr::eq(self.callee.file, workflow.file)
    }
}

/// Files by what names them: a workflow's path, an action's folder.
#[derive(Debug)]
pub(super) struct Index {
    workflows: HashMap<usize, HashMap<String, usize>>,
    actions: HashMap<usize, HashMap<String, usize>>,
}

impl Index {
    pub(super) fn of(files: &[File]) -> Self {
        let (mut workflows, mut actions) = (HashMap::new(), HashMap::new());
        for (index, file) in files.iter().enumerate() {
            let (trees, name) = match file.kind {
                FileKind::Workflow => (&mut workflows, file.path.as_str()),
                // The folder that it lies in.
                FileKind::Action => (
                    &mut actions,
                    file.path.rsplit_once('/').map_or("", |(folder, _)| folder),
                ),
            };
            let tree: &mut HashMap<String, usize> = trees.entry(file.tree).or_default();
            tree.entry(name.to_owned()).or_insert(index);
        }
        Self { workflows, actions }
    }
}

impl Model {
    /// The workflow or action that `uses` means in `file`.
    pub fn resolve<'a>(&'a self, file: &File, uses: Uses<'_>, kind: FileKind) -> Callee<'a> {
        let (tree, path) = match uses {
            Uses::Local(path) => (file.tree, path),
            Uses::Remote {
                owner, repo, path, ..
            } if self.is_own(owner, repo) => (0, path),
            _ => return Callee::Elsewhere,
        };
        match self.find(tree, path, kind) {
            Some(found) => Callee::Here(found),
            None => Callee::Missing,
        }
    }

    fn find(&self, tree: usize, path: &str, kind: FileKind) -> Option<&File> {
        let trees = match kind {
            FileKind::Workflow => &self.index.workflows,
            FileKind::Action => &self.index.actions,
        };
        self.files.get(*trees.get(&tree)?.get(path)?)
    }

    /// The workflow that a job calls.
    pub fn callee<'a>(&'a self, file: &File, job: &Job<'_>) -> Option<Workflow<'a>> {
        let (_, uses) = job.uses()?;
        match self.resolve(file, uses, FileKind::Workflow) {
            Callee::Here(found) => found.workflow(),
            _ => None,
        }
    }

    /// The action of this repository or pack that a step uses.
    pub fn action<'a>(&'a self, file: &File, step: &Step<'_>) -> Option<&'a File> {
        let (_, uses) = step.uses()?;
        match self.resolve(file, uses, FileKind::Action) {
            Callee::Here(found) => Some(found),
            _ => None,
        }
    }

    /// Every job that calls a workflow that was read.
    pub fn calls(&self) -> Vec<Call<'_>> {
        let mut calls = Vec::new();
        for caller in self.workflows() {
            for job in caller.jobs() {
                let Some((uses, _)) = job.uses() else {
                    continue;
                };
                if let Some(callee) = self.callee(caller.file, &job) {
                    calls.push(Call {
                        caller,
                        job,
                        uses,
                        callee,
                    });
                }
            }
        }
        calls
    }

    /// Whether somebody in another repository may use this file: it is named as one of another repository, or nobody
    /// here names it at all.
    pub fn is_used_from_outside(&self, file: &File) -> bool {
        let mut local = false;
        for user in &self.files {
            let jobs = user
                .workflow()
                .map_or(Vec::new(), |workflow| workflow.jobs());
            let by_jobs = jobs
                .iter()
                .filter_map(Job::uses)
                .map(|(_, uses)| (uses, FileKind::Workflow));
            let steps = user.steps();
            let by_steps = steps
                .iter()
                .filter_map(Step::uses)
                .map(|(_, uses)| (uses, FileKind::Action));
            for (uses, kind) in by_jobs.chain(by_steps) {
                if let Callee::Here(found) = self.resolve(user, uses, kind)
                    && std::ptr::eq(found, file)
                {
                    if matches!(uses, Uses::Remote { .. }) {
                        return true;
                    }
                    local = true;
                }
            }
        }
        !local
    }
}

impl File {
    /// The inputs of an action.
    pub fn action_inputs(&self) -> Vec<Input<'_>> {
        inputs(self.root.as_ref().and_then(|root| root.get("inputs")))
    }

    /// The outputs of an action.
    pub fn action_outputs(&self) -> &[Entry] {
        let outputs = self.root.as_ref().and_then(|root| root.get("outputs"));
        outputs.map_or(&[], Node::entries)
    }
}
