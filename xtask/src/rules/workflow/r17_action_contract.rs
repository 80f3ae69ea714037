//! Inputs and outputs of actions of others that many use.

use super::model::yaml::{Fault, Node};
use super::model::{File, Known, Model, Step, Uses, is_commit};
use super::words::{did_you_mean, listed};
use super::{ENOUGH, Rule, pin};
use crate::report::{Report, nearest};

/// The rule.
pub const RULE: Rule = Rule {
    id: "R17-action-contract",
    summary: "an input or output that a well-known action, such as `actions/cache`, does not have at the version that is named",
    why: "GitHub says no more than a warning of an input that an action does not take, which goes on with its default; an \
          output that it does not have is empty text, and a condition on it always goes the same way.",
    example: "- id: cache\n  uses: actions/cache@… # v6.1.0\n- if: steps.cache.outputs.cache_hit != 'true'",
    remedy: "Write the names of the action's own `action.yml`.",
    check,
};

/// What any action in a container is started with.
const STARTED: [&str; 2] = ["args", "entrypoint"];

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut faults = Vec::new();
        let steps = file.steps();
        for step in &steps {
            inputs(file, step, &mut faults);
        }
        outputs(file, &steps, &mut faults);
        for fault in faults.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

/// What a step uses, in words, and what is known of it, and whether that is all.
fn known(file: &File, step: &Step<'_>) -> Option<(String, &'static Known, bool)> {
    let (node, uses) = step.uses()?;
    let Uses::Remote {
        owner,
        repo,
        path,
        reference,
    } = uses
    else {
        return None;
    };
    let version = if is_commit(reference) {
        pin::version(file, node)?
    } else {
        reference
    };
    let name = format!("{owner}/{repo}/{path}");
    let name = name.trim_end_matches('/');
    let (known, is_all) = Known::of(name, version)?;
    Some((format!("`{name}` {version}"), known, is_all))
}

/// Whether `name` is a mistake: near to one of `names`, or none of them where these are all.
fn is_wrong(name: &str, names: &[&str], is_all: bool) -> bool {
    // Letters of either case are the same to GitHub.
    let is_there = names.iter().any(|known| known.eq_ignore_ascii_case(name));
    !is_there && (is_all || nearest(name, names.iter().copied()).is_some())
}

fn inputs(file: &File, step: &Step<'_>, faults: &mut Vec<Fault>) {
    let Some((shown, known, is_all)) = known(file, step) else {
        return;
    };
    for entry in step.node.get("with").map_or(&[][..], Node::entries) {
        let name = entry.key.text.as_str();
        if STARTED.contains(&name) || !is_wrong(name, &known.inputs, is_all) {
            continue;
        }
        let names = || known.inputs.iter().copied();
        let message = format!("{shown} has no input `{name}`");
        let help = did_you_mean(name, names(), listed("inputs", names()));
        faults.push(Fault::new(entry.key.span.clone(), message, help));
    }
}

fn outputs(file: &File, steps: &[Step<'_>], faults: &mut Vec<Fault>) {
    for site in &file.walked.sites {
        site.expr.walk(&mut |expr| {
            let path = expr.path().unwrap_or_default();
            let [root, id, outputs, output, ..] = path.as_slice() else {
                return;
            };
            if root.text != "steps" || outputs.text != "outputs" {
                return;
            }
            let step = steps.iter().find(|step| {
                let named = step.id().and_then(Node::text);
                step.job.map(|job| job.text.as_str()) == site.job.as_deref()
                    && named.is_some_and(|named| named.eq_ignore_ascii_case(&id.text))
            });
            let Some((shown, known, is_all)) = step.and_then(|step| known(file, step)) else {
                return;
            };
            let Some(names) = &known.outputs else { return };
            if is_wrong(&output.text, names, is_all) {
                let names = || names.iter().copied();
                let message = format!("{shown} has no output `{}`", output.text);
                let help = did_you_mean(&output.text, names(), listed("outputs", names()));
                faults.push(Fault::new(output.span.clone(), message, help));
            }
        });
    }
}
