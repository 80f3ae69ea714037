//! `github.head_ref`, `github.event.inputs` and their like, which only some events bring, where none of these starts the
//! workflow.

use crate::rules::workflow::model::expr::{Expr, Kind, Truth, Value, truth};
use crate::rules::workflow::model::shape::{Site, event_names};
use crate::rules::workflow::model::yaml::{Fault, Name};
use crate::rules::workflow::model::{File, Model, Workflow};

const PULL: &[&str] = &["pull_request", "pull_request_target"];

/// What stands behind `github.`, and the events that bring it.
const BROUGHT: &[(&[&str], &[&str])] = &[
    (&["base_ref"], PULL),
    (&["head_ref"], PULL),
    (&["event", "client_payload"], &["repository_dispatch"]),
    (
        &["event", "comment"],
        &[
            "issue_comment",
            "commit_comment",
            "discussion_comment",
            "pull_request_review_comment",
        ],
    ),
    (&["event", "commits"], &["push"]),
    (&["event", "deployment_status"], &["deployment_status"]),
    (
        &["event", "discussion"],
        &["discussion", "discussion_comment"],
    ),
    (&["event", "head_commit"], &["push"]),
    (&["event", "inputs"], &["workflow_dispatch"]),
    (&["event", "issue"], &["issues", "issue_comment"]),
    (&["event", "merge_group"], &["merge_group"]),
    (&["event", "number"], PULL),
    (
        &["event", "pull_request"],
        &[
            "pull_request",
            "pull_request_target",
            "pull_request_review",
            "pull_request_review_comment",
        ],
    ),
    (&["event", "release"], &["release"]),
    (&["event", "schedule"], &["schedule"]),
    (&["event", "workflow_run"], &["workflow_run"]),
];

/// A row of the table, and the names of a path that begins so.
struct Use<'e> {
    path: Vec<&'e Name>,
    what: &'static [&'static str],
    events: &'static [&'static str],
}

/// Adds what is wrong at `site`.
pub fn judge(model: &Model, file: &File, site: &Site, faults: &mut Vec<Fault>) {
    // What people read may have a gap.
    if matches!(site.place.key, "run-name" | "jobs.<id>.name") {
        return;
    }
    let is_condition = site.path.last().is_some_and(|key| key == "if");
    let mut found = Vec::new();
    values(&site.expr, is_condition, &mut found);
    let Some(workflow) = file.workflow().filter(|_| !found.is_empty()) else {
        return;
    };
    let is_called = workflow.has_event("workflow_call");
    // Of a workflow that is not called this is said with its inputs.
    found.retain(|one| is_called || one.what != ["event", "inputs"]);
    if found.is_empty() || asks_event(&site.expr) || is_guarded(workflow, site) {
        return;
    }
    let Some(starts) = starts(model, workflow) else {
        return;
    };
    found.retain(|one| {
        !starts
            .iter()
            .any(|event| one.events.contains(&event.as_str()))
    });
    let empty = |expr: &Expr| {
        let is_empty = found.iter().any(|one| {
            let path = expr.path().unwrap_or_default();
            begins(&path, one.what)
        });
        if is_empty { Value::Null } else { Value::Open }
    };
    // A condition may ask for what there mostly is not; in a workflow that others call, for what some of them have.
    if is_condition && (is_called || truth(&site.expr, &empty) != Truth::No) {
        return;
    }
    faults.extend(found.iter().map(|one| fault(workflow, one, is_called)));
}

fn fault(workflow: Workflow<'_>, found: &Use<'_>, is_called: bool) -> Fault {
    let what = format!("github.{}", found.what.join("."));
    let event = found.events[0];
    let message = if is_called {
        format!("`{what}` is empty: no `{event}` starts this workflow or one that calls it")
    } else {
        format!("`{what}` is empty: no `{event}` starts this workflow")
    };
    let behind = found.path.get(found.what.len() + 1);
    let input = behind.filter(|name| {
        let inputs = workflow.inputs("workflow_call");
        found.what == ["event", "inputs"]
            && inputs
                .iter()
                .any(|input| input.name.text.eq_ignore_ascii_case(&name.text))
    });
    let tail: Vec<&str> = found.path.iter().map(|name| name.text.as_str()).collect();
    let help = match (input, tail.as_slice()) {
        (Some(name), _) => format!("write `inputs.{}`", name.text),
        (None, ["github", "head_ref" | "base_ref"]) => "write `github.ref_name`".to_owned(),
        (None, [.., "pull_request", "head", "sha"]) => "write `github.sha`".to_owned(),
        _ => format!("add `{event}:` to `on:`, or take this away"),
    };
    let span = found.path[0].span.start..found.path.last().map_or(0, |last| last.span.end);
    Fault::new(span, message, help)
}

/// What an expression takes from the event as it is: behind `||` something else stands in, `&&` asks first, and `toJSON`
/// shows what there is.
fn values<'e>(expr: &'e Expr, is_condition: bool, found: &mut Vec<Use<'e>>) {
    let path = expr.path();
    if let Some(path) = path {
        let row = BROUGHT.iter().find(|&&(what, _)| begins(&path, what));
        found.extend(row.map(|&(what, events)| Use { path, what, events }));
        return;
    }
    let is_left = match &expr.kind {
        Kind::And(..) | Kind::Or(..) => !is_condition,
        Kind::Call(name, _) => name.text.eq_ignore_ascii_case("toJSON"),
        _ => false,
    };
    if !is_left {
        for part in expr.parts() {
            values(part, is_condition, found);
        }
    }
}

fn begins(path: &[&Name], what: &[&str]) -> bool {
    let mut words = path.iter().map(|name| name.text.as_str());
    words
        .next()
        .is_some_and(|root| root.eq_ignore_ascii_case("github"))
        && what.iter().all(|part| {
            words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case(part))
        })
}

/// Whether it asks which event it is itself.
fn asks_event(expr: &Expr) -> bool {
    let mut asks = false;
    expr.walk(&mut |expr| asks |= expr.is_path(&["github", "event_name"]));
    asks
}

/// Whether the job or the step asks for the event, or for what it brings, before anything runs.
fn is_guarded(workflow: Workflow<'_>, site: &Site) -> bool {
    let Some(job) = site.job.as_deref().and_then(|id| workflow.job(id)) else {
        return false;
    };
    let asks = |expr: &Expr| {
        let mut found = Vec::new();
        values(expr, true, &mut found);
        asks_event(expr) || !found.is_empty()
    };
    let is_here = |expr: &&Expr| expr.span != site.expr.span;
    let step = site.step.map(|step| step.to_string());
    let of_step = step.and_then(|step| {
        let path = ["jobs", &job.id.text, "steps", &step, "if"];
        workflow.file.condition(&path)
    });
    let jobs = workflow.ancestors(&job).into_iter().chain([job]);
    let of_jobs = jobs.filter_map(|job| workflow.condition(&job));
    of_jobs.chain(of_step).filter(is_here).any(asks)
}

/// The events that start the workflow; nothing where others may.
fn starts(model: &Model, workflow: Workflow<'_>) -> Option<Vec<String>> {
    let own = workflow.events().into_iter().map(|name| name.text);
    let mut events: Vec<String> = own.filter(|event| event != "workflow_call").collect();
    if workflow.has_event("workflow_call") {
        // A pack's templates are all of its callers that it answers for.
        if model.platform.is_none() && model.is_used_from_outside(workflow.file) {
            return None;
        }
        let given = model.given(workflow);
        if given.is_empty() {
            return None;
        }
        events.extend(given.into_iter().map(|given| given.event));
    }
    let is_known = |event: &String| event_names().any(|known| known == event);
    (!events.is_empty() && events.iter().all(is_known)).then_some(events)
}
