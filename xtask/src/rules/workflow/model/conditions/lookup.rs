//! What a run knows of the paths and calls that a condition asks.

use super::super::expr::{Expr, Kind, Value};
use super::super::views::Job;
use super::Run;

/// What the full name of a tag begins with.
const TAG: &str = "refs/tags/";

impl Run<'_> {
    /// What `expr`, a path or a call in the condition of `job`, comes to.
    pub(super) fn lookup(&self, job: &Job<'_>, expr: &Expr) -> Value {
        match &expr.kind {
            Kind::Call(name, arguments) => self.call(job, &name.text, arguments),
            _ => self.path(job, expr),
        }
    }

    fn call(&self, job: &Job<'_>, name: &str, arguments: &[Expr]) -> Value {
        let before = self.before(job);
        match name.to_ascii_lowercase().as_str() {
            "always" => Value::Bool(true),
            "success" => Value::Bool(before.only_success()),
            "failure" => Value::Bool(before.failure),
            "cancelled" => Value::Bool(before.cancelled),
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
        jobs.map(|job| self.outcome(&job).0.word()).collect()
    }

    fn path(&self, job: &Job<'_>, expr: &Expr) -> Value {
        let Some(path) = expr.path() else {
            return Value::Open;
        };
        let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
        let full = |name: &str| match name.strip_prefix(TAG) {
            Some(_) => name.to_owned(),
            None => format!("refs/heads/{name}"),
        };
        match (words.as_slice(), self.scenario.branch) {
            (["needs", id, "result"], _) => {
                let needed = job.needs().iter().any(|need| need.text == *id);
                match self.workflow.job(id).filter(|_| needed) {
                    Some(need) => Value::Text(self.outcome(&need).0.word().into()),
                    None => Value::Null,
                }
            }
            (["github", "ref"] | ["github", "event", "ref"], Some((branch, _))) => {
                Value::Text(full(branch))
            }
            (["github", "ref_name"], Some((branch, _))) => {
                Value::Text(branch.trim_start_matches(TAG).into())
            }
            (["github", "ref_type"], Some((branch, _))) => Value::Text(
                if branch.starts_with(TAG) {
                    "tag"
                } else {
                    "branch"
                }
                .into(),
            ),
            (["github", "event", "repository", "default_branch"], Some((_, default))) => {
                Value::Text(default.into())
            }
            (["github", "event_name"], _) => match self.scenario.given {
                Some(given) => Value::Text(given.event.clone()),
                None => Value::Open,
            },
            (["inputs", name], _) => {
                let inputs = self.scenario.given.map(|given| &given.inputs);
                let value = inputs.and_then(|inputs| inputs.get(&name.to_ascii_lowercase()));
                value.cloned().unwrap_or(Value::Open)
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
