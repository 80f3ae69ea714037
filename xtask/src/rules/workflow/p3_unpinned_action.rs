//! Actions of others are pinned to a commit.

use super::Rule;
use super::model::yaml::{Fault, Node};
use super::model::{File, Model, Uses, is_commit, is_version};
use super::pin::{comment, version};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P3-unpinned-action",
    summary: "an action of others that is not pinned to a commit with its version behind it, or a `docker://` image without \
              a digest",
    why: "A tag is moved by whoever gets hold of that repository, and runs in every job that names it, with its token. A \
          commit without a version is one that nobody can judge or update.",
    example: "uses: actions/checkout@v7",
    remedy: "Write the commit and the version: `uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1`. The \
             pack's own actions are named at platform.toml's ref.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (file, step) in model.steps() {
        let Some((node, uses)) = step.uses().filter(|(node, _)| node.plain().is_some()) else {
            continue;
        };
        if let Some(fault) = judge(model, file, node, uses) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

fn judge(model: &Model, file: &File, node: &Node, uses: Uses<'_>) -> Option<Fault> {
    let fault = |message: String, help: String| Some(Fault::new(node.span.clone(), message, help));
    match uses {
        Uses::Docker(image) if !image.contains("@sha256:") => fault(
            format!("the image `{image}` is not pinned to a digest"),
            format!(
                "write `docker://{}@sha256:…`",
                image.split(':').next().unwrap_or(image)
            ),
        ),
        Uses::Remote {
            owner,
            repo,
            reference,
            ..
        } if model.is_own(owner, repo) => {
            let platform = model.platform.as_ref()?;
            // By form where the tree is older or newer than what it names; by value where it says neither.
            (reference != platform.reference && !is_commit(reference)).then(|| {
                let message = format!("the pack's own action is named at `{reference}` instead of platform.toml's ref");
                let mut help = format!("write `@{}`", platform.reference);
                if is_version(reference) {
                    help += "; `cargo xtask sync` does on lines that end with `# platform.toml: org/repo@ref`";
                }
                Fault::new(node.span.clone(), message, help)
            })
        }
        Uses::Remote {
            owner,
            repo,
            reference,
            ..
        } => {
            if !is_commit(reference) {
                let message = format!("`{owner}/{repo}` is not pinned to a commit");
                return fault(
                    message,
                    format!("name the commit and its version: `@<40 digits> # {reference}`"),
                );
            }
            // A stamp names the fact that holds the version.
            let named = version(file, node).is_some()
                || comment(file, node).is_some_and(|text| text.contains("platform.toml"));
            if named {
                None
            } else {
                fault(
                    format!("nobody can tell the version of `{owner}/{repo}`"),
                    "put it behind the commit: `# v1.2.3`".into(),
                )
            }
        }
        Uses::Local(_) | Uses::Docker(_) | Uses::Malformed => None,
    }
}
