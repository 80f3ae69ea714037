//! What dependabot is asked to keep up to date.

use std::collections::BTreeSet;

use super::Rule;
use super::model::Model;
use super::model::text::did_you_mean;
use crate::report::Report;
use crate::rules::workflow::yaml::Node;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-dependabot",
    summary: "a `package-ecosystem` that dependabot does not have, or a `directory` that no service has",
    why: "GitHub refuses the whole file: dependencies grow old, and nobody hears of it.",
    example: "updates:\n  - package-ecosystem: crates # it is called cargo",
    remedy: "Name one of dependabot's ecosystems, and a folder that is there.",
    check,
};

/// Where GitHub looks for it.
const PLACES: [&str; 2] = [".github/dependabot.yml", ".github/dependabot.yaml"];
/// The ecosystems that dependabot has.
const ECOSYSTEMS: [&str; 33] = [
    "bazel",
    "bun",
    "bundler",
    "cargo",
    "composer",
    "conda",
    "devcontainers",
    "docker",
    "docker-compose",
    "dotnet-sdk",
    "elm",
    "github-actions",
    "gitsubmodule",
    "gomod",
    "gradle",
    "helm",
    "hex",
    "julia",
    "maven",
    "mix",
    "npm",
    "nuget",
    "opentofu",
    "pip",
    "pre-commit",
    "pub",
    "rust-toolchain",
    "sbt",
    "swift",
    "terraform",
    "uv",
    "vcpkg",
    "yarn",
];

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let documents = PLACES
                .iter()
                .filter_map(|place| model.document(template, run, place));
            for document in documents {
                let updates = document.root.get("updates").map_or(&[][..], Node::items);
                for update in updates {
                    let file = &document.file;
                    if let Some(node) = update.get("package-ecosystem")
                        && let Some(word) = node.text()
                        && !ECOSYSTEMS.contains(&word)
                        && told.insert(word.to_owned())
                    {
                        let message = format!("dependabot has no ecosystem `{word}`");
                        let help = did_you_mean(
                            word,
                            ECOSYSTEMS,
                            "for Rust write `cargo`, for workflows `github-actions`",
                        );
                        report.error(RULE.id, file.source, file.place(&node.span), message, help);
                    }
                    if let Some(node) = update.get("directory")
                        && let Some(word) = node.text()
                        && !word.contains('*')
                    {
                        let folder = format!("{}/", word.trim_matches('/'));
                        let is_there =
                            folder == "/" || run.files.keys().any(|path| path.starts_with(&folder));
                        if !is_there && told.insert(word.to_owned()) {
                            let message =
                                format!("there is no folder `{word}`, with `{}`", run.case);
                            let help = "write `/`, or put the entry under the option that brings the folder";
                            report.error(
                                RULE.id,
                                file.source,
                                file.place(&node.span),
                                message,
                                help,
                            );
                        }
                    }
                }
            }
        }
    }
}
