//! Programs, and a history, that a machine may lack. What needs them is skipped by name, or fails when `--require` names them.

use std::path::Path;

use super::stages;
use crate::contract::Postgres;
use crate::process::{Silence, said};

/// A program, or a service behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// A Docker engine that answers, and the Compose plugin.
    Docker,
    /// The released cargo-generate.
    CargoGenerate,
    /// cargo-deny.
    CargoDeny,
    /// hadolint.
    Hadolint,
    /// actionlint.
    Actionlint,
    /// zizmor.
    Zizmor,
    /// shellcheck.
    Shellcheck,
    /// act, which runs workflows locally.
    Act,
    /// A registry of this machine that takes images from anybody.
    Registry,
    /// skopeo, which pushes by digest and lists tags.
    Skopeo,
    /// OpenBao, whose server the contract suite and the services' own tests start.
    Bao,
    /// kubectl, for the kustomize in it. It needs no cluster.
    Kubectl,
    /// kubernetes-validate, which knows the schemas of Kubernetes' versions.
    KubernetesValidate,
    /// openapi-spec-validator, which knows what an OpenAPI document may say.
    OpenapiSpecValidator,
    /// schemathesis, which holds a service against its OpenAPI document.
    Schemathesis,
    /// Chromium, in which the contract suite opens the pages of a service.
    Chromium,
    /// A PostgreSQL to start: its programs, or Docker.
    Postgres,
    /// The pack's git history, as far back as the first recorded release.
    History,
}

/// A tool's name on the command line, and how to see that it works.
const TOOLS: &[(Tool, &str, &[&[&str]])] = &[
    (
        Tool::Docker,
        "docker",
        &[
            &["docker", "version", "--format", "{{.Server.Version}}"],
            &["docker", "compose", "version"],
        ],
    ),
    (
        Tool::CargoGenerate,
        "cargo-generate",
        &[&["cargo-generate", "generate", "--version"]],
    ),
    (
        Tool::CargoDeny,
        "cargo-deny",
        &[&["cargo-deny", "--version"]],
    ),
    (Tool::Hadolint, "hadolint", &[&["hadolint", "--version"]]),
    (
        Tool::Actionlint,
        "actionlint",
        &[&["actionlint", "-version"]],
    ),
    (Tool::Zizmor, "zizmor", &[&["zizmor", "--version"]]),
    (
        Tool::Shellcheck,
        "shellcheck",
        &[&["shellcheck", "--version"]],
    ),
    (Tool::Act, "act", &[&["act", "--version"]]),
    (Tool::Registry, "registry", &[]),
    (Tool::Skopeo, "skopeo", &[&["skopeo", "--version"]]),
    (Tool::Bao, "bao", &[&["bao", "version"]]),
    (
        Tool::Kubectl,
        "kubectl",
        &[&["kubectl", "version", "--client"]],
    ),
    (
        Tool::KubernetesValidate,
        "kubernetes-validate",
        &[&["kubernetes-validate", "--version"]],
    ),
    (
        Tool::OpenapiSpecValidator,
        "openapi-spec-validator",
        &[&["openapi-spec-validator", "--version"]],
    ),
    (
        Tool::Schemathesis,
        "schemathesis",
        &[&["schemathesis", "--version"]],
    ),
    (Tool::Chromium, "chromium", &[&["chromium", "--version"]]),
    (Tool::Postgres, "postgres", &[]),
    (Tool::History, "history", &[]),
];

impl Tool {
    /// The tool called `name` on the command line.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        let known = TOOLS.iter().find(|(_, known, _)| *known == name);
        known.map(|(tool, ..)| *tool).ok_or_else(|| {
            let names: Vec<&str> = TOOLS.iter().map(|(_, name, _)| *name).collect();
            anyhow::anyhow!(
                "`--require {name}` names no tool that a gate uses; the tools are {}",
                names.join(", ")
            )
        })
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        TOOLS
            .iter()
            .find(|(tool, ..)| *tool == self)
            .map_or("?", |(_, name, _)| name)
    }

    /// Why it can't be used on the pack at `root`, or nothing when it can.
    pub fn missing_for(self, root: &Path) -> Option<String> {
        match self {
            Self::History => stages::no_history(root),
            _ => self.missing(),
        }
    }

    /// Why it can't be used here, or nothing when it can. Of a history see [`Self::missing_for`].
    pub fn missing(self) -> Option<String> {
        if self == Self::Postgres {
            return Postgres::missing();
        }
        if self == Self::Registry {
            return stages::no_registry();
        }
        let (_, _, commands) = TOOLS.iter().find(|(tool, ..)| *tool == self)?;
        commands.iter().find_map(|command| unusable(command))
    }
}

fn unusable(command: &[&str]) -> Option<String> {
    let program = command.first()?;
    match said(command) {
        Ok(_) => None,
        Err(Silence::Missing) => Some(format!("`{program}` is not on PATH")),
        Err(Silence::Failed(_)) => Some(format!("`{}` fails here", command.join(" "))),
    }
}
