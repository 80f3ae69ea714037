//! The registry of templates and the folders of the pack.

use super::Rule;
use super::model::Model;
use super::model::text::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unregistered-template",
    summary: "a `template-…` folder that the root manifest does not list, or an entry of the list that is no template",
    why: "Nobody is offered a template that is not listed, and nothing validates it; an entry without a folder breaks \
          every `cargo generate` of this repository.",
    example: "[template]\nsub_templates = [\"template-axum\", \"template-gone\"]",
    remedy: "List the folder under `sub_templates` in the root cargo-generate.toml, or remove it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let registry = &model.registry;
    let source = &registry.manifest.source;
    for (index, entry) in registry.listed.iter().enumerate() {
        let name = &entry.value;
        if registry
            .listed
            .iter()
            .take(index)
            .any(|other| other.value == *name)
        {
            let message = format!("template `{name}` is listed twice");
            report.error(RULE.id, source, entry.span.clone(), message, "list it once");
        } else if !registry.has_folder(name) {
            let unlisted = registry.folders.iter().map(String::as_str);
            let otherwise = format!("add `{name}/cargo-generate.toml`, or remove the entry");
            let help = did_you_mean(name, unlisted, &otherwise);
            let message =
                format!("`{name}` is no folder of this pack that has a cargo-generate.toml");
            report.error(RULE.id, source, entry.span.clone(), message, help);
        }
    }
    for folder in &registry.bare {
        let message =
            format!("`{folder}` is called like a template and has no cargo-generate.toml");
        let help = format!(
            "add `{folder}/cargo-generate.toml` and list \"{folder}\" under `sub_templates`, or rename the folder"
        );
        report.error_in_file(
            RULE.id,
            format!("{folder}/cargo-generate.toml"),
            message,
            help,
        );
    }
    for folder in &registry.folders {
        if !registry.listed.iter().any(|entry| entry.value == *folder) {
            let message = format!("template `{folder}` is not registered");
            let help = format!(
                "add \"{folder}\" to `sub_templates` in cargo-generate.toml, or rename the folder"
            );
            report.error_in_file(
                RULE.id,
                format!("{folder}/cargo-generate.toml"),
                message,
                help,
            );
        }
    }
}
