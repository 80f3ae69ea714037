//! Upgrade scripts that cargo-generate would put into services, or run when it makes one.

use super::Rule;
use super::model::{Fate, Model, Template, upgrades};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "shipped-upgrade",
    summary: "upgrade scripts that services would get, or that the manifest lists as hooks",
    why: "`cargo xtask upgrade` takes the scripts from the template. In a service they are dead files that are upgraded as \
          well; as hooks they run over a template that is being rendered, which they were not written for.",
    example: "template-demo/upgrades/0.3.0.rhai, with no `ignore = [\"upgrades\"]`",
    remedy: "Write `ignore = [\"upgrades\"]` under `[template]`, and list no upgrade script under `[hooks]`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let manifest = &template.manifest;
        for hook in &manifest.hooks {
            if hook.value.starts_with(upgrades::FOLDER) {
                let message = format!(
                    "`{}` is an upgrade script, and would run whenever a service is made",
                    hook.value
                );
                let help = format!(
                    "take it off the list; hooks lie outside of `{}`",
                    upgrades::FOLDER
                );
                let source = &manifest.source;
                report.error(RULE.id, source, hook.span.clone(), message, help);
            }
        }
        if let Some(path) = shipped(template) {
            let message = format!("services would get `{path}`");
            let help =
                "write `ignore = [\"upgrades\"]` under `[template]`, outside of all conditions";
            report.error_in_file(RULE.id, &manifest.source.file, message, help);
        }
    }
}

/// The first file beside the scripts that is not left out always.
fn shipped(template: &Template) -> Option<&str> {
    let mut files = template.files.iter();
    let file =
        files.find(|file| file.path.starts_with(upgrades::FOLDER) && file.fate != Fate::Dropped)?;
    Some(&file.path)
}
