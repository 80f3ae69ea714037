//! Whether a job runs, given how the jobs before it ended and on which branch.

mod lookup;
mod outcome;

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::expr::{Expr, Kind, Truth, Value, truth};
use super::given::Given;
use super::views::{Job, Step, Workflow};
use outcome::Seen;

pub use outcome::Outcome;

/// What happens in a run.
#[derive(Clone, Debug, Default)]
pub struct Scenario<'a> {
    /// A job that ends in a certain way, whatever it is.
    pub ended: Option<(&'a str, Outcome)>,
    /// The branch that the run is of, and the default one.
    branch: Option<(&'a str, &'a str)>,
    /// What starts the run, and with which inputs.
    given: Option<&'a Given>,
}

impl<'a> Scenario<'a> {
    /// A job ends in this way.
    pub fn ended(job: &'a str, outcome: Outcome) -> Self {
        Self {
            ended: Some((job, outcome)),
            ..Self::default()
        }
    }

    /// The same, started so.
    pub fn given(self, given: &'a Given) -> Self {
        Self {
            given: Some(given),
            ..self
        }
    }
}

/// Whether `job` may run from `branch`, which may be a tag in full, where `default` is the default one, by its own condition.
pub fn on_branch(workflow: Workflow<'_>, job: &Job<'_>, branch: &str, default: &str) -> Truth {
    let scenario = Scenario {
        branch: Some((branch, default)),
        ..Scenario::default()
    };
    let run = Run::new(workflow, scenario);
    match workflow.condition(job) {
        Some(expr) => truth(expr, &|expr| run.lookup(job, expr)),
        None => Truth::Yes,
    }
}

/// One run of a workflow.
pub struct Run<'a> {
    workflow: Workflow<'a>,
    scenario: Scenario<'a>,
    /// How jobs ended, and how all of what they waited for did.
    known: RefCell<BTreeMap<String, (Outcome, Seen)>>,
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

    /// Whether `step` of `job` runs where the job does, and the steps before it pass.
    pub fn step_runs(&self, job: &Job<'_>, step: &Step<'_>) -> Truth {
        let literal = step.node.get("if").and_then(|node| node.plain());
        if literal == Some("false") {
            return Truth::No;
        }
        let index = step.index.to_string();
        let path = ["jobs", &job.id.text, "steps", &index, "if"];
        let Some(condition) = self.workflow.file.condition(&path) else {
            return Truth::Yes;
        };
        truth(condition, &|expr| match &expr.kind {
            Kind::Call(name, _) => match name.text.to_ascii_lowercase().as_str() {
                // Of a step these ask for the steps before it, and not for other jobs.
                "success" | "always" => Value::Bool(true),
                "failure" => Value::Bool(false),
                "cancelled" => match self.scenario.ended {
                    Some((_, Outcome::Cancelled)) => Value::Open,
                    _ => Value::Bool(false),
                },
                _ => self.lookup(job, expr),
            },
            _ => self.lookup(job, expr),
        })
    }

    fn outcome(&self, job: &Job<'a>) -> (Outcome, Seen) {
        if let Some(known) = self.known.borrow().get(&job.id.text) {
            return *known;
        }
        // In a cycle, which is another rule's to report, a job waits for itself and never runs.
        let waiting = (Outcome::Skipped, Seen::default());
        self.known.borrow_mut().insert(job.id.text.clone(), waiting);
        let seen = self.before(job);
        let outcome = match self.scenario.ended {
            Some((id, outcome)) if id == job.id.text => outcome,
            _ => match self.runs(job) {
                Truth::No => Outcome::Skipped,
                Truth::Yes | Truth::Open => Outcome::Success,
            },
        };
        self.known
            .borrow_mut()
            .insert(job.id.text.clone(), (outcome, seen));
        (outcome, seen)
    }

    /// How all that `job` waits for ended, directly or through others.
    fn before(&self, job: &Job<'_>) -> Seen {
        let mut seen = Seen::default();
        for need in job.needs() {
            if let Some(need) = self.workflow.job(&need.text) {
                let (outcome, before) = self.outcome(&need);
                seen.add(before);
                seen.note(outcome);
            }
        }
        seen
    }

    fn succeeded(&self, job: &Job<'_>) -> bool {
        self.before(job).only_success()
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::{File, FileKind};
    use super::*;
    use crate::report::Source;

    fn file(text: &str) -> File {
        let source = Source::new("x.yml", text);
        File::new(0, "x.yml", FileKind::Workflow, source, None)
    }

    fn runs(condition: &str, outcome: Outcome) -> Truth {
        let text = format!(
            "on: push\njobs:\n  guard: {{}}\n  prod: {{needs: guard}}\n  rollback:\n    needs: [guard, prod]\n    if: {condition}\n"
        );
        let file = file(&text);
        let workflow = file.workflow().unwrap();
        let job = workflow.job("rollback").unwrap();
        Run::new(workflow, Scenario::ended("prod", outcome)).runs(&job)
    }

    #[test]
    fn conditions_are_judged_for_every_end_of_a_stage() {
        use Outcome::{Cancelled, Failure, Skipped, Success};
        for (condition, yes) in [
            ("always()", &[Success, Failure, Cancelled, Skipped][..]),
            ("success()", &[Success]),
            ("github.ref != ''", &[]),
            ("failure()", &[Failure]),
            ("cancelled()", &[Cancelled]),
            ("failure() || cancelled()", &[Failure, Cancelled]),
            ("${{ !success() }}", &[Failure, Cancelled, Skipped]),
            ("${{ !cancelled() }}", &[Success, Failure, Skipped]),
            (
                "always() && needs.prod.result != 'success'",
                &[Failure, Cancelled, Skipped],
            ),
            (
                "always() && contains(needs.*.result, 'failure')",
                &[Failure],
            ),
            (
                "always() && contains(join(needs.*.result, ','), 'cancelled')",
                &[Cancelled],
            ),
            (
                "always() && contains(fromJSON('[\"failure\", \"cancelled\"]'), needs.prod.result)",
                &[Failure, Cancelled],
            ),
            (
                "always() && needs.guard.result == 'success' && needs.prod.result == 'failure'",
                &[Failure],
            ),
            ("needs.prod.result == 'failure'", &[]),
            ("always() && needs.elsewhere.result == 'failure'", &[]),
            ("false", &[]),
        ] {
            for outcome in [Success, Failure, Cancelled, Skipped] {
                let holds = runs(condition, outcome) == Truth::Yes;
                assert_eq!(
                    holds,
                    yes.contains(&outcome),
                    "{condition} after {outcome:?}"
                );
            }
        }
    }

    #[test]
    fn what_follows_a_skipped_job_is_skipped_too() {
        let text = "on: push\njobs:\n  a: {}\n  b: {needs: a}\n  c: {needs: b}\n  d: {needs: [b], if: always() && needs.b.result == 'skipped'}\n";
        let file = file(text);
        let workflow = file.workflow().unwrap();
        let run = Run::new(workflow, Scenario::ended("a", Outcome::Failure));
        let of = |id: &str| run.runs(&workflow.job(id).unwrap());
        assert_eq!(
            [of("b"), of("c"), of("d")],
            [Truth::No, Truth::No, Truth::Yes]
        );
    }
}
