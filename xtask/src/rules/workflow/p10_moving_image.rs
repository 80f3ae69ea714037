//! Images of containers that jobs run in or beside, by a tag that moves.

use super::Rule;
use super::model::Model;
use super::model::yaml::{Kind, Node};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P10-moving-image",
    summary: "a `container:` or an image of `services:` without a tag, or by one that moves with every release",
    why: "The next release of the image runs in every job without anybody having asked for it: a run fails, or passes, for \
          a reason that no commit shows.",
    example: "services:\n  db:\n    image: postgres:latest",
    remedy: "Name a version or a digest: `postgres:18`, `postgres@sha256:…`.",
    check,
};

/// Tags that name no version.
const MOVING: [&str; 11] = [
    "canary", "dev", "edge", "head", "latest", "main", "master", "mainline", "nightly", "rolling",
    "unstable",
];

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let services = job.node.get("services").map_or(&[][..], Node::entries);
            let services = services.iter().map(|entry| &entry.value);
            for node in services.chain(job.node.get("container")) {
                let image = match node.kind {
                    Kind::Map(_) => node.get("image"),
                    _ => Some(node),
                };
                let Some((image, name)) = image.and_then(|image| Some((image, image.plain()?)))
                else {
                    continue;
                };
                let Some((message, repository)) = judge(name.trim()) else {
                    continue;
                };
                let source = &workflow.file.source;
                let help = format!("write `{repository}:VERSION`, or `{repository}@sha256:…`");
                report.error(RULE.id, source, image.span.clone(), message, help);
            }
        }
    }
}

/// What is wrong with an image's name, and the name without its tag.
fn judge(name: &str) -> Option<(String, &str)> {
    if name.is_empty() || name.contains('@') {
        return None;
    }
    let last = name.rsplit('/').next().unwrap_or(name);
    match last.split_once(':') {
        None => Some((
            format!("the image `{name}` has no tag, so that it is `latest`"),
            name,
        )),
        Some((_, tag)) => {
            let first = tag.split('-').next().unwrap_or(tag);
            let repository = name.strip_suffix(tag)?.strip_suffix(':')?;
            MOVING
                .contains(&first.to_ascii_lowercase().as_str())
                .then(|| (format!("the tag `{tag}` of the image moves"), repository))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn a_version_or_a_digest_stays() {
        for (name, moves) in [
            ("postgres:18", false),
            ("postgres:18-alpine", false),
            ("localhost:5000/your-org/db:1.2", false),
            ("rust:bookworm", false),
            ("redis@sha256:0", false),
            ("", false),
            ("postgres", true),
            ("localhost:5000/your-org/db", true),
            ("postgres:latest", true),
            ("nginx:mainline-alpine", true),
            ("ghcr.io/your-org/db:main", true),
        ] {
            assert_eq!(judge(name).is_some(), moves, "{name}");
        }
    }
}
