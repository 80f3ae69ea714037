//! Secrets between a caller and the workflow that it calls.

use super::Rule;
use super::model::yaml::{Entry, Node};
use super::model::{Model, Workflow};
use super::words::{did_you_mean, listed};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R3-secrets",
    summary: "a required secret that a caller leaves out, one that its callee does not declare, or one that a callee reads \
              without declaring it",
    why: "A call without a required secret, or with one that is not declared, fails at its start, with no job. A secret that \
          a callee reads undeclared is empty there.",
    example: "secrets:\n  registry-pasword: ${{ secrets.REGISTRY_PASSWORD }}",
    remedy: "Declare under `on.workflow_call.secrets` what the workflow reads, and have callers pass these by name.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for call in model.calls() {
        let declared = call.callee.secrets();
        let names = || declared.iter().map(|entry| entry.key.text.as_str());
        let shown = call.callee.file.shown();
        let passed = call.job.node.get("secrets");
        // All of the caller's, which P2 has something to say about.
        if passed.and_then(Node::text) == Some("inherit") {
            continue;
        }
        let given: &[Entry] = passed.map_or(&[], Node::entries);
        for entry in given {
            if !names().any(|name| name.eq_ignore_ascii_case(&entry.key.text)) {
                let message = format!("`{shown}` has no secret `{}`", entry.key.text);
                let help = did_you_mean(&entry.key.text, names(), listed("secrets", names()));
                let source = &call.caller.file.source;
                report.error(RULE.id, source, entry.key.span.clone(), message, help);
            }
        }
        for secret in declared
            .iter()
            .filter(|secret| secret.value.get("required").is_some_and(Node::is_true))
        {
            let name = &secret.key.text;
            if !given
                .iter()
                .any(|entry| entry.key.text.eq_ignore_ascii_case(name))
            {
                let message = format!("`{shown}` requires the secret `{name}`");
                let help = format!("add `{name}: ${{{{ secrets.NAME }}}}` under `secrets:`");
                let source = &call.caller.file.source;
                report.error(RULE.id, source, call.uses.span.clone(), message, help);
            }
        }
    }
    for workflow in model.workflows().filter(Workflow::is_only_called) {
        let declared = workflow.secrets();
        let names = || declared.iter().map(|entry| entry.key.text.as_str());
        for site in &workflow.file.walked.sites {
            site.expr.walk(&mut |expr| {
                let Some(path) = expr.path() else { return };
                let (Some(root), Some(name)) = (path.first(), path.get(1)) else {
                    return;
                };
                let known = name.text.eq_ignore_ascii_case("GITHUB_TOKEN")
                    || names().any(|known| known.eq_ignore_ascii_case(&name.text));
                if root.text.eq_ignore_ascii_case("secrets") && !known {
                    let message = format!(
                        "the secret `{}` is read, and not declared for callers to pass",
                        name.text
                    );
                    let add = format!("add `{}:` under `on.workflow_call.secrets`", name.text);
                    let help = did_you_mean(&name.text, names(), add);
                    let source = &workflow.file.source;
                    report.error(RULE.id, source, name.span.clone(), message, help);
                }
            });
        }
    }
}
