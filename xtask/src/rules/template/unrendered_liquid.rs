//! Liquid in files that are copied.

use super::Rule;
use super::model::{Body, ENOUGH, Fate, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unrendered-liquid",
    summary: "a variable in double braces in a file that `exclude` keeps from being rendered",
    why: "The file is copied as it is, and the service has `{{project-name}}` where its name should stand.",
    example: "exclude = [\"docs\"], and docs/name.md with {{project-name}} in it",
    remedy: "Narrow the `exclude`, or write what does not depend on the answers.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let known = template.variables_in_files();
        for file in template
            .files
            .iter()
            .filter(|file| file.fate == Fate::Copied)
        {
            let Body::Text(source, _) = &file.body else {
                continue;
            };
            let text = &source.text;
            let names = text.match_indices("{{").filter_map(|(open, _)| {
                let inner = &text[open + 2..];
                let name = inner.get(..inner.find("}}").filter(|end| *end < 80)?)?;
                let name = name.trim_matches('-').split('|').next()?.trim();
                // In Rust `{{org}}` is a brace and a word, unless it is the whole of a text.
                let is_rust = file.target.strip_suffix(".rs").is_some();
                let is_whole = text[..open].ends_with('"') && inner.contains("}}\"");
                let means = !is_rust || name.contains('-') || is_whole;
                (known.contains(name) && means).then(|| open..open + 4 + name.len())
            });
            for span in names.take(ENOUGH) {
                let message = format!(
                    "`{}` is copied as it stands: nothing renders this file",
                    &text[span.clone()]
                );
                let help = format!(
                    "take `{}` out of `exclude` in cargo-generate.toml",
                    file.target
                );
                report.error(RULE.id, source, span, message, help);
            }
        }
    }
}
