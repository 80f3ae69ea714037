//! Keys, types and syntax of the manifests.

use super::Rule;
use super::model::{ENOUGH, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unknown-manifest-key",
    summary: "a key, table or type in a `cargo-generate.toml` that cargo-generate does not read, or a manifest that does not parse",
    why: "cargo-generate ignores a key that it does not know, without a word. A misspelt `ignore` ships the files that \
          it should have left out, and a misspelt `[hooks]` runs nothing.",
    example: "[template]\nignroe = [\"docs/internal\"]",
    remedy: "Spell the key as cargo-generate does, or remove it. Comments are the place for notes.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let manifests = model.templates.iter().map(|template| &template.manifest);
    for manifest in manifests.chain([&model.registry.manifest]) {
        for defect in manifest.defects.iter().take(ENOUGH) {
            let (message, help) = (defect.message.clone(), defect.help.clone());
            report.error(
                RULE.id,
                &manifest.source,
                defect.span.clone(),
                message,
                help,
            );
        }
    }
    for (file, reason) in &model.registry.unreadable {
        report.error_in_file(
            RULE.id,
            file,
            reason,
            "write the manifest anew, as TOML in UTF-8",
        );
    }
}
