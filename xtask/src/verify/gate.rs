//! What a gate is, and what it can say.

use anyhow::Result;
use serde::Serialize;

use super::{Bench, Step, Tool};
use crate::pack::Case;
use crate::report::{Finding, Format, print};

/// How often a gate runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once.
    Pack,
    /// Once, for the template of this name.
    Of(&'static str),
    /// Once for each combination of options of each template.
    Case,
    /// Once, for the first of the templates that were picked.
    First,
    /// Once, for the last of them.
    Last,
    /// Once for each of them that gives this option this value: no other has anything to ask about.
    Only(&'static str, &'static str),
}

impl Scope {
    /// Whether it is about single combinations, and `case` is one of them.
    pub(super) fn takes(self, case: &Case) -> bool {
        match self {
            Self::Pack | Self::Of(_) | Self::First | Self::Last => false,
            Self::Case => true,
            Self::Only(option, value) => {
                case.answers.get(option).map(String::as_str) == Some(value)
            }
        }
    }
}

/// Reports a check inside a gate: its name, what it saw, how many seconds it took.
pub type Inner<'a> = dyn FnMut(&str, Verdict, f64) -> Result<()> + 'a;

/// A named question with a yes or a no.
#[derive(Debug)]
pub struct Gate {
    /// Its name, unique in its stage.
    pub name: &'static str,
    /// How often it runs.
    pub scope: Scope,
    /// Tools without which it is skipped.
    pub needs: &'static [Tool],
    /// Asks the question. An error means that it could not be asked, which counts as a no.
    pub run: fn(&mut Bench<'_>, &Step, &mut Inner<'_>) -> Result<Verdict>,
}

/// What a gate saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be, with a figure where there is one.
    Passed(String),
    /// Not as it should be: the captured output, or what was expected and seen.
    Failed(String),
    /// Not as it should be, with places in the pack's files.
    Found(Vec<Finding>),
    /// Not asked, and why.
    Skipped(String),
}

impl Verdict {
    /// Status, detail and findings, as a result has them.
    pub(super) fn parts(self) -> (Status, String, Vec<Finding>) {
        match self {
            Self::Passed(detail) => (Status::Passed, detail, Vec::new()),
            Self::Failed(detail) => (Status::Failed, detail, Vec::new()),
            Self::Skipped(detail) => (Status::Skipped, detail, Vec::new()),
            Self::Found(findings) => {
                let mut text = Vec::new();
                // Writing to memory does not fail.
                let _ = print(&findings, Format::Human, &mut text);
                let text = String::from_utf8_lossy(&text).trim_end().to_owned();
                (Status::Failed, text, findings)
            }
        }
    }

    /// Passed, with nothing to add.
    pub fn passed() -> Self {
        Self::Passed(String::new())
    }
}

/// A verdict without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// See [`Verdict::Passed`].
    Passed,
    /// See [`Verdict::Failed`].
    Failed,
    /// See [`Verdict::Skipped`].
    Skipped,
}

/// What is printed about a gate; the fields are those of `--format json`.
#[derive(Clone, Debug, Serialize)]
pub struct GateResult {
    /// The stage's name.
    pub stage: &'static str,
    /// The template's name, where it was about one.
    pub template: Option<String>,
    /// The combination of options, where it was about one.
    pub case: Option<String>,
    /// The gate's name, or that of a check inside it.
    pub gate: String,
    /// The number of the service contract that it holds, such as `S7`, where it holds one.
    pub contract: Option<&'static str>,
    /// What it saw.
    pub status: Status,
    /// How long it took.
    pub seconds: f64,
    /// The reason, the captured output, or a figure.
    pub detail: String,
    /// The command that runs just this again.
    pub rerun: String,
    /// What was found, where the gate looks at the pack's files.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

impl GateResult {
    /// A tool that `--require` names and this machine lacks.
    pub(super) fn required(tool: &str, reason: &str) -> Self {
        Self {
            stage: "require",
            template: None,
            case: None,
            gate: tool.to_owned(),
            contract: None,
            status: Status::Failed,
            seconds: 0.0,
            detail: format!("{reason}; provide it, or leave it out of `--require`"),
            rerun: format!("cargo xtask verify --require {tool}"),
            findings: Vec::new(),
        }
    }
}
