//! The faults, a file a subject. A new rule gets a row in the file about its subject; edits speak of `<ORG>`, `<REPO>`,
//! `<REF>`, `<REGISTRY>` and `<RUNNER>` where the pack holds those facts.

mod actions;
mod answers;
mod arguments;
mod artifacts;
mod callees;
mod callers;
mod commands;
mod compose;
mod conditions;
mod config;
mod contract;
mod derived;
mod digests;
mod dockerfiles;
mod environments;
mod expressions;
mod files;
mod folders;
mod gating;
mod granted;
mod grants;
mod habits;
mod handed;
mod hooks;
mod images;
mod jobs;
mod kubernetes;
mod liquid;
mod manifest;
mod modules;
mod names;
mod ownership;
mod patterns;
mod readiness;
mod references;
mod registry;
mod renders;
mod rollback;
mod scripts;
mod secrets;
mod security;
mod shape;
mod stages;
mod steps;
mod suppressions;
mod targets;
mod upgrades;
mod variables;
mod whole;

use super::edit::{Edit, append, each, swap, write};
use super::fault::{Fault, fault};

/// Workflows and actions of the pack.
const DEPLOY: &str = ".github/workflows/deploy.yml";
const CI: &str = ".github/workflows/service-ci.yml";
const ROLLBACK: &str = ".github/workflows/rollback.yml";
const VERIFY: &str = ".github/workflows/verify.yml";
const RELEASE: &str = ".github/workflows/release.yml";
const BUILD_IMAGE: &str = ".github/actions/build-image/action.yml";
const GUARD: &str = ".github/actions/guard/action.yml";
const IDP_DEPLOY: &str = ".github/actions/idp-deploy/action.yml";

/// What a template calls them with.
const CALL_CI: &str = "template-axum/.github/workflows/ci.yml";
const CALL_DEPLOY: &str = "template-axum/.github/workflows/deploy.yml";
const CALL_ROLLBACK: &str = "template-axum/.github/workflows/rollback.yml";

/// Files of the template that more than one subject is about.
const MANIFEST: &str = "template-axum/cargo-generate.toml";
const WIRING: &str = "template-axum/hooks/wiring.rhai";
const NAMING: &str = "template-axum/hooks/naming.rhai";
const ANSWERS: &str = "template-axum/hooks/answers.rhai";
const README: &str = "template-axum/README.md";
const DOCKERFILE: &str = "template-axum/Dockerfile";

/// The root manifest, which lists the templates.
const REGISTRY: &str = "cargo-generate.toml";

const TABLE: &[&[Fault]] = &[
    shape::FAULTS,
    expressions::FAULTS,
    references::FAULTS,
    jobs::FAULTS,
    contract::FAULTS,
    grants::FAULTS,
    callees::FAULTS,
    scripts::FAULTS,
    handed::FAULTS,
    habits::FAULTS,
    folders::FAULTS,
    commands::FAULTS,
    security::FAULTS,
    actions::FAULTS,
    stages::FAULTS,
    steps::FAULTS,
    gating::FAULTS,
    environments::FAULTS,
    rollback::FAULTS,
    images::FAULTS,
    callers::FAULTS,
    manifest::FAULTS,
    variables::FAULTS,
    conditions::FAULTS,
    config::FAULTS,
    patterns::FAULTS,
    hooks::FAULTS,
    answers::FAULTS,
    liquid::FAULTS,
    files::FAULTS,
    modules::FAULTS,
    targets::FAULTS,
    compose::FAULTS,
    kubernetes::FAULTS,
    whole::FAULTS,
    ownership::FAULTS,
    secrets::FAULTS,
    suppressions::FAULTS,
    names::FAULTS,
    registry::FAULTS,
    renders::FAULTS,
    dockerfiles::FAULTS,
    arguments::FAULTS,
    derived::FAULTS,
    granted::FAULTS,
    artifacts::FAULTS,
    readiness::FAULTS,
    digests::FAULTS,
    upgrades::FAULTS,
];

/// Every fault.
pub(super) fn all() -> impl Iterator<Item = &'static Fault> {
    TABLE.iter().copied().flatten()
}
