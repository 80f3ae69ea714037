//! From an expression to the steps that make what it gives, through outputs of jobs, calls and actions.

use super::Model;
use super::expr::{Expr, Kind};
use super::file::File;
use super::uses::Uses;
use super::views::{Step, Workflow};
use super::yaml::{Entry, Name, Node};

/// As long as chains of outputs are.
const MAX_DEPTH: usize = 8;

/// What tells how a job or step ended.
const ENDS: [(&str, &str); 4] = [
    ("needs", "result"),
    ("jobs", "result"),
    ("steps", "outcome"),
    ("steps", "conclusion"),
];

/// What makes a value.
#[derive(Clone, Copy)]
pub enum Maker<'a> {
    /// The output of this name of a step: of its script, or of an action that is not read.
    Step(&'a File, Step<'a>, &'a str),
    /// A member of `github`.
    GitHub(&'a str),
    /// An input of the workflow or action.
    Input(&'a str),
    /// How a job or step ended.
    Status,
}

impl Model {
    /// What makes the value of `expr`, which stands in `job` of `file`; nothing where any part of it can't be told.
    /// An output of a name that `is_known` says enough, and is not looked behind.
    pub fn makers<'a>(
        &'a self,
        file: &'a File,
        job: Option<&str>,
        expr: &'a Expr,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Option<Vec<Maker<'a>>> {
        let chain = Chain {
            model: self,
            is_known,
        };
        chain.of(file, job, expr, 0)
    }

    /// The step of `job` that is called `id`.
    pub fn step_of<'a>(file: &'a File, job: Option<&str>, id: &str) -> Option<Step<'a>> {
        file.steps().into_iter().find(|step| {
            step.job.map(|job| job.text.as_str()) == job
                && step
                    .id()
                    .and_then(Node::text)
                    .is_some_and(|text| text.eq_ignore_ascii_case(id))
        })
    }
}

struct Chain<'a, 'k> {
    model: &'a Model,
    is_known: &'k dyn Fn(&str) -> bool,
}

impl<'a> Chain<'a, '_> {
    fn of(
        &self,
        file: &'a File,
        job: Option<&str>,
        expr: &'a Expr,
        depth: usize,
    ) -> Option<Vec<Maker<'a>>> {
        if depth == MAX_DEPTH {
            return None;
        }
        if let Kind::Or(a, b) = &expr.kind {
            let mut all = self.of(file, job, a, depth + 1)?;
            all.extend(self.of(file, job, b, depth + 1)?);
            return Some(all);
        }
        let path = expr.path()?;
        match path.as_slice() {
            [github, name] if github.text == "github" => Some(vec![Maker::GitHub(&name.text)]),
            [inputs, name] if inputs.text == "inputs" => Some(vec![Maker::Input(&name.text)]),
            [root, _, end] if ENDS.contains(&(&root.text, &end.text)) => Some(vec![Maker::Status]),
            // Trusted by its name, and judged where it is made.
            [_, _, outputs, name] if outputs.text == "outputs" && (self.is_known)(&name.text) => {
                None
            }
            [root, id, outputs, name]
                if outputs.text == "outputs" && matches!(root.text.as_str(), "needs" | "jobs") =>
            {
                self.of_job(file.workflow()?, id, name, depth)
            }
            [root, id, outputs, name] if outputs.text == "outputs" && root.text == "steps" => {
                self.of_step(file, job, (id, name), depth)
            }
            _ => None,
        }
    }

    fn of_job(
        &self,
        workflow: Workflow<'a>,
        id: &Name,
        name: &Name,
        depth: usize,
    ) -> Option<Vec<Maker<'a>>> {
        let job = workflow.job(&id.text)?;
        if job.uses().is_some() {
            let callee = self.model.callee(workflow.file, &job)?;
            let key = key(callee.outputs(), name)?;
            let path = ["on", "workflow_call", "outputs", key, "value"];
            return self.at(callee.file, None, &path, depth);
        }
        let key = key(job.outputs(), name)?;
        let path = ["jobs", job.id.text.as_str(), "outputs", key];
        self.at(workflow.file, Some(&job.id.text), &path, depth)
    }

    fn of_step(
        &self,
        file: &'a File,
        job: Option<&str>,
        (id, name): (&'a Name, &'a Name),
        depth: usize,
    ) -> Option<Vec<Maker<'a>>> {
        let step = Model::step_of(file, job, &id.text)?;
        if let Some(action) = self.model.action(file, &step) {
            let key = key(action.action_outputs(), name)?;
            return self.at(action, None, &["outputs", key, "value"], depth);
        }
        let is_told = step.run().is_some() || matches!(step.uses(), Some((_, Uses::Remote { .. })));
        is_told.then(|| vec![Maker::Step(file, step, &name.text)])
    }

    /// What makes the one expression at a path of keys.
    fn at(
        &self,
        file: &'a File,
        job: Option<&str>,
        path: &[&str],
        depth: usize,
    ) -> Option<Vec<Maker<'a>>> {
        let sites = file.walked.sites.iter();
        let mut found = sites.filter(|site| site.path.iter().eq(path.iter()));
        let site = found.next().filter(|site| file.is_whole(&site.expr))?;
        self.of(file, job, &site.expr, depth + 1)
    }
}

fn key<'a>(entries: &'a [Entry], name: &Name) -> Option<&'a str> {
    let mut keys = entries.iter().map(|entry| entry.key.text.as_str());
    keys.find(|key| key.eq_ignore_ascii_case(&name.text))
}

impl File {
    /// Whether an expression is all that its value holds.
    pub fn is_whole(&self, expr: &Expr) -> bool {
        let text = &self.source.text;
        let before = text.get(..expr.span.start).unwrap_or_default().trim_end();
        let before = before.strip_suffix("${{").map(|before| {
            let line = before.rsplit('\n').next().unwrap_or_default();
            line.trim_end_matches(['"', '\'', ' '])
        });
        let after = text.get(expr.span.end..).unwrap_or_default().trim_start();
        let after = after.strip_prefix("}}").map(|after| {
            let line = after.split('\n').next().unwrap_or_default();
            line.trim_start_matches(['"', '\'']).trim_start()
        });
        before.is_some_and(|before| before.ends_with(':'))
            && after.is_some_and(|after| after.is_empty() || after.starts_with(['#', ',', '}']))
    }
}
