//! `verify`: everything this pack promises, proved on this machine.
//!
//! Stages and gates are tables of plain functions (`plan.rs`, `stages/`). One loop, here, runs them: it decides what is
//! skipped, when to stop, and what is printed. A gate only says what it saw.

mod account;
mod bench;
#[cfg(test)]
mod faults;
mod gate;
mod output;
mod picked;
mod plan;
mod register;
mod stages;
mod tools;

use std::io::Write;
use std::time::Instant;

use anyhow::Result;

use crate::pack::Pack;

pub use bench::{Bench, answers};
pub use gate::{GateResult, Status, Verdict};
pub use output::{Output, list};
pub use plan::{Plan, Selection, Step};
pub use register::HELD;
pub use tools::Tool;

/// How a run goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tools whose absence is a failure.
    pub require: Vec<Tool>,
    /// Whether to go on after a failed gate.
    pub keep_going: bool,
}

/// Runs a plan; true when nothing failed.
///
/// # Errors
/// When the folder to work in can't be made, or the results can't be printed.
pub fn run(
    pack: &Pack,
    plan: &Plan,
    options: &Options,
    output: &mut Output,
    out: &mut dyn Write,
) -> Result<bool> {
    let start = Instant::now();
    let mut bench = Bench::new(pack, plan)?;
    let mut results: Vec<GateResult> = Vec::new();
    let mut stopped = false;
    // A tool that no gate of this run asks for has to be there all the same.
    for tool in &options.require {
        if let Some(reason) = tool.missing_for(&pack.root) {
            let result = GateResult::required(tool.name(), &reason);
            output.done(&result, out)?;
            results.push(result);
            stopped = !options.keep_going;
        }
    }
    for step in &plan.steps {
        if stopped {
            break;
        }
        output.begin(step);
        let found = perform(&mut bench, step, &options.require, &mut |result| {
            output.done(&result, out)?;
            results.push(result);
            Ok(())
        })?;
        output.end();
        stopped = !found && !options.keep_going;
    }
    output.finish(&results, stopped, start.elapsed(), out)?;
    Ok(results.iter().all(|result| result.status != Status::Failed))
}

/// Runs one step and reports its result, and those of the checks inside it; false when any failed.
fn perform(
    bench: &mut Bench<'_>,
    step: &Step,
    require: &[Tool],
    report: &mut dyn FnMut(GateResult) -> Result<()>,
) -> Result<bool> {
    let missing = step.gate.needs.iter().find_map(|tool| {
        let reason = tool.missing_for(&bench.pack.root)?;
        Some((*tool, reason))
    });
    if let Some((tool, reason)) = missing {
        let verdict = if require.contains(&tool) {
            Verdict::Failed(format!("`{}` is required: {reason}", tool.name()))
        } else {
            Verdict::Skipped(reason)
        };
        let result = step.result(step.gate.name, verdict, 0.0);
        let passed = result.status != Status::Failed;
        report(result)?;
        return Ok(passed);
    }
    let start = Instant::now();
    let mut passed = true;
    let mut inner = |name: &str, verdict: Verdict, seconds: f64| {
        let result = step.result(name, verdict, seconds);
        passed &= result.status != Status::Failed;
        report(result)
    };
    // A gate that could not be asked, such as on a template that doesn't render, is not a gate that passed.
    let verdict = (step.gate.run)(bench, step, &mut inner)
        .unwrap_or_else(|error| Verdict::Failed(format!("{error:#}")));
    let result = step.result(step.gate.name, verdict, start.elapsed().as_secs_f64());
    passed &= result.status != Status::Failed;
    report(result)?;
    Ok(passed)
}
