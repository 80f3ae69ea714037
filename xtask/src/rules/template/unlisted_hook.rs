//! Scripts that nothing runs.

use super::Rule;
use super::model::{Fate, Model, is_script, upgrades};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unlisted-hook",
    summary: "a `.rhai` script that the manifest does not list, and that no hook imports and no file renders",
    why: "cargo-generate runs the hooks of the list alone. A script that is not listed does nothing, and ships with the \
          service unless something takes it away.",
    example: "template-demo/hooks/wiring.rhai, with `pre = [\"hooks/naming.rhai\"]`",
    remedy: "Add the script to `pre` or `post` under `[hooks]`, or remove it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        // One that is missing from the list may be there under a misspelt name.
        if template.scripts.iter().any(|script| script.code.is_none()) {
            continue;
        }
        let imported = |path: &str| {
            let stem = path.strip_suffix(".rhai").unwrap_or(path);
            let mut texts = template.code().flat_map(|(_, _, code)| &code.imports);
            texts.any(|(import, _)| import.as_ref().is_none_or(|import| import.text == stem))
        };
        let rendered = |path: &str| {
            let mut filters = template.files.iter().filter_map(|file| match &file.body {
                super::model::Body::Text(source, document) if !document.filters.is_empty() => {
                    Some(source.text.contains(path))
                }
                _ => None,
            });
            filters.any(|reads| reads)
        };
        for file in &template.files {
            let path = file.path.as_str();
            let is_listed = template.scripts.iter().any(|script| script.path == path);
            if is_script(path)
                && file.fate != Fate::Dropped
                // Upgrade scripts have rules of their own.
                && !path.starts_with(upgrades::FOLDER)
                && !is_listed
                && !imported(path)
                && !rendered(path)
            {
                let message = format!("nothing runs `{path}`");
                let help =
                    format!("add \"{path}\" to `pre` or `post` under `[hooks]`, or remove it");
                report.error_in_file(RULE.id, &file.place, message, help);
            }
        }
    }
}
