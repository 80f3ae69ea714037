//! The rules in prose: one for `explain`, all of them for `docs/rules.md`.

use super::About;
use super::about::{OTHERS, templates, workflows};

impl About {
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
        "<!-- Generated from the tables in xtask/src/rules/ by `cargo xtask sync`. -->\n\
         # Rules\n\n\
         Each finding has file, line, column and remedy. `cargo xtask explain RULE` prints one of these; of a workflow\n\
         rule its code will do, as in `explain D6`.\n\n\
         ## Template rules\n\n\
         `cargo xtask validate` holds every template against these; all are errors. A line may let a finding pass, and has\n\
         to say why: [`lint: allow(RULE) reason`](linting.md#letting-something-pass).\n\n",
    );
    family(&templates(), &mut text);
    text += "\n## Workflow rules\n\n\
         `cargo xtask lint` holds the pack's workflows and actions against these, together with the workflows that every\n\
         template renders with every combination of its options; `--root DIR` any other repository's. All are errors,\n\
         but H rules, which warn. D rules judge a workflow in which at least two of dev, staging and prod occur as a\n\
         job or an environment. A line may let a finding pass, and has to say why: `# lint: allow(P5) it pushes a tag`.\n\n";
    family(&workflows(), &mut text);
    text += "\n## The files of the pack themselves\n\n\
         `cargo xtask validate` says these too; both are errors.\n\n";
    family(OTHERS, &mut text);
    text
}

fn family(rules: &[About], text: &mut String) {
    *text += "| rule | catches |\n|---|---|\n";
    text.extend(rules.iter().map(row));
    text.extend(rules.iter().map(section));
}

fn row(rule: &About) -> String {
    let summary = rule.summary.replace('|', "\\|");
    format!(
        "| [`{}`](#{}) | {summary} |\n",
        rule.id,
        rule.id.to_ascii_lowercase()
    )
}

fn section(rule: &About) -> String {
    format!(
        "\n### {}\n\nCatches: {}.\n\n{}\n\n```text\n{}\n```\n\nRemedy: {}\n",
        rule.id, rule.summary, rule.why, rule.example, rule.remedy
    )
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
