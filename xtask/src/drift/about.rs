//! What each finding is about, for `explain`.

use super::{ANSWER, BEHIND, CONFLICT, PLATFORM_FILE, QUESTION, REFERENCE, TEMPLATE, UNKNOWN};
use crate::report::Severity;
use crate::rules::About;

/// Every finding that there is.
pub const FINDINGS: &[About] = &[
    About {
        id: BEHIND,
        summary: "releases that came after the version that a service records",
        why: "What was mended since does not reach the service, and the longer it waits, the more there is to decide at once.",
        example: "version = \"0.1.0\" # in .idp/answers.toml, and the newest release is 0.2.0",
        remedy: "Run `cargo xtask upgrade DIR`.",
        severity: Severity::Error,
    },
    About {
        id: PLATFORM_FILE,
        summary: "a platform file that was edited by hand, is gone, or has another mode",
        why: "The next upgrade finds a conflict there, and until then the service goes without what the platform takes for granted.",
        example: "- uses: actions/checkout@v4 # a step of one's own in .github/workflows/ci.yml",
        remedy: "Take the edit back, or bring what it is for into the template.",
        severity: Severity::Error,
    },
    About {
        id: REFERENCE,
        summary: "a workflow that names the pack at an older ref, or under another organisation or name",
        why: "The service goes on with a pipeline that is not kept any more, and fails on the day that it is removed.",
        example: "uses: former-org/golden-path/.github/workflows/deploy.yml@v0.1.0",
        remedy: "Run `cargo xtask upgrade DIR`, which writes it; in a workflow of the service's own, write it by hand.",
        severity: Severity::Error,
    },
    About {
        id: ANSWER,
        summary: "a recorded answer to a question that is not asked any more, or that is no choice there",
        why: "The service has something that the newer version can't render again.",
        example: "metrics = \"statsd\" # in .idp/answers.toml, where the choices are none, prometheus and otlp",
        remedy: "Run `cargo xtask upgrade DIR -d KEY=VALUE` with a choice that there is.",
        severity: Severity::Error,
    },
    About {
        id: QUESTION,
        summary: "a question that the service was never asked",
        why: "An upgrade takes the default, which may not be what the service needs. Alone it is no drift.",
        example: "[placeholders.deploy] # new, and not in .idp/answers.toml",
        remedy: "Answer it with `cargo xtask upgrade DIR -d KEY=VALUE`, or leave it: the default is taken.",
        severity: Severity::Warning,
    },
    About {
        id: CONFLICT,
        summary: "a conflict that an upgrade marked and nobody has decided",
        why: "A file with conflict markers is neither the old version nor the new one, and mostly does not build.",
        example: "<<<<<<< yours",
        remedy: "Decide for one side or both, and take the markers out.",
        severity: Severity::Error,
    },
    About {
        id: UNKNOWN,
        summary: "a version that the pack does not know",
        why: "Without what the service was made from, nobody can tell its own changes from the template's.",
        example: "version = \"9.9.9\" # in .idp/answers.toml; releases.toml and the history have none such",
        remedy: "Run `cargo xtask upgrade DIR --from REF` with the commit that it was made from, in a clone with all of the history.",
        severity: Severity::Error,
    },
    About {
        id: TEMPLATE,
        summary: "a template that the wanted version has not",
        why: "There is nothing to compare with, and nothing to upgrade to.",
        example: "template = \"template-gone\" # in .idp/answers.toml",
        remedy: "Ask who keeps the pack what took its place.",
        severity: Severity::Error,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_explained_and_stands_in_the_guide() {
        let code = include_str!("mod.rs");
        let ids: Vec<&str> = code
            .split('"')
            .filter(|text| text.starts_with("drift-"))
            .collect();
        assert!(ids.len() > 4, "{ids:?}");
        let guide = include_str!("../../../docs/drift.md");
        for id in ids {
            assert!(
                FINDINGS.iter().any(|about| about.id == id),
                "add `{id}` to drift/about.rs"
            );
            assert!(
                guide.contains(&format!("| `{id}` |")),
                "{id} in docs/drift.md"
            );
        }
    }
}
