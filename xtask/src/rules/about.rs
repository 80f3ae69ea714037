//! What every rule is about, whatever it judges: for reports that carry their rules along.

use super::{Rule, template, workflow};
use crate::report::Severity;

/// A rule in words.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its id.
    pub id: &'static str,
    /// What it catches, in one line.
    pub summary: &'static str,
    /// What happens when it is not caught.
    pub why: &'static str,
    /// The smallest text that it catches.
    pub example: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
}

/// Findings that no rule makes: files that cannot be read as what they are, and derived ones that are out of date.
pub(super) const OTHERS: &[About] = &[
    About {
        id: "out-of-sync",
        summary: "a derived file that is not what it is derived from",
        why: "What is written by hand in a derived file is lost, and what it is derived from does not reach a service.",
        example: "variable::set(\"org\", \"old-org\"); // where platform.toml says `org = \"new-org\"`",
        remedy: "Run `cargo xtask sync`, and commit what it writes.",
        severity: Severity::Error,
    },
    About {
        id: "unreadable-file",
        summary: "a file of the pack that cannot be read as what it is",
        why: "Nothing else in the pack can be judged without it.",
        example: "org = your-org",
        remedy: "Mend the syntax at the place that the finding names.",
        severity: Severity::Error,
    },
];

/// All rules, each once.
pub fn about() -> Vec<About> {
    [templates(), workflows(), OTHERS.to_vec()].concat()
}

/// The template rules; whatever is wrong with a template fails.
pub(super) fn templates() -> Vec<About> {
    let rules = template::RULES.iter();
    rules.map(|rule| rule.about(Severity::Error)).collect()
}

/// The workflow rules.
pub(super) fn workflows() -> Vec<About> {
    let rules = workflow::RULES.iter();
    rules
        .map(|rule| rule.about(workflow::severity(rule)))
        .collect()
}

impl<M> Rule<M> {
    fn about(&self, severity: Severity) -> About {
        About {
            id: self.id,
            summary: self.summary,
            why: self.why,
            example: self.example,
            remedy: self.remedy,
            severity,
        }
    }
}
