//! The order of the stages in the shared deploy.yml, and what happens when one is given up: a job that is cancelled, or runs
//! out of time, can't be had under act, so the condition of its recovery is read.

use std::path::Path;

use anyhow::{Context, Result};
use serde_yaml::Value;

use super::world::ENVIRONMENTS;
use crate::verify::gate::Verdict;

/// The workflow.
const FILE: &str = ".github/workflows/deploy.yml";

/// Every stage waits for the one before, and every one has its recovery.
pub(super) fn complete(root: &Path) -> Result<Verdict> {
    let workflow: Value = serde_yaml::from_str(&crate::pack::read(&root.join(FILE))?)
        .with_context(|| format!("cannot parse {FILE}"))?;
    let faults = judge(&workflow["jobs"]);
    Ok(if faults.is_empty() {
        Verdict::Passed(ENVIRONMENTS.join(", "))
    } else {
        Verdict::Failed(faults.join("\n"))
    })
}

fn judge(jobs: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |job: &str, what: String| faults.push(format!("{FILE}: job `{job}`: {what}"));
    let before = ["image"].into_iter().chain(ENVIRONMENTS);
    for (stage, before) in ENVIRONMENTS.into_iter().zip(before) {
        if !needs(&jobs[stage], before) {
            fault(
                stage,
                format!("it has to need `{before}`, whose success is the gate"),
            );
        }
        let name = format!("rollback-{stage}");
        let recovery = &jobs[name.as_str()];
        if !needs(recovery, stage) {
            fault(&name, format!("it has to be there, and to need `{stage}`"));
        }
        if recovery["environment"] != *stage {
            fault(
                &name,
                format!("its environment has to be `{stage}`, in so many letters"),
            );
        }
        let condition = recovery["if"].as_str().unwrap_or_default();
        for part in [
            // Without it nothing runs after a job that has failed.
            "always()".to_owned(),
            format!("needs.{stage}.result == 'failure'"),
            format!("needs.{stage}.result == 'cancelled'"),
        ] {
            if !condition.contains(&part) {
                fault(&name, format!("its `if` has to hold `{part}`"));
            }
        }
    }
    faults
}

/// Whether a job needs another; both are written as a name or a list of names.
fn needs(job: &Value, other: &str) -> bool {
    let needs = &job["needs"];
    let listed = needs.as_sequence().into_iter().flatten();
    listed.chain([needs]).any(|name| name == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared() -> String {
        crate::pack::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(FILE)).unwrap()
    }

    fn judged(text: &str) -> String {
        let workflow: Value = serde_yaml::from_str(text).unwrap();
        judge(&workflow["jobs"]).join("\n")
    }

    #[test]
    fn each_departure_is_named() {
        let text = shared();
        assert_eq!(judged(&text), "");
        for (from, to, expected) in [
            (
                "needs: [guard, staging]\n",
                "needs: [guard]\n",
                "`prod`: it has to need `staging`",
            ),
            (
                " || needs.prod.result == 'cancelled'",
                "",
                "hold `needs.prod.result == 'cancelled'`",
            ),
            (
                "needs.dev.result == 'failure' || ",
                "",
                "hold `needs.dev.result == 'failure'`",
            ),
            ("always() && ", "", "hold `always()`"),
            (
                "environment: prod",
                "environment: production",
                "has to be `prod`",
            ),
            (
                "rollback-staging:",
                "put-back-staging:",
                "`rollback-staging`: it has to be there",
            ),
        ] {
            let broken = text.replace(from, to);
            assert_ne!(text, broken, "{from}");
            assert!(
                judged(&broken).contains(expected),
                "{expected}: {}",
                judged(&broken)
            );
        }
    }
}
