//! Which token a step works with: GitHub's own, which the grants are about, or somebody else's.

use super::super::model::expr::{Expr, Kind};
use super::super::model::yaml::Node;
use super::At;

/// Whether a value is GitHub's own token, or falls back to it where a secret that nobody has to pass is not there.
pub fn is_own(at: At<'_>, node: &Node) -> bool {
    let Some(text) = node.text().map(str::trim) else {
        return false;
    };
    if !(text.starts_with("${{") && text.ends_with("}}")) {
        return false;
    }
    let inside = |expr: &&Expr| node.span.contains(&expr.span.start);
    let sites = at.file.walked.sites.iter().map(|site| &site.expr);
    let found: Vec<&Expr> = sites.filter(inside).collect();
    match found.as_slice() {
        [expr] => gives_own(at, expr),
        _ => false,
    }
}

fn gives_own(at: At<'_>, expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Or(first, last) => {
            let path = first.path().unwrap_or_default();
            let optional = at.job.is_some_and(|(workflow, _)| {
                workflow.secrets().iter().any(|secret| {
                    matches!(path.as_slice(), [context, name]
                        if context.text.eq_ignore_ascii_case("secrets")
                            && name.text.eq_ignore_ascii_case(&secret.key.text))
                        && !secret.value.get("required").is_some_and(Node::is_true)
                })
            });
            (optional || gives_own(at, first)) && gives_own(at, last)
        }
        _ => expr.is_path(&["github", "token"]) || expr.is_path(&["secrets", "GITHUB_TOKEN"]),
    }
}

/// A variable of a step, by whatever sets it.
pub fn variable<'a>(at: At<'a>, name: &str) -> Option<&'a Node> {
    let own = at.step.node.at(&["env", name]);
    let (workflow, job) = match at.job {
        Some((workflow, job)) => (
            workflow.root.at(&["env", name]),
            job.node.at(&["env", name]),
        ),
        None => (None, None),
    };
    own.or(job).or(workflow)
}

/// A value as it is written, or the literal that an input's default or a variable puts in its place.
pub fn resolved<'a>(at: At<'a>, node: &'a Node) -> Option<&'a str> {
    if let Some(text) = node.plain() {
        return Some(text.trim());
    }
    let text = node.text()?.trim();
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let (context, name) = inner.split_once('.')?;
    let value = match context {
        "env" => variable(at, name)?,
        "inputs" => {
            let (workflow, _) = at.job?;
            let inputs = workflow.all_inputs();
            let input = inputs
                .iter()
                .find(|input| input.name.text.eq_ignore_ascii_case(name))?;
            input.node.get("default")?
        }
        _ => return None,
    };
    value.plain().map(str::trim)
}
