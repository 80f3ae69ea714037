//! What became of a fault.

use serde::Serialize;

use super::fault::Fault;
use crate::report::Finding;

/// Whether a fault was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// By its rule, in its file.
    Caught,
    /// Not, or not by that rule, or not there.
    Missed,
}

/// A fault and what the rules said about it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The fault.
    pub fault: &'static Fault,
    /// What its rule found in its file.
    pub caught: Option<Finding>,
    /// What else was found.
    pub others: Vec<Finding>,
    /// How long the checkers took.
    pub seconds: f64,
}

impl Outcome {
    /// Judges what the checkers found while `fault` was planted.
    pub(super) fn new(fault: &'static Fault, findings: Vec<Finding>, seconds: f64) -> Self {
        let is_it = |f: &Finding| f.rule == fault.rule && f.file == fault.file;
        let (mut caught, others): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_it);
        caught.truncate(1);
        Self {
            fault,
            caught: caught.pop(),
            others,
            seconds,
        }
    }

    /// Whether it was found.
    pub fn status(&self) -> Status {
        match self.caught {
            Some(_) => Status::Caught,
            None => Status::Missed,
        }
    }
}
