//! What a check found broken: what was expected, what was seen, where to look.

use std::fmt;

/// A promise that a service does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What the contract promises, in lower case.
    pub expected: String,
    /// What the service did: status, headers and body, or an exit code and what it wrote.
    pub seen: String,
    /// The last lines of its log.
    pub log: Vec<String>,
    /// Where in the service to look.
    pub remedy: String,
}

impl Fault {
    /// A fault; the runner adds log and remedy.
    pub fn new(expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            seen: seen.into(),
            log: Vec::new(),
            remedy: String::new(),
        }
    }
}

/// Holds a check against what it saw.
pub fn hold(
    kept: bool,
    expected: impl Into<String>,
    seen: impl FnOnce() -> String,
) -> Result<(), Fault> {
    if kept {
        Ok(())
    } else {
        Err(Fault::new(expected, seen()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected: {}\nseen: {}", self.expected, self.seen)?;
        if !self.log.is_empty() {
            f.write_str("\nlog:")?;
            for line in &self.log {
                write!(f, "\n  {line}")?;
            }
        }
        write!(f, "\nhelp: {}", self.remedy)
    }
}
