//! The template rules: what `validate` holds every template against.
//!
//! One file a rule, one row in [`RULES`], one folder in `fixtures/` that shows it firing. The model parses, a rule
//! judges: it reads no files, starts no processes and prints nothing.

mod bad_default;
mod bad_suppression;
mod broken_codeowners;
mod broken_compose;
mod broken_condition;
mod broken_config;
mod broken_dependabot;
mod broken_dockerfile;
mod broken_hook;
mod broken_kustomize;
mod broken_liquid;
mod broken_migrations;
mod broken_ownership;
mod broken_render;
mod broken_upgrade;
mod dangling_module;
mod dangling_path;
mod dead_branch;
mod dead_pattern;
mod disagreeing_option;
mod eaten_expression;
mod failing_hook;
mod fmt_left_on;
mod ignored_by_git;
mod indistinct_choice;
mod liquid_in_manifest;
mod misdirected_option;
mod missing_answers;
mod missing_lock;
mod missing_target;
pub(crate) mod model;
mod not_utf8;
mod old_toolchain;
mod secret_in_config;
mod shipped_upgrade;
mod stale_lock;
mod symlink;
mod system_command;
mod templated_exec;
#[cfg(test)]
mod tests;
mod undefined_variable;
mod unknown_argument;
mod unknown_manifest_key;
mod unlisted_hook;
mod unread_placeholder;
mod unrefused_name;
mod unregistered_template;
mod unrendered_liquid;
mod unshipped_file;
mod unstamped_organisation;
mod version_floor;

use anyhow::Result;

use super::suppression::{self, Asking};
use crate::pack::Pack;
use crate::report::Report;
pub use model::Model;
pub use model::vocabulary::built_in;

/// Something that no template may have.
pub type Rule = super::Rule<Model>;

/// Every rule, by id.
pub const RULES: &[Rule] = &[
    bad_default::RULE,
    bad_suppression::RULE,
    broken_codeowners::RULE,
    broken_compose::RULE,
    broken_condition::RULE,
    broken_config::RULE,
    broken_dependabot::RULE,
    broken_dockerfile::RULE,
    broken_hook::RULE,
    broken_kustomize::RULE,
    broken_liquid::RULE,
    broken_migrations::RULE,
    broken_ownership::RULE,
    broken_render::RULE,
    broken_upgrade::RULE,
    dangling_module::RULE,
    dangling_path::RULE,
    dead_branch::RULE,
    dead_pattern::RULE,
    disagreeing_option::RULE,
    eaten_expression::RULE,
    failing_hook::RULE,
    fmt_left_on::RULE,
    ignored_by_git::RULE,
    indistinct_choice::RULE,
    liquid_in_manifest::RULE,
    misdirected_option::RULE,
    missing_answers::RULE,
    missing_lock::RULE,
    missing_target::RULE,
    not_utf8::RULE,
    old_toolchain::RULE,
    secret_in_config::RULE,
    shipped_upgrade::RULE,
    stale_lock::RULE,
    symlink::RULE,
    system_command::RULE,
    templated_exec::RULE,
    undefined_variable::RULE,
    unknown_argument::RULE,
    unknown_manifest_key::RULE,
    unlisted_hook::RULE,
    unread_placeholder::RULE,
    unrefused_name::RULE,
    unregistered_template::RULE,
    unrendered_liquid::RULE,
    unshipped_file::RULE,
    unstamped_organisation::RULE,
    version_floor::RULE,
];

/// Holds all templates of the pack against all rules.
pub fn check(pack: &Pack) -> Result<Report> {
    Ok(judge(&Model::read(pack)?))
}

/// Holds a template that lies in memory against all rules.
pub fn check_in_memory(manifest: &str, files: &[(&str, &[u8])]) -> Result<Report> {
    let model = Model::of(manifest, files, model::liquid::Syntax::new()?)?;
    Ok(judge(&model))
}

fn judge(model: &Model) -> Report {
    let report = super::all(RULES, model);
    let asking = bad_suppression::asking(model);
    let asking: Vec<Asking<'_>> = asking
        .iter()
        .map(|(source, all)| (*source, all.as_slice()))
        .collect();
    let verdict = suppression::apply(report, &asking, bad_suppression::NAMES);
    let mut report = Report::default();
    for finding in verdict.findings.into_iter().chain(verdict.unused) {
        report.push(finding);
    }
    report
}
