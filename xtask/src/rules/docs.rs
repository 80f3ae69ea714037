//! The rules in prose: one for `explain`, all of them for `docs/rules.md`.

use super::Rule;
use super::template::RULES;

impl<M> Rule<M> {
    /// The rule as `explain` prints it.
    pub fn explanation(&self) -> String {
        format!(
            "{}: {}\n\nWhy\n{}\n\nExample\n{}\n\nRemedy\n{}\n",
            self.id,
            self.summary,
            indented(self.why),
            indented(self.example),
            indented(self.remedy),
        )
    }
}

/// `docs/rules.md`, which `cargo xtask sync` writes.
pub fn docs() -> String {
    let mut text = String::from(
        "<!-- Generated from the table in xtask/src/rules/template/mod.rs by `cargo xtask sync`. -->\n\
         # Template rules\n\n\
         `cargo xtask validate` holds every template against these rules; each finding is an error with file, line,\n\
         column and remedy. `cargo xtask explain RULE` prints one of them.\n\n\
         | rule | catches |\n|---|---|\n",
    );
    text.extend(RULES.iter().map(row));
    text.extend(RULES.iter().map(section));
    text
}

fn row<M>(rule: &Rule<M>) -> String {
    let summary = rule.summary.replace('|', "\\|");
    format!("| [`{0}`](#{0}) | {summary} |\n", rule.id)
}

fn section<M>(rule: &Rule<M>) -> String {
    format!(
        "\n## {}\n\nCatches: {}.\n\n{}\n\n```text\n{}\n```\n\nRemedy: {}\n",
        rule.id, rule.summary, rule.why, rule.example, rule.remedy
    )
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
