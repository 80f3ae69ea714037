//! Prints a run: a line a fault for people, JSON for programs, annotations for GitHub.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::{Fault, Outcome, Status};
use crate::report::{Format, escape_data, escape_property};

/// Of how many other findings a missed fault tells.
const INSTEAD: usize = 5;

/// How a run is printed.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The form of its lines.
    pub format: Format,
}

impl Output {
    /// A fault has its outcome.
    pub fn line(self, outcome: &Outcome, out: &mut dyn Write) -> Result<()> {
        match (self.format, outcome.status()) {
            (Format::Json, _) => writeln!(out, "{}", object(outcome))?,
            (Format::Github, Status::Missed) => writeln!(
                out,
                "::error file={},title=selftest::{}",
                escape_property(outcome.fault.file),
                escape_data(outcome.to_string().trim_end()),
            )?,
            _ => write!(out, "{outcome}")?,
        }
        out.flush()?;
        Ok(())
    }

    /// The run is over.
    pub fn finish(
        self,
        outcomes: &[Outcome],
        elapsed: Duration,
        out: &mut dyn Write,
    ) -> Result<()> {
        let planted = outcomes.len();
        let caught = caught(outcomes);
        if self.format == Format::Json {
            let summary = json!({"summary": {"planted": planted, "caught": caught,
                "missed": planted - caught, "seconds": elapsed.as_secs_f64()}});
            writeln!(out, "{summary}")?;
        } else {
            writeln!(out, "\n{:.0} s", elapsed.as_secs_f64())?;
            writeln!(out, "{planted} planted, {caught} caught")?;
        }
        Ok(())
    }
}

/// How many were found.
pub(super) fn caught(outcomes: &[Outcome]) -> usize {
    let caught = outcomes.iter().filter(|o| o.status() == Status::Caught);
    caught.count()
}

/// The table, without planting anything.
pub fn list(faults: &[&'static Fault], format: Format, out: &mut dyn Write) -> Result<()> {
    for fault in faults {
        if format == Format::Json {
            let line = json!({"fault": fault.name, "rule": fault.rule, "file": fault.file});
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{:<24} {} ({})", fault.rule, fault.name, fault.file)?;
        }
    }
    if format == Format::Json {
        writeln!(out, "{}", json!({"summary": {"faults": faults.len()}}))?;
    } else {
        writeln!(out, "\n{} faults", faults.len())?;
    }
    Ok(())
}

fn object(outcome: &Outcome) -> serde_json::Value {
    let place = outcome.caught.as_ref();
    json!({"fault": outcome.fault.name, "rule": outcome.fault.rule, "file": outcome.fault.file,
        "status": outcome.status(), "line": place.map(|f| f.line), "column": place.map(|f| f.column),
        "message": place.map(|f| &f.message), "seconds": outcome.seconds,
        "rerun": rerun(outcome.fault)})
}

impl std::fmt::Display for Outcome {
    /// `caught  NAME` with rule and place; what was found instead, and the way back in, when it was missed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fault = self.fault;
        if let Some(found) = &self.caught {
            let place = format!("{}:{}:{}", found.file, found.line, found.column);
            return writeln!(f, "caught  {:<72} {} {place}", fault.name, fault.rule);
        }
        writeln!(
            f,
            "MISSED  {:<72} {} {}",
            fault.name, fault.rule, fault.file
        )?;
        if self.others.is_empty() {
            writeln!(f, "        nothing was found")?;
        }
        for other in self.others.iter().take(INSTEAD) {
            let place = format!("{}:{}:{}", other.file, other.line, other.column);
            writeln!(
                f,
                "        found instead: [{}] {} at {place}",
                other.rule, other.message
            )?;
        }
        writeln!(f, "        rerun: {}", rerun(fault))
    }
}

fn rerun(fault: &Fault) -> String {
    format!("cargo xtask selftest \"{}\"", fault.name)
}
