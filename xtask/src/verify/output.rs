//! Prints a run: a bar and lines on a terminal, plain lines in CI, JSON for programs, annotations for GitHub.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::account::{Account, accounts};
use super::{GateResult, Plan, Status, Step};
use crate::report::{Format, append_to_job_summary, escape_data, escape_property, print};

/// How a run is printed.
#[derive(Debug)]
pub struct Output {
    format: Format,
    bar: ProgressBar,
    heading: String,
    /// Whether only some checks of the service contract run.
    picked: bool,
}

impl Output {
    /// For a run of `plan`. There is a bar where a person watches.
    pub fn new(plan: &Plan, format: Format, quiet: bool) -> Self {
        let watched = format == Format::Human && !quiet && io::stderr().is_terminal();
        let bar = if watched && io::stdout().is_terminal() {
            ProgressBar::new(plan.steps.len() as u64)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {msg}") {
            bar.set_style(style);
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        Self {
            format,
            bar,
            heading: String::new(),
            picked: !plan.checks.is_empty(),
        }
    }

    /// A step begins.
    pub(super) fn begin(&mut self, step: &Step) {
        let case = step.case.as_ref().map(ToString::to_string);
        self.bar.set_message(format!(
            "{} {} {}",
            step.stage.name,
            step.gate.name,
            case.unwrap_or_default()
        ));
    }

    /// A step is over.
    pub(super) fn end(&self) {
        self.bar.inc(1);
    }

    /// A gate, or a check inside it, has its result.
    pub(super) fn done(&mut self, result: &GateResult, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::Human => {
                let text = self.human(result);
                self.bar.suspend(|| out.write_all(text.as_bytes()))?;
            }
            Format::Json => writeln!(out, "{}", json!(result))?,
            Format::Github => {
                if !result.findings.is_empty() {
                    print(&result.findings, Format::Github, out)?;
                } else if result.status == Status::Failed {
                    let title = format!("{} / {}", result.stage, result.gate);
                    let text = format!("{}\nrerun: {}", result.detail, result.rerun);
                    writeln!(
                        out,
                        "::error title={}::{}",
                        escape_property(&title),
                        escape_data(&text)
                    )?;
                } else {
                    out.write_all(self.human(result).as_bytes())?;
                }
            }
            Format::Sarif => {}
        }
        out.flush()
    }

    /// A line a gate, under a heading for each stage and case; captured output and the way back in when it failed.
    fn human(&mut self, result: &GateResult) -> String {
        let place = [result.template.as_deref(), result.case.as_deref()];
        let place: Vec<&str> = place.into_iter().flatten().collect();
        let heading = format!("{} {}", result.stage, place.join(" "));
        let mut text = String::new();
        if heading != self.heading {
            text += &format!("\n{}\n", heading.trim_end());
            self.heading = heading;
        }
        let word = match result.status {
            Status::Passed => "ok",
            Status::Failed => "FAILED",
            Status::Skipped => "skipped",
        };
        text += &format!("  {word:<8}{:<44}{:>7.1} s", result.gate, result.seconds);
        if result.status == Status::Failed {
            text += "\n";
            for line in result.detail.lines() {
                text += &format!("      {line}\n");
            }
            text += &format!("      rerun: {}\n", result.rerun);
        } else {
            if !result.detail.is_empty() {
                text += &format!("  {}", result.detail);
            }
            text += "\n";
        }
        text
    }

    /// The run is over.
    pub(super) fn finish(
        &mut self,
        results: &[GateResult],
        stopped: bool,
        elapsed: Duration,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        let count = |status| results.iter().filter(|r| r.status == status).count();
        let (passed, failed, skipped) = (
            count(Status::Passed),
            count(Status::Failed),
            count(Status::Skipped),
        );
        // Of a few checks alone there is no account to give.
        let accounts = if self.picked {
            Vec::new()
        } else {
            accounts(results)
        };
        if self.format == Format::Json {
            let summary = json!({"summary": {"passed": passed, "failed": failed,
                "skipped": skipped, "stopped": stopped, "seconds": elapsed.as_secs_f64(),
                "contract": accounts}});
            writeln!(out, "{summary}")?;
            return Ok(());
        }
        if self.format == Format::Github {
            append_to_job_summary(&table(results, &accounts));
        }
        let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for result in results.iter().filter(|r| r.status == Status::Skipped) {
            // The same check under each compose profile is one name here.
            let gate = result.gate.split(" [").next().unwrap_or_default();
            let name = format!("{}/{gate}", result.stage);
            let names = reasons.entry(&result.detail).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        writeln!(out)?;
        for (reason, names) in reasons {
            writeln!(out, "skipped, since {reason}: {}", names.join(", "))?;
        }
        for account in &accounts {
            writeln!(out, "contract of {account}")?;
        }
        for result in results.iter().filter(|r| r.status == Status::Failed) {
            write!(out, "{}", again(result))?;
        }
        if stopped {
            writeln!(
                out,
                "stopped at the first failure; `--keep-going` runs the rest"
            )?;
        }
        writeln!(out, "{:.0} s", elapsed.as_secs_f64())?;
        writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped")?;
        Ok(())
    }
}

/// A failure in short, for the end of a log of which only the end is shown.
fn again(result: &GateResult) -> String {
    // What tells most stands at both ends of captured output.
    const FIRST: usize = 3;
    const LAST: usize = 6;
    let place = [result.template.as_deref(), result.case.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let mut text = format!("FAILED {} {}", result.stage, place.join(" "));
    text = format!("{} {}\n", text.trim_end(), result.gate);
    let lines: Vec<&str> = result.detail.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if index < FIRST || index + LAST >= lines.len() {
            text += &format!("    {line}\n");
        } else if index == FIRST {
            text += "    …\n";
        }
    }
    text += &format!("    rerun: {}\n", result.rerun);
    text
}

/// The run as Markdown: what became of the contract in each case, and a table of all results.
fn table(results: &[GateResult], accounts: &[Account]) -> String {
    let mut out = String::new();
    for account in accounts {
        out += &format!("- {account}\n");
    }
    out += "\n| stage | case | gate | status | seconds |\n|---|---|---|---|---|\n";
    for r in results {
        let case = r.case.as_deref().unwrap_or_default();
        let status = json!(r.status);
        let status = status.as_str().unwrap_or_default();
        let row = format!(
            "{} | {case} | {} | {status} | {:.1}",
            r.stage, r.gate, r.seconds
        );
        out += &format!("| {row} |\n");
    }
    out
}

/// Prints what a run would do.
pub fn list(plan: &Plan, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let mut heading = String::new();
    for step in &plan.steps {
        let case = step.case.as_ref().map(ToString::to_string);
        let missing = step
            .gate
            .needs
            .iter()
            .find_map(|tool| tool.missing_for(&plan.root));
        if format == Format::Json {
            let line = json!({"stage": step.stage.name, "template": step.template, "case": case,
                "gate": step.gate.name, "skip": missing});
            writeln!(out, "{line}")?;
            continue;
        }
        let place = [step.template.as_deref(), case.as_deref()];
        let place: Vec<&str> = place.into_iter().flatten().collect();
        let here = format!(
            "{} {}: {}",
            step.stage.name,
            place.join(" "),
            step.stage.title
        );
        if here != heading {
            writeln!(out, "\n{}", here.replace(" :", ":"))?;
            heading = here;
        }
        let note = missing.map(|reason| format!("  (skipped here: {reason})"));
        writeln!(out, "  {}{}", step.gate.name, note.unwrap_or_default())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_again_in_short() {
        let lines: Vec<String> = (1..=40).map(|n| format!("line {n}")).collect();
        let result = GateResult {
            stage: "build",
            template: Some("template-axum".into()),
            case: Some("metrics=none".into()),
            contract: None,
            gate: "test".into(),
            status: Status::Failed,
            seconds: 1.0,
            detail: lines.join("\n"),
            rerun: "cargo xtask verify --stage build".into(),
            findings: Vec::new(),
        };
        let text = again(&result);
        let shown: Vec<&str> = text.lines().map(str::trim).collect();
        assert_eq!(shown[0], "FAILED build template-axum metrics=none test");
        assert_eq!(shown[1..5], ["line 1", "line 2", "line 3", "…"]);
        assert_eq!(
            shown[5..11],
            [
                "line 35", "line 36", "line 37", "line 38", "line 39", "line 40"
            ]
        );
        assert_eq!(shown[11..], ["rerun: cargo xtask verify --stage build"]);
    }
}
