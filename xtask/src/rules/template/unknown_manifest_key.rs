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
            let source = &manifest.source;
            report.error(RULE.id, source, defect.span.clone(), message, help);
        }
    }
    registry(model, report);
    for (file, reason) in &model.registry.unreadable {
        report.error_in_file(
            RULE.id,
            file,
            reason,
            "write the manifest anew, as TOML in UTF-8",
        );
    }
}

/// What the root manifest says in vain: cargo-generate takes the manifest of the template that is picked instead.
fn registry(model: &Model, report: &mut Report) {
    let manifest = &model.registry.manifest;
    let placeholders = manifest
        .placeholders
        .iter()
        .map(|placeholder| &placeholder.span);
    let hooks = manifest.hooks.iter().map(|hook| &hook.span);
    let blocks = manifest
        .conditionals
        .iter()
        .map(|block| &block.condition.span);
    if model.registry.listed.is_empty() {
        return;
    }
    for span in placeholders.chain(hooks).chain(blocks) {
        let message = "the root manifest has no effect but `sub_templates`";
        let help = "write it into the manifest of each template";
        report.error(RULE.id, &manifest.source, span.clone(), message, help);
    }
    for template in &model.templates {
        if let Some(span) = template.manifest.sub_templates.clone() {
            let message = "a template that offers templates of its own is no template itself";
            let help = "remove `sub_templates`; only the root manifest lists templates";
            report.error(RULE.id, &template.manifest.source, span, message, help);
        }
    }
}
