//! Formatting by cargo-generate.

use super::Rule;
use super::model::Model;
use crate::pack::manifest::Formats;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "fmt-left-on",
    summary: "a template whose manifest does not say `fmt = false`",
    why: "From 0.26 on cargo-generate formats what it has rendered, where it finds a rustfmt. The same answers then give \
          other bytes on another machine, and `upgrade` and `drift` see edits that nobody made.",
    example: "[template]\ncargo_generate_version = \">=0.23.14\"",
    remedy: "Write `fmt = false` under `[template]`, and keep the files formatted as they stand.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let manifest = &template.manifest;
        let (span, message) = match &manifest.formats {
            Formats::Off => continue,
            Formats::On(span) => (span.clone(), "cargo-generate formats what it renders"),
            Formats::Left => {
                let table = "[template]";
                let at = manifest.source.text.find(table);
                let span = at.map_or(0..0, |at| at..at + table.len());
                (
                    span,
                    "cargo-generate formats what it renders, unless told not to",
                )
            }
        };
        let help = "write `fmt = false` under `[template]`";
        report.error(RULE.id, &manifest.source, span, message, help);
    }
}
