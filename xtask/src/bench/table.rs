//! Figures as a table for people, or as a line of JSON each for programs.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use super::figure::{Figure, Target, Verdict};
use super::machine;
use super::statistics::Spread;
use crate::report::Format;

/// What a run leaves to be printed.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What was measured.
    pub figures: Vec<Figure>,
    /// What was not, and why.
    pub skipped: Vec<(String, String)>,
    /// What the service could not do, and what that says.
    pub missed: Vec<(String, String)>,
    /// What else was there, and what it says of itself.
    notes: Vec<(String, String)>,
    /// What is measured, and its reference; a service and a bare handler unless it says otherwise.
    names: Option<[&'static str; 2]>,
}

impl Sheet {
    /// A sheet about something else than a service and a bare handler.
    pub fn named(self, measured: &'static str, reference: &'static str) -> Self {
        Self {
            names: Some([measured, reference]),
            ..self
        }
    }

    /// Adds figures, those that could be made.
    pub fn add(&mut self, figures: impl IntoIterator<Item = Option<Figure>>) {
        self.figures.extend(figures.into_iter().flatten());
    }

    /// Notes what could not be measured here.
    pub fn skip(&mut self, what: &str, reason: impl Into<String>) {
        self.skipped.push((what.to_owned(), reason.into()));
    }

    /// Notes what the service could not do; under `--gate` it counts as a figure that missed its floor.
    pub fn miss(&mut self, what: &str, reason: impl Into<String>) {
        self.missed.push((what.to_owned(), reason.into()));
    }

    /// Notes what was there besides the machine, and its versions.
    pub fn note(&mut self, what: &str, says: &str) {
        self.notes.push((what.to_owned(), says.to_owned()));
    }

    /// Whether anything missed what `--gate` holds it to.
    pub fn missed(&self) -> bool {
        let mut verdicts = self.figures.iter().map(|figure| figure.verdict);
        !self.missed.is_empty() || verdicts.any(|verdict| verdict == Verdict::Missed)
    }

    /// Prints all of it.
    pub fn print(&self, format: Format, out: &mut dyn Write) -> Result<()> {
        if format == Format::Json {
            for figure in &self.figures {
                writeln!(out, "{}", json!(figure))?;
            }
            let map = |notes: &[(String, String)]| -> serde_json::Map<_, _> {
                let pairs = notes.iter();
                pairs
                    .map(|(what, why)| (what.clone(), json!(why)))
                    .collect()
            };
            let (skipped, missed) = (map(&self.skipped), map(&self.missed));
            let notes = map(&self.notes);
            let names = self.names.unwrap_or(["service", "bare"]);
            let names = json!({"service": names[0], "bare": names[1]});
            let summary = json!({"summary": {"names": names, "machine": machine::facts(), "notes": notes, "skipped": skipped, "missed": missed}});
            writeln!(out, "{summary}")?;
            return Ok(());
        }
        out.write_all(self.human().as_bytes())?;
        Ok(())
    }

    fn human(&self) -> String {
        let [measured, reference] = self.names.unwrap_or(["service", "bare"]);
        let head = ["figure", "unit", measured, reference, "ratio", "target", ""];
        let mut rows = vec![head.map(str::to_owned)];
        rows.extend(self.figures.iter().map(row));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let widths: Vec<usize> = (0..head.len()).map(|c| width(c).unwrap_or(0)).collect();
        let mut text = String::new();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(column, (cell, width))| match column {
                0 | 1 | 6 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            text += &format!("{}\n", line.trim_end());
        }
        for (word, notes) in [("missed", &self.missed), ("skipped", &self.skipped)] {
            for (what, reason) in notes {
                text += &format!("{word} {what}: {reason}\n");
            }
        }
        for (name, value) in &self.notes {
            text += &format!("{name}: {value}\n");
        }
        for (name, value) in machine::facts() {
            text += &format!("{name}: {value}\n");
        }
        text
    }
}

fn row(figure: &Figure) -> [String; 7] {
    let target = match figure.target {
        None => String::new(),
        Some(Target::AtLeast { goal, floor }) => bound("≥", goal, floor),
        Some(Target::AtMost { goal, floor }) => bound("≤", goal, floor),
    };
    let verdict = match figure.verdict {
        Verdict::None => "",
        Verdict::Ok => "ok",
        Verdict::Near => "near",
        Verdict::Missed => "missed",
    };
    let ratio = figure.ratio.map(|ratio| {
        let Spread { median, low, high } = ratio;
        format!("{median:.2} ({low:.2}–{high:.2})")
    });
    [
        figure.name.clone(),
        figure.unit.to_owned(),
        number(figure.service.median),
        figure.bare.map_or_else(String::new, |b| number(b.median)),
        ratio.unwrap_or_default(),
        target,
        verdict.to_owned(),
    ]
}

fn bound(sign: &str, goal: f64, floor: f64) -> String {
    if (goal - floor).abs() < f64::EPSILON {
        format!("{sign} {goal}")
    } else {
        format!("{sign} {goal} ({floor})")
    }
}

/// Three digits are all that a reading is worth, large numbers apart.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::default();
        let floor = Target::AtLeast {
            goal: 0.9,
            floor: 0.85,
        };
        let figure = Figure::pair("throughput", "1/s", &[800.0, 800.0], &[1000.0, 1000.0]);
        sheet.add([figure.map(|figure| figure.held_to(floor))]);
        sheet.skip("image size", "`docker` is not on PATH");
        sheet.note("FastAPI", "Python 3.13");
        sheet
    }

    #[test]
    fn a_row_has_figure_reference_ratio_and_verdict() {
        let text = sheet().human();
        let row = "throughput  1/s       800  1000  0.80 (0.80–0.80)  ≥ 0.9 (0.85)  missed\n";
        assert!(text.contains(row), "{text}");
        assert!(
            text.contains("skipped image size: `docker` is not on PATH\n"),
            "{text}"
        );
        assert!(text.contains("\nFastAPI: Python 3.13\n"), "{text}");
        assert!(sheet().missed());
    }

    #[test]
    fn a_sheet_about_something_else_says_about_what() {
        let sheet = sheet().named("xtask", "actionlint");
        let head = sheet.human().lines().next().unwrap().to_owned();
        assert_eq!(
            head.split_whitespace().collect::<Vec<_>>(),
            ["figure", "unit", "xtask", "actionlint", "ratio", "target"]
        );
        let mut out = Vec::new();
        sheet.print(Format::Json, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(r#""names":{"service":"xtask","bare":"actionlint"}"#));
    }

    #[test]
    fn what_could_not_be_done_is_missed_by_name() {
        let mut sheet = Sheet::default();
        sheet.skip("image", "no engine");
        assert!(!sheet.missed());
        sheet.miss("soak", "it answered half of what was due");
        assert!(sheet.missed());
        let text = sheet.human();
        assert!(
            text.contains(
                "missed soak: it answered half of what was due\nskipped image: no engine\n"
            ),
            "{text}"
        );
        let mut out = Vec::new();
        sheet.print(Format::Json, &mut out).unwrap();
        let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let missed = &line["summary"]["missed"]["soak"];
        assert_eq!(missed, "it answered half of what was due");
    }

    #[test]
    fn json_is_a_line_a_figure_and_a_summary() {
        let mut out = Vec::new();
        sheet().print(Format::Json, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["name"], "throughput");
        assert_eq!(lines[0]["verdict"], "missed");
        assert_eq!(lines[0]["target"]["at_least"]["floor"], 0.85);
        assert_eq!(lines[1]["summary"]["notes"]["FastAPI"], "Python 3.13");
        assert!(lines[1]["summary"]["machine"]["cores"].is_string());
    }
}
