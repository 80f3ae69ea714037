//! What `uses:` names has to be there, and at a ref that stays.

use super::Rule;
use super::model::yaml::{Fault, Node};
use super::model::{Callee, File, FileKind, Model, Step, Uses, is_commit, is_version, is_yaml};
use super::words::{did_you_mean, listed};
use crate::pack::Platform;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R7-callee",
    summary: "a called workflow or action that is not in the pack, is no reusable workflow, or is named at a ref that moves",
    why: "The run fails at its start, with no job. A ref that moves, such as a branch, changes every service at once and \
          unseen.",
    example: "uses: your-org/golden-path/.github/workflows/service-ci.yaml@main",
    remedy: "Name a file that is there, with the organisation and repository of platform.toml, at `vX.Y.Z` or a commit of 40 \
             digits.",
    check,
};

const FOLDER: &str = ".github/workflows/";

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let Some((node, uses)) = job.uses().filter(|(node, _)| node.plain().is_some()) else {
                continue;
            };
            if let Some(fault) = called(model, workflow.file, node, uses) {
                let source = &workflow.file.source;
                report.error(RULE.id, source, fault.span, fault.message, fault.help);
            }
        }
    }
    for (file, step) in model.steps() {
        let Some((node, uses)) = step
            .uses()
            .filter(|(node, _)| node.plain().is_some_and(|text| !text.is_empty()))
        else {
            continue;
        };
        if let Some(fault) = used(model, file, &step, node, uses) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

/// Bytes of `part` of the text of `node`.
fn part(node: &Node, part: &str) -> std::ops::Range<usize> {
    let text = node.text().unwrap_or_default();
    // Quotes stand before the text.
    let quote = usize::from(node.span.len() > text.len());
    match text.rfind(part) {
        Some(at) if !part.is_empty() => {
            let start = node.span.start + quote + at;
            start..start + part.len()
        }
        _ => node.span.clone(),
    }
}

/// Another repository, where the pack's own is meant.
fn other_pack(node: &Node, platform: &Platform, named: &str, path: &str) -> Fault {
    let help = format!(
        "write `{}/{}/{path}@{}`",
        platform.org, platform.repo, platform.reference
    );
    let message = format!("`{named}` is not this pack");
    Fault::new(part(node, named), message, help)
}

fn called(model: &Model, file: &File, node: &Node, uses: Uses<'_>) -> Option<Fault> {
    let form = "write `ORG/REPO/.github/workflows/x.yml@vX.Y.Z`, or `./.github/workflows/x.yml`";
    let fault = |span, message: String, help: String| Some(Fault::new(span, message, help));
    let path = match uses {
        Uses::Local(path) if path.contains('@') => {
            let message = "a workflow of this repository takes no ref".to_owned();
            let at = path.find('@').map_or("", |at| &path[at..]);
            return fault(
                part(node, at),
                message,
                format!("write `./{}`", path.split('@').next().unwrap_or_default()),
            );
        }
        Uses::Local(path) | Uses::Remote { path, .. } => path,
        Uses::Docker(_) | Uses::Malformed => {
            return fault(
                node.span.clone(),
                "this names no workflow".into(),
                form.into(),
            );
        }
    };
    let inside = path.strip_prefix(FOLDER);
    if !inside.is_some_and(|name| !name.contains('/') && is_yaml(name)) {
        let message = "a workflow is called by its file in `.github/workflows/`".to_owned();
        return fault(part(node, path), message, form.into());
    }
    if let Uses::Remote {
        owner,
        repo,
        reference,
        ..
    } = uses
    {
        if let Some(platform) = model
            .platform
            .as_ref()
            .filter(|_| !model.is_own(owner, repo))
        {
            return Some(other_pack(node, platform, &format!("{owner}/{repo}"), path));
        }
        if !is_commit(reference) && !is_version(reference) {
            let message = format!("`{reference}` is a ref that may move");
            let help = match &model.platform {
                Some(platform) => format!("write `@{}`", platform.reference),
                None => "name a version as in `@v1.2.3`, or a commit of 40 digits".into(),
            };
            return fault(part(node, reference), message, help);
        }
    }
    match model.resolve(file, uses, FileKind::Workflow) {
        Callee::Missing => {
            let tree = if matches!(uses, Uses::Local(_)) {
                file.tree
            } else {
                0
            };
            let there: Vec<&str> = model
                .workflows()
                .filter(|workflow| {
                    workflow.file.tree == tree && workflow.has_event("workflow_call")
                })
                .map(|workflow| workflow.file.path.as_str())
                .collect();
            let broken = model
                .files
                .iter()
                .any(|file| file.tree == tree && file.path == path);
            if broken {
                return None;
            }
            let message = format!("there is no workflow `{path}`");
            let help = did_you_mean(
                path,
                there.iter().copied(),
                listed("workflows that can be called", there.iter().copied()),
            );
            fault(part(node, path), message, help)
        }
        Callee::Here(callee) => {
            let workflow = callee.workflow()?;
            (!workflow.has_event("workflow_call")).then(|| {
                let message = format!("`{path}` can't be called: it has no `workflow_call`");
                Fault::new(
                    part(node, path),
                    message,
                    format!("add `workflow_call:` under `on:` in {}", callee.shown()),
                )
            })
        }
        Callee::Elsewhere => None,
    }
}

fn used(model: &Model, file: &File, step: &Step<'_>, node: &Node, uses: Uses<'_>) -> Option<Fault> {
    let fault = |span, message: String, help: String| Some(Fault::new(span, message, help));
    let path = match uses {
        Uses::Malformed => {
            let help = "write `owner/repo@ref`, `./path` or `docker://image@sha256:…`";
            return fault(
                node.span.clone(),
                "this names no action".into(),
                help.into(),
            );
        }
        Uses::Docker(_) => return None,
        Uses::Local(path) | Uses::Remote { path, .. } => path,
    };
    if path.starts_with(FOLDER) && is_yaml(path) {
        let help =
            "put it into a job of its own: `uses:` beside `needs:` and `with:`, without steps";
        return fault(
            part(node, path),
            "a step can't call a workflow".into(),
            help.into(),
        );
    }
    let there: Vec<&str> = model
        .files
        .iter()
        .filter(|action| action.kind == FileKind::Action && action.tree == 0)
        .map(|action| {
            action
                .path
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
        })
        .collect();
    if let (Uses::Remote { owner, repo, .. }, Some(platform)) = (uses, &model.platform) {
        let ours = !path.is_empty()
            && (there.contains(&path) || owner.eq_ignore_ascii_case(&platform.org));
        if ours && !model.is_own(owner, repo) {
            return Some(other_pack(node, platform, &format!("{owner}/{repo}"), path));
        }
    }
    if !matches!(model.resolve(file, uses, FileKind::Action), Callee::Missing) {
        return None;
    }
    // Another repository may have been checked out there, or a step may have made it.
    if matches!(uses, Uses::Local(_))
        && (!path.starts_with(".github/") || checks_out_more(file, step))
    {
        return None;
    }
    let help = did_you_mean(
        path,
        there.iter().copied(),
        listed("actions", there.iter().copied()),
    );
    fault(
        part(node, path),
        format!("there is no action `{path}`"),
        help,
    )
}

fn checks_out_more(file: &File, step: &Step<'_>) -> bool {
    file.steps().iter().any(|other| {
        other.job.map(|job| &job.text) == step.job.map(|job| &job.text)
            && other.uses_action("actions/checkout")
            && (other.with("repository").is_some() || other.with("path").is_some())
    })
}
