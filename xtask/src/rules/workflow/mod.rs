//! The workflow rules: what `lint` holds workflows and actions against, those of the pack and those that it renders.
//!
//! One file a rule, one row in [`RULES`], one folder in `fixtures/` that shows it firing. The model parses, a rule
//! judges: it reads no files, starts no processes and prints nothing.

mod d10_stage_step;
mod d11_rollback_step;
mod d12_hidden_check;
mod d13_unknown_choice;
mod d14_no_digest;
mod d15_missing_driver;
mod d16_moving_checkout;
mod d1_stage_order;
mod d2_ungated_deploy;
mod d3_environment;
mod d4_stage_condition;
mod d5_rollback_condition;
mod d6_deploy_concurrency;
mod d7_build_in_stage;
mod d8_mutable_tag;
mod d9_image_tag;
mod h1_time_out;
mod h2_runner;
mod judge;
mod l1_suppression;
pub(crate) mod model;
mod p10_moving_image;
mod p1_permissions;
mod p2_secrets_inherit;
mod p3_unpinned_action;
mod p4_two_pins;
mod p5_kept_credentials;
mod p6_injection;
mod p7_privileged_trigger;
mod p8_literal_secret;
mod p9_missing_grant;
mod pin;
mod r10_local_action;
mod r11_missing_script;
mod r12_unwritten_output;
mod r13_missing_folder;
mod r14_unknown_command;
mod r15_matrix_output;
mod r16_missing_artifact;
mod r17_action_contract;
mod r18_call_circle;
mod r19_no_checkout;
mod r1_inputs;
mod r2_input_type;
mod r3_secrets;
mod r4_permissions;
mod r5_output;
mod r6_calling_job;
mod r7_callee;
mod r8_shared_concurrency;
mod r9_caller_commit;
mod s1_workflow_shape;
mod s2_unparsable;
mod s3_expression;
mod s4_dangling_reference;
mod s5_needs;
mod s6_unset_variable;
mod s7_reserved_variable;
mod t1_template_tag;
mod t2_eaten_expression;
mod t3_thin_caller;
#[cfg(test)]
mod tests;
mod words;

use crate::report::Severity;

pub use super::suppression::Verdict;
pub use judge::check;
pub use model::yaml;
pub use model::{File, FileKind, Job, Model, Paths, Rendering, Step};

/// Of one rule, as many findings in one file are shown: a file that is none has thousands.
const ENOUGH: usize = 50;

/// Something that no workflow may have.
pub type Rule = super::Rule<Model>;

/// Every rule, in the order of its code.
pub const RULES: &[Rule] = &[
    s1_workflow_shape::RULE,
    s2_unparsable::RULE,
    s3_expression::RULE,
    s4_dangling_reference::RULE,
    s5_needs::RULE,
    s6_unset_variable::RULE,
    s7_reserved_variable::RULE,
    r1_inputs::RULE,
    r2_input_type::RULE,
    r3_secrets::RULE,
    r4_permissions::RULE,
    r5_output::RULE,
    r6_calling_job::RULE,
    r7_callee::RULE,
    r8_shared_concurrency::RULE,
    r9_caller_commit::RULE,
    r10_local_action::RULE,
    r11_missing_script::RULE,
    r12_unwritten_output::RULE,
    r13_missing_folder::RULE,
    r14_unknown_command::RULE,
    r15_matrix_output::RULE,
    r16_missing_artifact::RULE,
    r17_action_contract::RULE,
    r18_call_circle::RULE,
    r19_no_checkout::RULE,
    p1_permissions::RULE,
    p2_secrets_inherit::RULE,
    p3_unpinned_action::RULE,
    p4_two_pins::RULE,
    p5_kept_credentials::RULE,
    p6_injection::RULE,
    p7_privileged_trigger::RULE,
    p8_literal_secret::RULE,
    p9_missing_grant::RULE,
    p10_moving_image::RULE,
    h1_time_out::RULE,
    h2_runner::RULE,
    d1_stage_order::RULE,
    d2_ungated_deploy::RULE,
    d3_environment::RULE,
    d4_stage_condition::RULE,
    d5_rollback_condition::RULE,
    d6_deploy_concurrency::RULE,
    d7_build_in_stage::RULE,
    d8_mutable_tag::RULE,
    d9_image_tag::RULE,
    d10_stage_step::RULE,
    d11_rollback_step::RULE,
    d12_hidden_check::RULE,
    d13_unknown_choice::RULE,
    d14_no_digest::RULE,
    d15_missing_driver::RULE,
    d16_moving_checkout::RULE,
    t1_template_tag::RULE,
    t2_eaten_expression::RULE,
    t3_thin_caller::RULE,
    l1_suppression::RULE,
];

/// The rule of this id, or of this code alone.
pub fn named(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.id == name || rule.id.split('-').next() == Some(name))
}

/// How much findings of a rule weigh: those of the H rules, which are about good housekeeping, fail nothing.
pub(super) fn severity(rule: &Rule) -> Severity {
    if rule.id.starts_with('H') {
        Severity::Warning
    } else {
        Severity::Error
    }
}
