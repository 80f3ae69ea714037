//! Inputs between a caller and what it calls: workflows, and the actions of this tree.

use super::Rule;
use super::model::yaml::{Entry, Fault, Node};
use super::model::{Input, Model};
use super::words::{did_you_mean, listed};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R1-inputs",
    summary: "a required input that a caller leaves out, or one that its callee does not declare",
    why: "A call of a workflow fails at its start, with no job. An action takes an input that it does not know for none at \
          all, and goes on with its default.",
    example: "uses: your-org/golden-path/.github/workflows/service-ci.yml@v1.2.3\nwith:\n  servise: orders",
    remedy: "Give what the callee requires, by the names that it declares.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for call in model.calls() {
        let inputs = call.callee.inputs("workflow_call");
        let shown = call.callee.file.shown();
        for fault in judge(&inputs, call.job.node, call.uses, shown) {
            let source = &call.caller.file.source;
            report.error(RULE.id, source, fault.span, fault.message, fault.help);
        }
    }
    for (file, step) in model.steps() {
        let (Some(action), Some((uses, _))) = (model.action(file, &step), step.uses()) else {
            continue;
        };
        let mut inputs = action.action_inputs();
        // What an action in a container is started with.
        let docker = action
            .root
            .as_ref()
            .and_then(|root| root.at(&["runs", "using"])?.text())
            == Some("docker");
        if docker {
            let started = ["args", "entrypoint"];
            let with = step.node.get("with").map_or(&[][..], Node::entries);
            let given = with
                .iter()
                .filter(|entry| started.contains(&entry.key.text.as_str()));
            inputs.extend(given.map(|entry| Input {
                name: &entry.key,
                node: &entry.value,
            }));
        }
        for fault in judge(&inputs, step.node, uses, action.shown()) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

fn judge(inputs: &[Input<'_>], call: &Node, uses: &Node, shown: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let given: &[Entry] = call.get("with").map_or(&[], Node::entries);
    let names = || inputs.iter().map(|input| input.name.text.as_str());
    for entry in given {
        let name = &entry.key;
        if !names().any(|known| known.eq_ignore_ascii_case(&name.text)) {
            let message = format!("`{shown}` has no input `{}`", name.text);
            let free = names().filter(|known| !given.iter().any(|entry| entry.key.text == **known));
            let help = did_you_mean(&name.text, free, listed("inputs", names()));
            faults.push(Fault::new(name.span.clone(), message, help));
        }
    }
    for input in inputs.iter().filter(|input| input.is_required()) {
        let name = &input.name.text;
        if !given
            .iter()
            .any(|entry| entry.key.text.eq_ignore_ascii_case(name))
        {
            let message = format!("`{shown}` requires the input `{name}`");
            faults.push(Fault::new(
                uses.span.clone(),
                message,
                format!("add `{name}:` under `with:`"),
            ));
        }
    }
    faults
}
