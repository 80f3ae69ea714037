//! Prints findings for people, for programs and for GitHub. The only place that knows how a finding looks.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Value, json};

use super::{Finding, Severity, sarif};

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: title, place, excerpt with a caret, remedy.
    Human,
    /// One JSON object a line, and a last line with a summary.
    Json,
    /// GitHub workflow commands, which GitHub shows beside the code.
    Github,
    /// SARIF 2.1.0, which code scanning reads.
    Sarif,
}

/// Prints findings, which [`super::Report::sorted`] has put in order.
pub fn print(findings: &[Finding], format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human(findings, out),
        Format::Json => json_lines(findings, out),
        Format::Github => github(findings, out),
        Format::Sarif => sarif::print(findings, out),
    }
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    findings.iter().filter(|f| f.severity == severity).count()
}

fn human(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        print_one(finding, out)?;
    }
    let (errors, warnings) = (
        count(findings, Severity::Error),
        count(findings, Severity::Warning),
    );
    if errors + warnings > 0 {
        writeln!(out, "{errors} errors, {warnings} warnings")?;
    }
    Ok(())
}

/// Prints one finding for people.
pub fn print_one(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}[{}]: {}",
        finding.severity.word(),
        finding.rule,
        finding.message
    )?;
    let (line, column) = (finding.line, finding.column);
    let gutter = " ".repeat(line.to_string().len());
    writeln!(out, "{gutter}--> {}:{line}:{column}", finding.file)?;
    if let Some(excerpt) = &finding.excerpt {
        let text = &excerpt.text;
        let before = column - 1 - excerpt.start;
        // A tab stays a tab in the padding, so that the caret stands under the word in any terminal.
        let padding: String = text
            .chars()
            .take(before)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let shown = text.chars().count().saturating_sub(before).max(1);
        writeln!(out, "{gutter} |")?;
        writeln!(out, "{line} | {text}")?;
        let carets = "^".repeat(excerpt.width.min(shown));
        writeln!(out, "{gutter} | {padding}{carets}")?;
    }
    writeln!(out, "{gutter} = help: {}\n", finding.help)
}

fn json_lines(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        writeln!(out, "{}", json_line(finding))?;
    }
    writeln!(out, "{}", json_summary(findings))
}

/// A finding as a line of `--format json`.
pub fn json_line(f: &Finding) -> Value {
    json!({"rule": f.rule, "severity": f.severity, "file": f.file, "line": f.line,
        "column": f.column, "message": f.message, "help": f.help})
}

/// What ends a list of them.
pub fn json_summary(findings: &[Finding]) -> Value {
    json!({"summary": {"errors": count(findings, Severity::Error),
        "warnings": count(findings, Severity::Warning)}})
}

fn github(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for f in findings {
        writeln!(
            out,
            "::{} file={},line={},col={},endColumn={},title={}::{}",
            f.severity.word(),
            escape_property(&f.file),
            f.line,
            f.column,
            f.column + f.excerpt.as_ref().map_or(0, |excerpt| excerpt.width),
            escape_property(f.rule),
            escape_data(&format!("{}\nhelp: {}", f.message, f.help)),
        )?;
    }
    Ok(())
}

/// How many findings a job summary names: GitHub refuses one of more than a mebibyte.
const SUMMARY: usize = 500;

/// The findings as a Markdown table, for GitHub's job summary.
pub fn table(findings: &[Finding]) -> String {
    let (errors, warnings) = (
        count(findings, Severity::Error),
        count(findings, Severity::Warning),
    );
    let mut out = format!(
        "**{errors} errors, {warnings} warnings**\n\n| rule | place | message | help |\n|---|---|---|---|\n"
    );
    for f in findings.iter().take(SUMMARY) {
        let place = format!("{}:{}:{}", f.file, f.line, f.column);
        let cells = [&place, &f.message, &f.help].map(|text| escape_cell(text));
        out += &format!(
            "| `{}` | {} | {} | {} |\n",
            f.rule, cells[0], cells[1], cells[2]
        );
    }
    if let Some(rest) = findings.len().checked_sub(SUMMARY).filter(|rest| *rest > 0) {
        out += &format!("\n{rest} more are in the log.\n");
    }
    out
}

/// A text in a table: neither the end of its cell nor of its line, and no markup but code.
pub fn escape_cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('|', "\\|")
}

/// What GitHub's workflow commands ask of a message: <https://github.com/actions/toolkit> `command.ts`.
pub fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What they ask of a property, such as a title.
pub fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Source;

    fn printed(format: Format) -> String {
        let source = Source::new("template-x/README.md", "# Title\n\tüber {{ typo }}\n");
        let start = source.text.find("typo").unwrap();
        let finding = source.finding(
            "undefined-variable",
            Severity::Error,
            start..start + 4,
            "variable `typo` is not defined".into(),
            "did you mean `team`?".into(),
        );
        let mut out = Vec::new();
        print(&[finding], format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn human_output_puts_the_caret_under_the_word() {
        let expected = "error[undefined-variable]: variable `typo` is not defined\n \
            --> template-x/README.md:2:10\n  |\n2 | \tüber {{ typo }}\n  | \t        ^^^^\n  \
            = help: did you mean `team`?\n\n1 errors, 0 warnings\n";
        assert_eq!(printed(Format::Human), expected);
    }

    #[test]
    fn json_is_one_object_a_line_and_a_summary() {
        let text = printed(Format::Json);
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["file"], "template-x/README.md");
        assert_eq!(
            (&lines[0]["line"], &lines[0]["column"]),
            (&json!(2), &json!(10))
        );
        assert_eq!(lines[1]["summary"]["errors"], 1);
    }

    #[test]
    fn github_output_escapes_what_would_end_the_command() {
        let text = printed(Format::Github);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.starts_with("::error file=template-x/README.md,line=2,col=10,endColumn=14,"));
        assert!(text.contains("%0Ahelp: "));
    }

    #[test]
    fn a_table_keeps_its_columns() {
        let mut finding =
            Source::new("a", "x").finding("r", Severity::Error, 0..1, "a | b".into(), "h".into());
        finding.line = 3;
        let table = table(&[finding]);
        assert!(
            table.ends_with("| `r` | a:3:1 | a \\| b | h |\n"),
            "{table}"
        );
    }
}
