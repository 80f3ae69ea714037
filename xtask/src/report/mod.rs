//! Findings: what is wrong with the pack, as data.
//!
//! A finding (the template is wrong) and a failure (we could not look) are two types with two exit codes. Findings
//! are collected, sorted and printed once; they never travel through `anyhow`, and nothing here prints.

mod few;
mod names;
mod nearest;
mod render;
mod sarif;
mod source;
mod summary;

use std::ops::Range;

use serde::Serialize;

pub use few::few;
pub use names::kept as rule_name;
pub use nearest::nearest;
pub use render::{
    Format, escape_cell, escape_data, escape_property, json_line, json_summary, print, print_one,
    table,
};
pub use source::{Excerpt, Source};
pub use summary::append as append_to_job_summary;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Fails the run (exit code 1).
    Error,
    /// Is shown, and fails nothing.
    Warning,
}

impl Severity {
    /// The word for it, which GitHub and SARIF use as well.
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong, where it stands, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path relative to the pack's root, with `/`.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The rule's id, such as `undefined-variable`.
    pub rule: &'static str,
    /// Whether it fails the run.
    pub severity: Severity,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// What to do: one sentence or a line that can be pasted.
    pub help: String,
    /// The line it stands on and what to underline there, where there is such a line.
    pub excerpt: Option<Excerpt>,
}

/// Findings of one run, in the order in which they were found until [`Report::sorted`].
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Adds an error at the bytes `span` of `source`.
    pub fn error(
        &mut self,
        rule: &'static str,
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let finding = source.finding(rule, Severity::Error, span, message.into(), help.into());
        self.push(finding);
    }

    /// Adds a warning at the bytes `span` of `source`.
    pub fn warning(
        &mut self,
        rule: &'static str,
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let finding = source.finding(rule, Severity::Warning, span, message.into(), help.into());
        self.push(finding);
    }

    /// Adds an error about a file as a whole, or about one that is not there.
    pub fn error_in_file(
        &mut self,
        rule: &'static str,
        file: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Finding {
            file: file.into(),
            line: 1,
            column: 1,
            rule,
            severity: Severity::Error,
            message: message.into(),
            help: help.into(),
            excerpt: None,
        });
    }

    /// Adds a finding as it stands.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds the findings of another report.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
    }

    /// Whether any finding fails the run.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// The findings by place, each once.
    pub fn sorted(mut self) -> Vec<Finding> {
        self.findings.sort();
        self.findings.dedup();
        self.findings
    }
}
