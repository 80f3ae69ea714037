//! `# lint: allow(RULE) reason`: what a line asks the checker to let pass, in templates and workflows alike.
//!
//! One that has no reason, names no rule, or lets nothing pass is a finding itself.

use std::collections::HashMap;
use std::ops::Range;

use crate::report::{Finding, Report, Source, nearest};

/// A suppression.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The line, from 1.
    pub line: usize,
    /// The comment's bytes.
    pub span: Range<usize>,
    /// The rule's name or code, as it was written, and its bytes.
    pub rule: (String, Range<usize>),
    /// Why.
    pub reason: String,
    /// Whether its form is one.
    pub well_formed: bool,
}

/// How a comment begins and ends; one that ends with its line has no end.
pub type Comment = (&'static str, &'static str);

/// Of YAML, TOML, shell and most others.
pub const HASH: Comment = ("#", "");

/// A family's rules, as suppressions name them.
#[derive(Clone, Copy)]
pub struct Names {
    /// The rule that judges suppressions.
    pub own: &'static str,
    /// The id of the rule of that name or code.
    pub named: fn(&str) -> Option<&'static str>,
    /// Whether another family has a rule of that name, which then judges it.
    pub elsewhere: fn(&str) -> bool,
    /// All ids, for one that is misspelt.
    pub ids: fn() -> Vec<&'static str>,
}

/// A text and what it asks for.
pub type Asking<'a> = (&'a Source, &'a [Suppression]);

/// What is left of findings when suppressions have had their say.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What nobody suppressed.
    pub findings: Vec<Finding>,
    /// Suppressions that let something pass: a source's name and a line.
    pub used: Vec<(String, usize)>,
    /// Those that let nothing pass.
    pub unused: Vec<Finding>,
}

/// The suppressions in a text, in comments of these kinds.
pub fn find(text: &str, comments: &[Comment]) -> Vec<Suppression> {
    let mut found = Vec::new();
    if !text.contains(MARK) {
        return found;
    }
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        let comment = comments.iter().find_map(|(open, close)| {
            let at = line.find(&format!("{open}{MARK}"))?;
            Some((at, open.len(), *close))
        });
        if let Some((at, open, close)) = comment {
            let end = match close {
                "" => None,
                close => line[at + open..].find(close).map(|end| at + open + end),
            };
            let comment = line[at..end.unwrap_or(line.len())].trim_end();
            found.push(read(comment, open + MARK.len(), start + at, index + 1));
        }
        start += line.len() + 1;
    }
    found
}

const MARK: &str = " lint:";

fn read(comment: &str, mark: usize, at: usize, line: usize) -> Suppression {
    let span = at..at + comment.len();
    let inner = comment[mark..].trim_start();
    let parts = inner
        .strip_prefix("allow(")
        .and_then(|rest| rest.split_once(')'));
    match parts {
        Some((rule, reason)) => {
            let start = at + comment.len() - inner.len() + "allow(".len();
            Suppression {
                line,
                span,
                rule: (rule.trim().to_owned(), start..start + rule.len()),
                reason: reason.trim().trim_start_matches(':').trim().to_owned(),
                well_formed: true,
            }
        }
        None => Suppression {
            line,
            rule: (String::new(), span.clone()),
            span,
            reason: String::new(),
            well_formed: false,
        },
    }
}

/// Says what is wrong with their form; whether they are needed is seen when all rules have spoken.
pub fn check((source, suppressions): Asking<'_>, names: Names, report: &mut Report) {
    for suppression in suppressions {
        let whole = suppression.span.clone();
        let (rule, span) = &suppression.rule;
        if !suppression.well_formed {
            let help = "write `# lint: allow(RULE) reason`, in a comment as the file has them";
            report.error(names.own, source, whole, "no suppression of any form", help);
        } else if (names.elsewhere)(rule) {
        } else if (names.named)(rule).is_none_or(|id| id == names.own) {
            let help = match nearest(rule, (names.ids)()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "name a rule as findings do, or by its code: `cargo xtask explain RULE`".into()
                }
            };
            let message = format!("there is no rule `{rule}` to suppress");
            report.error(names.own, source, span.clone(), message, help);
        } else if suppression.reason.is_empty() {
            let message = format!("`{rule}` is suppressed without a reason");
            report.error(names.own, source, whole, message, "say why behind the `)`");
        }
    }
}

/// Takes what is suppressed out of a report.
pub fn apply(report: Report, asking: &[Asking<'_>], names: Names) -> Verdict {
    let files: HashMap<&str, &[Suppression]> = asking
        .iter()
        .map(|(source, suppressions)| (source.file.as_str(), *suppressions))
        .collect();
    let mut verdict = Verdict::default();
    for finding in report.sorted() {
        let here = files
            .get(finding.file.as_str())
            .copied()
            .unwrap_or_default();
        if here.iter().any(|one| applies(one, &finding, names)) {
            verdict.used.push((finding.file, finding.line));
        } else {
            verdict.findings.push(finding);
        }
    }
    verdict.unused = unused(asking, &verdict.used, names);
    verdict
}

/// Suppressions that say what they are for, on lines where nothing of it is found.
fn unused(asking: &[Asking<'_>], used: &[(String, usize)], names: Names) -> Vec<Finding> {
    let mut unused = Report::default();
    for (source, suppressions) in asking {
        for suppression in *suppressions {
            let (rule, span) = &suppression.rule;
            let valid = suppression.well_formed
                && (names.named)(rule).is_some()
                && !suppression.reason.is_empty();
            let lets_pass =
                |(name, line): &(String, usize)| *name == source.file && *line == suppression.line;
            if valid && !used.iter().any(lets_pass) {
                let message = format!("`{rule}` finds nothing on this line");
                let help = "take the comment away";
                unused.error(names.own, source, span.clone(), message, help);
            }
        }
    }
    unused.sorted()
}

fn applies(suppression: &Suppression, finding: &Finding, names: Names) -> bool {
    suppression.line == finding.line
        && finding.rule != names.own
        && !suppression.reason.is_empty()
        && (names.named)(&suppression.rule.0) == Some(finding.rule)
}
