//! All rules on all files, and what their suppressions make of it.

use std::collections::HashMap;

use super::l1_suppression;
use super::model::{File, Model, Suppression};
use super::{RULES, named};
use crate::parallel;
use crate::report::{Finding, Report};

/// What the rules say.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What they found and nobody suppressed; `file` is a source's unique name.
    pub findings: Vec<Finding>,
    /// Suppressions that let something pass: a source's name and a line.
    pub used: Vec<(String, usize)>,
    /// Those that let nothing pass.
    pub unused: Vec<Finding>,
}

/// Holds the model against all rules.
pub fn check(model: &Model) -> Verdict {
    let mut report = Report::default();
    let reports = parallel::map(RULES, |rule| {
        let mut report = Report::default();
        (rule.check)(model, &mut report);
        report
    });
    for found in reports {
        report.extend(found);
    }
    let mut verdict = Verdict::default();
    let files: HashMap<&str, &File> = model
        .files
        .iter()
        .map(|file| (file.source.file.as_str(), file))
        .collect();
    for finding in report.sorted() {
        let file = files.get(finding.file.as_str());
        let suppressed = file.is_some_and(|file| {
            file.suppressions
                .iter()
                .any(|suppression| applies(suppression, &finding))
        });
        if suppressed {
            verdict.used.push((finding.file, finding.line));
        } else {
            verdict.findings.push(finding);
        }
    }
    verdict.unused = unused(model, &verdict.used);
    verdict
}

/// Suppressions that say what they are for, on lines where nothing of it is found.
fn unused(model: &Model, used: &[(String, usize)]) -> Vec<Finding> {
    let mut unused = Report::default();
    for file in &model.files {
        for suppression in &file.suppressions {
            let (rule, span) = &suppression.rule;
            let valid =
                suppression.well_formed && named(rule).is_some() && !suppression.reason.is_empty();
            let lets_pass = |(name, line): &(String, usize)| {
                *name == file.source.file && *line == suppression.line
            };
            if valid && !used.iter().any(lets_pass) {
                let message = format!("`{rule}` finds nothing on this line");
                unused.error(
                    l1_suppression::RULE.id,
                    &file.source,
                    span.clone(),
                    message,
                    "take the comment away",
                );
            }
        }
    }
    unused.sorted()
}

fn applies(suppression: &Suppression, finding: &Finding) -> bool {
    suppression.line == finding.line
        && finding.rule != l1_suppression::RULE.id
        && !suppression.reason.is_empty()
        && named(&suppression.rule.0).is_some_and(|rule| rule.id == finding.rule)
}
