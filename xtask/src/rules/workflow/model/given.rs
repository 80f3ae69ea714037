//! What starts a run of a workflow: an event, and the inputs that come with it, also through those that call it.

use std::collections::BTreeMap;

use super::conditions::{Run, Scenario};
use super::expr::{Truth, Type, Value};
use super::yaml::{Node, Scalar};
use super::{Model, Workflow};

/// As deep as workflows call each other.
const MAX_DEPTH: usize = 4;

/// One way in which a run starts.
#[derive(Clone, Debug)]
pub struct Given {
    /// The event.
    pub event: String,
    /// Inputs that are known, by their names in lower case.
    pub inputs: BTreeMap<String, Value>,
    /// Which file it comes from.
    pub from: String,
}

impl Model {
    /// Every way in which a run of `workflow` starts that is known here.
    pub fn given(&self, workflow: Workflow<'_>) -> Vec<Given> {
        self.given_within(workflow, MAX_DEPTH)
    }

    fn given_within(&self, workflow: Workflow<'_>, depth: usize) -> Vec<Given> {
        let own = workflow.events().into_iter();
        let own = own.filter(|event| event.text != "workflow_call");
        let mut all: Vec<Given> = own
            .map(|event| Given {
                event: event.text,
                inputs: BTreeMap::new(),
                from: workflow.file.shown().to_owned(),
            })
            .collect();
        if depth == 0 || !workflow.has_event("workflow_call") {
            return all;
        }
        for caller in self.workflows() {
            for job in caller.jobs() {
                let called = self.callee(caller.file, &job);
                if !called.is_some_and(|called| std::ptr::eq(called.file, workflow.file)) {
                    continue;
                }
                for given in self.given_within(caller, depth - 1) {
                    let scenario = Scenario::default().given(&given);
                    if Run::new(caller, scenario).runs(&job) == Truth::No {
                        continue;
                    }
                    let inputs = handed(workflow, job.node.get("with"), &given);
                    all.push(Given { inputs, ..given });
                }
            }
        }
        all
    }
}

/// What a call hands over.
fn handed(callee: Workflow<'_>, with: Option<&Node>, start: &Given) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for input in callee.inputs("workflow_call") {
        let kind = input.declared_type();
        let name = input.name.text.to_ascii_lowercase();
        let entries = with.map_or(&[][..], Node::entries);
        let given = entries
            .iter()
            .find(|entry| entry.key.text.eq_ignore_ascii_case(&name));
        let value = match given
            .map(|entry| &entry.value)
            .or(input.node.get("default"))
        {
            Some(node) if node.scalar().is_some_and(Scalar::has_expression) => {
                let inner = node.text().and_then(passed_on);
                let passed = inner.and_then(|inner| start.inputs.get(&inner));
                passed.cloned().unwrap_or(Value::Open)
            }
            Some(node) => typed(node.text(), kind),
            None if input.is_required() => Value::Open,
            None => typed(Some(""), kind),
        };
        all.insert(name, value);
    }
    all
}

/// The input that `${{ inputs.name }}` passes on, in lower case.
pub fn passed_on(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let name = inner.strip_prefix("inputs.")?;
    let is_name = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    is_name.then(|| name.to_ascii_lowercase())
}

fn typed(text: Option<&str>, kind: Type) -> Value {
    let Some(text) = text else { return Value::Open };
    match kind {
        Type::Text => Value::Text(text.to_owned()),
        Type::Bool => Value::Bool(text == "true"),
        _ => Value::Open,
    }
}
