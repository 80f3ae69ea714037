//! What `drift` found as tables: one for a terminal, and a Markdown page for a pull request or a job's summary.

use std::fmt::Write;

use super::{Drift, Row};
use crate::report::{Finding, escape_cell, table};

const COLUMNS: [&str; 7] = [
    "service",
    "template",
    "version",
    "behind",
    "edited",
    "answers",
    "references",
];

/// How many characters of diffs a page holds: GitHub takes 65536 for a pull request.
const DIFFS: usize = 40_000;

fn cells(row: &Row) -> [String; 7] {
    let made = |part: fn(&super::Made) -> &String| {
        row.made
            .as_ref()
            .map_or_else(|| "?".to_owned(), |made| part(made).clone())
    };
    let number = |number: Option<usize>| number.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let counts = &row.counts;
    let known = |count: usize| number(row.made.as_ref().map(|_| count));
    [
        row.service.clone(),
        made(|made| &made.template),
        made(|made| &made.version),
        number(counts.behind),
        number(counts.edited),
        known(counts.answers),
        known(counts.references),
    ]
}

/// The table for a terminal: one row a service.
pub fn columns(drift: &Drift) -> String {
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(drift.services.iter().map(cells));
    let width = |column: usize| {
        rows.iter()
            .map(|row| row.get(column).map_or(0, |cell| cell.chars().count()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

/// Everything as Markdown: the table, the findings, and diffs to be unfolded.
pub fn markdown(drift: &Drift, findings: &[Finding]) -> String {
    let mut out = format!("## Drift\n\nCompared with {}.\n\n", drift.wanted);
    let _ = writeln!(
        out,
        "| {} |\n|{}",
        COLUMNS.join(" | "),
        "---|".repeat(COLUMNS.len())
    );
    for row in &drift.services {
        let _ = writeln!(
            out,
            "| {} |",
            cells(row).map(|cell| escape_cell(&cell)).join(" | ")
        );
    }
    for row in &drift.services {
        if let Some(failure) = &row.failure {
            let _ = write!(
                out,
                "\n{} could not be looked at: {}\n",
                row.service,
                escape_cell(failure)
            );
        }
    }
    if !findings.is_empty() {
        let _ = write!(out, "\n{}", table(findings));
    }
    let mut left = DIFFS;
    let mut dropped = 0;
    for (file, diff) in &drift.diffs {
        if diff.len() > left {
            dropped += 1;
            continue;
        }
        left -= diff.len();
        out += &folded(file, diff);
    }
    if dropped > 0 {
        let _ = write!(
            out,
            "\n{dropped} more diffs are too long for this page; `cargo xtask drift` prints them.\n"
        );
    }
    out
}

fn folded(file: &str, diff: &str) -> String {
    let file = escape_cell(file);
    // A fence is ended by as many backticks as it began with.
    let mut longest = 0;
    let mut run = 0;
    for letter in diff.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if diff.ends_with('\n') { "" } else { "\n" };
    format!(
        "\n<details><summary><code>{file}</code></summary>\n\n{fence}diff\n{diff}{end}{fence}\n\n</details>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_does_not_end_its_own_fence() {
        let page = folded("a<b", "+ ````\n");
        assert!(page.contains("\n`````diff\n+ ````\n`````\n"), "{page}");
        assert!(page.contains("<code>a&lt;b</code>"), "{page}");
    }
}
