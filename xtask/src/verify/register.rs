//! The contract's numbers over the whole run: which check or gate holds which.
//!
//! Checks of a running service carry their number themselves. What is about files and images are gates; they get theirs
//! here, one row each.

use super::gate::Scope;
use super::stages::STAGES;
use crate::contract::{self, Check, NUMBERS, position};

/// A gate that holds a number of the contract.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The number.
    pub number: &'static str,
    /// The stage and the name of the gate.
    pub gate: (&'static str, &'static str),
    /// What is promised, in one line.
    pub promise: &'static str,
}

const fn held(
    number: &'static str,
    stage: &'static str,
    gate: &'static str,
    promise: &'static str,
) -> Held {
    Held {
        number,
        gate: (stage, gate),
        promise,
    }
}

/// Every gate that holds a number, by number.
pub const HELD: &[Held] = &[
    held("S19", "image", "hadolint", "hadolint has nothing to say"),
    held(
        "S19",
        "image",
        "bases",
        "every base is a build argument with a default, or an earlier stage",
    ),
    held(
        "S19",
        "image",
        "build",
        "the image builds from the rendered files alone",
    ),
    held(
        "S19",
        "image",
        "layers",
        "a change of the sources compiles the service alone: dependencies have a layer of their own",
    ),
    held(
        "S19",
        "image",
        "size",
        "the image adds at most 25 MB to its base",
    ),
    held(
        "S19",
        "image",
        "labels",
        "numeric user that is not root, HEALTHCHECK, OCI labels of revision, version and source",
    ),
    held("S19", "image", "shell-less", "the image holds no shell"),
    held(
        "S20",
        "image",
        "compose-config",
        "the profiles are those that `deploy` asks for, and each passes `docker compose config -q`",
    ),
    held(
        "S20",
        "image",
        "compose-model",
        "dev builds, reloads on a change of src/, reads `.env`; staging and prod, where compose runs them, run `${IMAGE}`, never build, differ by configuration",
    ),
    held(
        "S20",
        "render",
        "manifests",
        "every overlay builds; probes, drain, confinement, mounted secrets, network, scaling and labels fit the service's own configuration",
    ),
    held(
        "S20",
        "render",
        "manifest-schemas",
        "every manifest is valid for the oldest and the newest Kubernetes, by kubernetes-validate's strict schemas",
    ),
    held("S22", "build", "format", "`cargo fmt --check` is clean"),
    held(
        "S22",
        "build",
        "clippy",
        "`cargo clippy --all-targets --locked -- -D warnings` is clean",
    ),
    held("S22", "build", "test", "`cargo test --locked` passes"),
    held(
        "S22",
        "build",
        "deny",
        "`cargo deny check bans licenses sources` is clean",
    ),
    held(
        "S23",
        "build",
        "without-example",
        "the README's own commands delete the example; what is left passes tests and clippy",
    ),
    held(
        "S24",
        "render",
        "papers",
        "an updater's file; a README with every section, whose tour leads through all of src/ and nowhere else",
    ),
];

impl Held {
    /// The answer that a case has to give for the gate to be asked, where there is one.
    pub fn only(&self) -> Option<(&'static str, &'static str)> {
        let (stage, name) = self.gate;
        let stage = STAGES.iter().find(|known| known.name == stage)?;
        let gate = stage.gates.iter().find(|known| known.name == name)?;
        match gate.scope {
            Scope::Only(option, value) => Some((option, value)),
            _ => None,
        }
    }
}

/// The number that a gate of `stage` called `name` holds. A check inside a gate leads with its own.
pub(super) fn number(stage: &str, name: &str) -> Option<&'static str> {
    let first = name.split(' ').next().unwrap_or_default();
    match position(first) {
        Some(position) => NUMBERS.get(position).map(|(number, _)| *number),
        None => HELD
            .iter()
            .find(|held| held.gate == (stage, name))
            .map(|held| held.number),
    }
}

/// The check of which a result called `S7 makes-a-request-id [prod]` speaks.
pub(super) fn check(name: &str) -> Option<&'static Check> {
    let name = name.split(' ').nth(1)?;
    contract::all().find(|check| check.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_is_held_by_a_check_or_a_gate() {
        let checks = contract::all().map(|check| check.id);
        let holders: BTreeSet<&str> = checks.chain(HELD.iter().map(|held| held.number)).collect();
        let known: BTreeSet<&str> = NUMBERS.iter().map(|(number, _)| *number).collect();
        let idle: Vec<_> = known.difference(&holders).collect();
        assert!(
            idle.is_empty(),
            "nothing looks at {idle:?}: add a check under contract/checks/, or a row to HELD"
        );
        let unknown: Vec<_> = holders.difference(&known).collect();
        assert!(
            unknown.is_empty(),
            "add {unknown:?} to NUMBERS in contract/numbers.rs"
        );
    }

    #[test]
    fn every_row_names_a_gate() {
        for held in HELD {
            let (stage, gate) = held.gate;
            let found = STAGES
                .iter()
                .filter(|known| known.name == stage)
                .any(|stage| stage.gates.iter().any(|known| known.name == gate));
            assert!(found, "HELD names `{stage}/{gate}`, which is no gate");
        }
    }
}
