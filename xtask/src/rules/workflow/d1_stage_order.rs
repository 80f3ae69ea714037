//! dev, staging, prod: one after the other, none left out.

use super::Rule;
use super::model::Model;
use super::model::deployment::{Deployment, ENVIRONMENTS, Stage};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D1-stage-order",
    summary: "a stage that does not wait for the one before it, or a stage left out",
    why: "A version reaches production that staging has not seen, or has refused.",
    example: "prod:\n  needs: dev # staging is skipped",
    remedy: "Let each stage `needs` the one before: dev, staging, prod.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for deployment in model.deployments() {
        let source = &deployment.workflow.file.source;
        for stage in &deployment.stages {
            if let Some((message, help)) = judge(&deployment, stage) {
                let needs = stage.job.node.get("needs");
                let span = needs.map_or(stage.job.id.span.clone(), |needs| needs.span.clone());
                report.error(RULE.id, source, span, message, help);
            }
        }
    }
}

fn judge(deployment: &Deployment<'_>, stage: &Stage<'_>) -> Option<(String, String)> {
    let id = &stage.job.id.text;
    let before = deployment.workflow.ancestors(&stage.job);
    let waits_for = |other: &Stage<'_>| before.iter().any(|job| job.id.text == other.job.id.text);
    if let Some(later) = deployment
        .stages
        .iter()
        .find(|other| other.rank > stage.rank && waits_for(other))
    {
        let message = format!(
            "`{id}` waits for `{}`, which comes after it",
            later.job.id.text
        );
        return Some((
            message,
            "let stages wait in the order dev, staging, prod".into(),
        ));
    }
    let earlier = (0..stage.rank)
        .rev()
        .find(|rank| deployment.of(*rank).next().is_some())?;
    if earlier + 1 < stage.rank {
        let skipped = ENVIRONMENTS[earlier + 1];
        let message = format!(
            "`{id}` follows `{}`, and there is no stage `{skipped}` between them",
            ENVIRONMENTS[earlier]
        );
        return Some((
            message,
            format!("add a job `{skipped}` with `environment: {skipped}`"),
        ));
    }
    let previous: Vec<&str> = deployment
        .of(earlier)
        .map(|stage| stage.job.id.text.as_str())
        .collect();
    if deployment.of(earlier).any(waits_for) {
        return None;
    }
    let name = previous.first()?;
    let message = format!("`{id}` does not wait for `{name}`");
    Some((message, format!("add `{name}` to the `needs` of `{id}`")))
}
