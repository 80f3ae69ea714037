//! `Cargo.toml` with Liquid in it.

use super::Rule;
use super::model::{Body, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "liquid-in-manifest",
    summary: "a `Cargo.toml` that carries Liquid under its own name",
    why: "cargo and editors read every `Cargo.toml` that they come across, and stumble over one that is not yet TOML: \
          working on the pack itself breaks.",
    example: "[package]\nname = \"{{project-name}}\"",
    remedy: "Call it `Cargo.toml.liquid`; cargo-generate takes the ending off.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in &template.files {
            let is_manifest = file.path.rsplit('/').next() == Some("Cargo.toml");
            let Body::Text(source, document) = &file.body else {
                continue;
            };
            if let Some(first) = document.first.clone().filter(|_| is_manifest) {
                let message = "`Cargo.toml` carries Liquid under its own name";
                let help = format!("git mv '{0}' '{0}.liquid'", file.place);
                report.error(RULE.id, source, first, message, help);
            }
        }
    }
}
