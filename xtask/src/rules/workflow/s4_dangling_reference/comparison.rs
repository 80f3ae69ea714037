//! Comparisons that can never hold.

use crate::rules::workflow::model::expr::{Comparison, Expr, Kind, Type, type_of};
use crate::rules::workflow::model::shape;
use crate::rules::workflow::model::yaml::{self, Fault, Name, Node};
use crate::rules::workflow::model::{File, Input};
use crate::rules::workflow::words::did_you_mean;

/// A result that there is not, or a choice that nobody can make.
pub fn judge(file: &File, how: Comparison, path: &Expr, value: &Expr, faults: &mut Vec<Fault>) {
    let (Some(names), Kind::Text(text)) = (path.path(), &value.kind) else {
        return;
    };
    let words: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
    let choices;
    let known: &[&str] = match words.as_slice() {
        ["needs" | "jobs", _, "result"] | ["steps", _, "outcome" | "conclusion"] => {
            &["cancelled", "failure", "skipped", "success"]
        }
        ["job", "status"] => &["cancelled", "failure", "success"],
        ["github", "event_name"] => {
            choices = events(file, how);
            &choices
        }
        ["github", "ref_type"] => &["branch", "tag"],
        ["runner", "os"] => &["Linux", "macOS", "Windows"],
        ["inputs", name] => {
            choices = file
                .workflow()
                .map_or(Vec::new(), |workflow| offered(&workflow.all_inputs(), name));
            &choices
        }
        _ => return,
    };
    let possible = known.is_empty()
        || text.is_empty()
        || known.iter().any(|known| known.eq_ignore_ascii_case(text));
    if !possible {
        let message = format!("`{}` is never `{text}`", words.join("."));
        let help = did_you_mean(
            text,
            known.iter().copied(),
            format!("it is one of {}", known.join(", ")),
        );
        faults.push(Fault::new(value.span.clone(), message, help));
    }
}

/// The events that start a workflow; of one that is called, and of an action, any. To say which it is not is a habit, and
/// does no harm.
fn events(file: &File, how: Comparison) -> Vec<&str> {
    let is_open = file.is_called() || how != Comparison::Equal;
    let own = file.workflow().filter(|_| !is_open);
    match own.and_then(|workflow| workflow.root.get("on")) {
        Some(Node {
            kind: yaml::Kind::Map(entries),
            ..
        }) => entries
            .iter()
            .map(|entry| entry.key.text.as_str())
            .collect(),
        Some(on) => on.one_or_many().iter().filter_map(Node::text).collect(),
        None => shape::event_names().collect(),
    }
}

/// A boolean against text, which GitHub makes numbers of: `'true'` is none, and equals nothing.
pub fn types(file: &File, a: &Expr, b: &Expr, faults: &mut Vec<Fault>) {
    let Some(path) = a.path() else { return };
    let input = |name: &str| {
        let inputs = match file.workflow() {
            Some(workflow) => workflow.all_inputs(),
            None => file.action_inputs(),
        };
        let mut named = inputs.iter().filter(|input| input.name.text == name);
        match (named.next(), named.next()) {
            (Some(input), None) => input.declared_type(),
            _ => Type::Any,
        }
    };
    let shown: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
    let shown = shown.join(".");
    let fault = match (type_of(a, &input), &b.kind) {
        (Type::Text, Kind::Bool(true)) => Fault::new(
            b.span.clone(),
            format!("`{shown}` is text, and never equals a boolean"),
            "write `'true'`",
        ),
        (Type::Bool, Kind::Text(text)) if text == "true" || text == "false" => Fault::new(
            b.span.clone(),
            format!("`{shown}` is a boolean, and never equals text"),
            format!("write `{text}` without quotes"),
        ),
        _ => return,
    };
    faults.push(fault);
}

/// `fromJSON` of text that is none.
pub fn json(name: &Name, arguments: &[Expr], faults: &mut Vec<Fault>) {
    if let ([argument], true) = (arguments, name.text.eq_ignore_ascii_case("fromJSON"))
        && let Kind::Text(text) = &argument.kind
        && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text)
    {
        let message = format!("this is no JSON: {error}");
        let help = "write it as in `fromJSON('[\"a\", \"b\"]')`";
        faults.push(Fault::new(argument.span.clone(), message, help));
    }
}

/// The options of a choice that nobody can go around.
fn offered<'f>(inputs: &[Input<'f>], name: &str) -> Vec<&'f str> {
    let named: Vec<_> = inputs
        .iter()
        .filter(|input| input.name.text == name)
        .collect();
    let [input] = named.as_slice() else {
        return Vec::new();
    };
    let options = input
        .node
        .get("options")
        .map_or(&[][..], |options| options.items());
    options.iter().filter_map(|option| option.text()).collect()
}
