//! Whether a job runs, given how the jobs before it ended and on which branch.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::expr::{Expr, Kind, Truth, Value, truth};
use super::views::{Job, Workflow};

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Success,
    /// It failed.
    Failure,
    /// It was cancelled, or ran out of time.
    Cancelled,
    /// It did not run.
    Skipped,
}

impl Outcome {
    /// As expressions see it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

/// What happens in a run.
#[derive(Clone, Debug, Default)]
pub struct Scenario<'a> {
    /// A job that ends in a certain way, whatever it is.
    pub ended: Option<(&'a str, Outcome)>,
    /// The branch that the run is of, and the default one.
    pub branch: Option<(&'a str, &'a str)>,
}

/// One run of a workflow.
pub struct Run<'a> {
    workflow: Workflow<'a>,
    scenario: Scenario<'a>,
    known: RefCell<BTreeMap<String, Outcome>>,
}

impl<'a> Run<'a> {
    /// A run in which `scenario` happens, and all else goes well.
    pub fn new(workflow: Workflow<'a>, scenario: Scenario<'a>) -> Self {
        Self {
            workflow,
            scenario,
            known: RefCell::default(),
        }
    }

    /// Whether `job` runs.
    pub fn runs(&self, job: &Job<'_>) -> Truth {
        let literal = job.node.get("if").and_then(|node| node.plain());
        if literal == Some("false") {
            return Truth::No;
        }
        let condition = self.workflow.condition(job);
        let lookup = |expr: &Expr| self.lookup(job, expr);
        match condition {
            Some(expr) if expr.asks_status() => truth(expr, &lookup),
            // What asks for no status asks for success.
            _ if !self.succeeded(job) => Truth::No,
            Some(expr) => truth(expr, &lookup),
            None => Truth::Yes,
        }
    }

    fn outcome(&self, job: &Job<'a>) -> Outcome {
        if let Some((id, outcome)) = self.scenario.ended
            && id == job.id.text
        {
            return outcome;
        }
        if let Some(known) = self.known.borrow().get(&job.id.text) {
            return *known;
        }
        // In a cycle, which is another rule's to report, a job waits for itself and never runs.
        self.known
            .borrow_mut()
            .insert(job.id.text.clone(), Outcome::Skipped);
        let outcome = match self.runs(job) {
            Truth::No => Outcome::Skipped,
            Truth::Yes | Truth::Open => Outcome::Success,
        };
        self.known.borrow_mut().insert(job.id.text.clone(), outcome);
        outcome
    }

    fn before(&self, job: &Job<'_>) -> Vec<Outcome> {
        let ancestors = self.workflow.ancestors(job);
        ancestors.iter().map(|job| self.outcome(job)).collect()
    }

    fn succeeded(&self, job: &Job<'_>) -> bool {
        self.before(job)
            .iter()
            .all(|outcome| *outcome == Outcome::Success)
    }

    fn lookup(&self, job: &Job<'_>, expr: &Expr) -> Value {
        match &expr.kind {
            Kind::Call(name, arguments) => self.call(job, &name.text, arguments),
            _ => self.path(job, expr),
        }
    }

    fn call(&self, job: &Job<'_>, name: &str, arguments: &[Expr]) -> Value {
        let has = |outcome| self.before(job).contains(&outcome);
        match name.to_ascii_lowercase().as_str() {
            "always" => Value::Bool(true),
            "success" => Value::Bool(self.succeeded(job)),
            "failure" => Value::Bool(has(Outcome::Failure)),
            "cancelled" => Value::Bool(has(Outcome::Cancelled)),
            // `contains(needs.*.result, 'failure')`, also of the results joined.
            "contains" => match arguments {
                [list, wanted] if all_results(list) => match &wanted.kind {
                    Kind::Text(text) => Value::Bool(self.results(job).contains(&text.as_str())),
                    _ => Value::Open,
                },
                _ => Value::Open,
            },
            _ => Value::Open,
        }
    }

    fn results(&self, job: &Job<'_>) -> Vec<&'static str> {
        let needs = job.needs();
        let jobs = needs
            .iter()
            .filter_map(|need| self.workflow.job(&need.text));
        jobs.map(|job| self.outcome(&job).word()).collect()
    }

    fn path(&self, job: &Job<'_>, expr: &Expr) -> Value {
        let Some(path) = expr.path() else {
            return Value::Open;
        };
        let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
        match (words.as_slice(), self.scenario.branch) {
            (["needs", id, "result"], _) => {
                let needed = job.needs().iter().any(|need| need.text == *id);
                match self.workflow.job(id).filter(|_| needed) {
                    Some(need) => Value::Text(self.outcome(&need).word().into()),
                    None => Value::Null,
                }
            }
            (["github", "ref"], Some((branch, _))) => Value::Text(format!("refs/heads/{branch}")),
            (["github", "ref_name"], Some((branch, _))) => Value::Text(branch.into()),
            (["github", "ref_type"], Some(_)) => Value::Text("branch".into()),
            (["github", "event", "ref"], Some((branch, _))) => {
                Value::Text(format!("refs/heads/{branch}"))
            }
            (["github", "event", "repository", "default_branch"], Some((_, default))) => {
                Value::Text(default.into())
            }
            _ => Value::Open,
        }
    }
}

/// `needs.*.result`, or these joined.
fn all_results(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Property(of, name) if name.text == "result" => match &of.kind {
            Kind::Star(context) => context.is_path(&["needs"]),
            _ => false,
        },
        Kind::Call(name, arguments)
            if matches!(name.text.to_ascii_lowercase().as_str(), "join" | "tojson") =>
        {
            arguments.first().is_some_and(all_results)
        }
        _ => false,
    }
}
