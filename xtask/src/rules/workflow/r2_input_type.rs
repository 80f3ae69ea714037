//! Types of inputs: what callers give, and what is declared.

use super::Rule;
use super::model::expr::{Type, type_of};
use super::model::shape::Site;
use super::model::yaml::{Literal, Node, Scalar};
use super::model::{File, Input, Model, Workflow};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R2-input-type",
    summary: "a value of another type than the input's, or an input that is required and has a default",
    why: "A call with a value of the wrong type fails at its start, with no job. A default of the wrong type fails every \
          call that relies on it, and one on a required input is never used.",
    example: "with:\n  push: \"yes\" # type: boolean",
    remedy: "Write `true` and numbers without quotes; turn text into a value with `fromJSON`; keep either `required` or \
             `default`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for call in model.calls() {
        for input in call.callee.inputs("workflow_call") {
            let Some(with) = call.job.node.get("with") else {
                continue;
            };
            let given = with
                .entries()
                .iter()
                .find(|entry| entry.key.text.eq_ignore_ascii_case(&input.name.text));
            let Some(given) = given else { continue };
            let found = type_of_value(
                call.caller,
                &given.value,
                &["jobs", &call.job.id.text, "with", &given.key.text],
            );
            let (name, file) = (&input.name.text, call.callee.file.shown());
            mismatch(
                report,
                call.caller.file,
                &given.value,
                found,
                &input,
                &format!("the input `{name}` of `{file}`"),
            );
        }
    }
    for workflow in model.workflows() {
        for input in workflow.inputs("workflow_call") {
            declaration(report, workflow, &input, "workflow_call");
            let required = input
                .node
                .entry("required")
                .filter(|entry| entry.value.is_true());
            if let (Some(required), Some(_)) = (required, input.node.get("default")) {
                let message = format!(
                    "the input `{}` is required and has a default, which is never used",
                    input.name.text
                );
                let help = "keep `required: true` or `default:`";
                let source = &workflow.file.source;
                report.error(RULE.id, source, required.key.span.clone(), message, help);
            }
        }
        for input in workflow.inputs("workflow_dispatch") {
            declaration(report, workflow, &input, "workflow_dispatch");
            choice(report, workflow, &input);
        }
    }
}

fn declaration(report: &mut Report, workflow: Workflow<'_>, input: &Input<'_>, event: &str) {
    if let Some(default) = input.node.get("default") {
        let path = ["on", event, "inputs", &input.name.text, "default"];
        let found = type_of_value(workflow, default, &path);
        mismatch(
            report,
            workflow.file,
            default,
            found,
            input,
            &format!("the default of `{}`", input.name.text),
        );
    }
}

fn choice(report: &mut Report, workflow: Workflow<'_>, input: &Input<'_>) {
    let options = input.node.get("options").map_or(&[][..], Node::items);
    let Some((node, default)) = input
        .node
        .get("default")
        .and_then(|node| Some((node, node.plain()?)))
    else {
        return;
    };
    let known: Vec<&str> = options.iter().filter_map(Node::text).collect();
    if !known.is_empty() && !known.contains(&default) {
        let message = format!(
            "the default of `{}` is `{default}`, which is none of its options",
            input.name.text
        );
        let help = did_you_mean(
            default,
            known.iter().copied(),
            format!("write one of {}", known.join(", ")),
        );
        let source = &workflow.file.source;
        report.error(RULE.id, source, node.span.clone(), message, help);
    }
}

/// Whether what is given fits; nothing is known of `Type::Any`.
fn mismatch(
    report: &mut Report,
    file: &File,
    node: &Node,
    found: Type,
    input: &Input<'_>,
    what: &str,
) {
    let wanted = input.declared_type();
    // A number or boolean is taken as text; nothing is taken for nothing.
    let fits = found == wanted
        || found == Type::Any
        || matches!(wanted, Type::Any | Type::Text)
        || node.is_null();
    if fits {
        return;
    }
    let text = node.text().unwrap_or_default();
    let quoted_value = match wanted {
        Type::Bool => matches!(text, "true" | "false"),
        Type::Number => text.parse::<f64>().is_ok(),
        _ => false,
    };
    let help = if quoted_value {
        format!("write `{text}` without quotes")
    } else if node.scalar().is_some_and(Scalar::has_expression) {
        "turn text into a value: `${{ fromJSON(…) }}`".to_owned()
    } else {
        match wanted {
            Type::Bool => "write `true` or `false`".to_owned(),
            _ => "write a number".to_owned(),
        }
    };
    let message = format!("{what} takes {}, and gets {}", wanted.name(), found.name());
    report.error(RULE.id, &file.source, node.span.clone(), message, help);
}

fn type_of_value(workflow: Workflow<'_>, node: &Node, path: &[&str]) -> Type {
    let Some(scalar) = node.scalar() else {
        return Type::Any;
    };
    if !scalar.has_expression() {
        return match scalar.literal() {
            Literal::Bool => Type::Bool,
            Literal::Number => Type::Number,
            Literal::Text => Type::Text,
            Literal::Null => Type::Any,
        };
    }
    let at = |site: &&Site| site.path.iter().eq(path.iter());
    let mut sites = workflow.file.walked.sites.iter().filter(at);
    let (first, second) = (sites.next(), sites.next());
    let alone = scalar.text.trim().starts_with("${{")
        && scalar.text.trim().ends_with("}}")
        && second.is_none();
    match first {
        // Text around an expression makes text of it.
        Some(_) if !alone => Type::Text,
        Some(site) => type_of(&site.expr, &|name| {
            let inputs = workflow.all_inputs();
            let mut types = inputs
                .iter()
                .filter(|input| input.name.text == name)
                .map(Input::declared_type);
            match (types.next(), types.next()) {
                (Some(first), second) if second.is_none_or(|second| second == first) => first,
                _ => Type::Any,
            }
        }),
        None => Type::Any,
    }
}
