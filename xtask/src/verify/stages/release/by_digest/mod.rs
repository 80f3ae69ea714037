//! What the shared workflows deploy: the digest that was built, handed from job to job, and never a tag, which may name other
//! bytes by the time it is deployed.
//!
//! The release driver refuses a tag wherever it takes a digest or an image; so it has to be the driver that deploys, alone,
//! and what it is told has to come from the build. Whether a digest does run then, the journey asks the engine.

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context, Result};
use serde_yaml::Value;

use super::world::ENVIRONMENTS;
use crate::verify::gate::Verdict;

/// The workflow that builds and promotes.
const DEPLOY: &str = ".github/workflows/deploy.yml";
/// The one that goes back.
const ROLLBACK: &str = ".github/workflows/rollback.yml";
/// What builds and pushes.
const BUILD: &str = ".github/actions/build-image/action.yml";

/// What a job says the image is called: without a tag, as the guard has put it together.
const IMAGE: &str = "${{ needs.guard.outputs.image }}";
/// What dev is told.
const DIGEST: &str = "${{ needs.image.outputs.digest }}";
/// What a job that deploys may use beside its commands.
const USED: [&str; 2] = ["actions/checkout@", "/.github/actions/idp-deploy@"];

/// Whether the way of a digest from the build to the back end has no gap.
pub(super) fn held(root: &Path) -> Result<Verdict> {
    let parsed = |file: &str| -> Result<Value> {
        serde_yaml::from_str(&crate::pack::read(&root.join(file))?)
            .with_context(|| format!("cannot parse {file}"))
    };
    let deploy = parsed(DEPLOY)?;
    let mut faults = pushed(&parsed(BUILD)?);
    faults.extend(built(&deploy["jobs"]));
    faults.extend(deployed(DEPLOY, &deploy["jobs"]));
    faults.extend(deployed(ROLLBACK, &parsed(ROLLBACK)?["jobs"]));
    Ok(if faults.is_empty() {
        Verdict::Passed("build, publish, dev by digest; staging and prod by record".to_owned())
    } else {
        Verdict::Failed(faults.join("\n"))
    })
}

/// The build pushes by digest and gives nothing else out.
fn pushed(action: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let value = text(&action["outputs"]["digest"]["value"]);
    let named: Vec<&str> = value.split("steps.").skip(1).collect();
    if named.is_empty() || named.iter().any(|step| output(step) != Some("digest")) {
        faults.push(format!(
            "{BUILD}: its output `digest` is `{value}`; it has to be the output `digest` of its own steps"
        ));
    }
    let steps = sequence(&action["runs"]["steps"]);
    for step in steps.filter(|step| text(&step["uses"]).starts_with("docker/build-push-action@")) {
        let by_digest = text(&step["with"]["outputs"]).contains("push-by-digest=true");
        if !by_digest || !step["with"]["tags"].is_null() {
            faults.push(format!(
                "{BUILD}: it has to push with `push-by-digest=true` and without `tags`; tags are `idp-deploy publish`'s to write"
            ));
        }
    }
    faults
}

/// The job `image` hands on what the driver has published, and that is what was built.
fn built(jobs: &Value) -> Vec<String> {
    let job = &jobs["image"];
    let step = |name: &str| sequence(&job["steps"]).find(|step| step["id"] == name);
    let publish = source(&job["outputs"]["digest"]).and_then(step);
    let build = publish
        .filter(|step| text(&step["run"]).starts_with("idp-deploy publish "))
        .filter(|step| text(&step["run"]).contains("--digest \"$DIGEST\""))
        .and_then(|publish| source(&publish["env"]["DIGEST"]))
        .and_then(step);
    if build.is_some_and(|step| text(&step["uses"]).contains("/.github/actions/build-image@")) {
        return Vec::new();
    }
    vec![format!(
        "{DEPLOY}: job `image`: its output `digest` has to be that of a step `idp-deploy publish … --digest \"$DIGEST\"`, whose \
         DIGEST is `${{{{ steps.ID.outputs.digest }}}}` of the step that uses `build-image`"
    )]
}

/// In each job of an environment the driver deploys, and nothing else does.
fn deployed(file: &str, jobs: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, job) in jobs.as_mapping().into_iter().flatten() {
        if job["environment"].is_null() {
            continue;
        }
        let job_name = text(name);
        let mut commands = Vec::new();
        for step in sequence(&job["steps"]) {
            let uses = text(&step["uses"]);
            let fault = match step["run"].as_str() {
                Some(run) => {
                    commands.push(run);
                    told(run, step)
                }
                None if USED.iter().any(|known| uses.contains(known)) => None,
                None => Some(format!(
                    "it uses `{uses}`; what an environment needs beside the driver goes into .github/actions/idp-deploy"
                )),
            };
            faults.extend(fault.map(|what| format!("{file}: job `{job_name}`: {what}")));
        }
        let dev = job_name == ENVIRONMENTS[0];
        let promoted = |run: &&str| run.contains("--digest \"$DIGEST\"");
        if dev && !commands.iter().any(promoted) {
            faults.push(format!(
                "{file}: job `{job_name}`: it has to promote with `--digest \"$DIGEST\"` and DIGEST `{DIGEST}`: nothing was recorded \
                 before it"
            ));
        }
    }
    faults
}

/// What is wrong with a command of a job that deploys.
fn told(run: &str, step: &Value) -> Option<String> {
    let alone = run.starts_with("idp-deploy ") && !run.trim().contains([';', '&', '|', '`', '\n']);
    if !alone || run.contains("$(") {
        return Some(format!(
            "it runs `{}`; only one `idp-deploy` command a step may deploy, since it takes digests and refuses tags: write \
             `idp-deploy promote`, or let a program do it behind `--backend command`",
            run.trim().replace('\n', "; ")
        ));
    }
    let image = &step["env"]["IMAGE"];
    if !run.contains("--image \"$IMAGE\"") || *image != IMAGE {
        return Some(format!(
            "it deploys the image `{}`; write `--image \"$IMAGE\"` with IMAGE `{IMAGE}`, a name without a tag",
            text(image)
        ));
    }
    let digest = &step["env"]["DIGEST"];
    if run.contains("--digest") && (!run.contains("--digest \"$DIGEST\"") || *digest != DIGEST) {
        return Some(format!(
            "it deploys `{}`; what is deployed is the digest that the job `image` has built, and never a tag: write `--digest \
             \"$DIGEST\"` with DIGEST `{DIGEST}`",
            text(digest)
        ));
    }
    None
}

/// The step whose output `digest` this is.
fn source(value: &Value) -> Option<&str> {
    let (_, rest) = text(value).split_once("steps.")?;
    (output(rest) == Some("digest")).then(|| rest.split('.').next())?
}

/// The name of the output in `ID.outputs.NAME …`.
fn output(step: &str) -> Option<&str> {
    let (_, rest) = step.split_once(".outputs.")?;
    rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .next()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn sequence(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_sequence().into_iter().flatten()
}
