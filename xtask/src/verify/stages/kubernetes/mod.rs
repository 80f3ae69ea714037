//! S20 where Kubernetes runs the environments: what `kubectl kustomize` makes of each overlay.
//!
//! Overlays are built as a release builds them, with a digest in the image's place, and looked at beside the configuration
//! that the image brings. No cluster is asked for anything: what one makes of the manifests is not seen here.

mod fault;
mod files;
mod overlay;
mod promises;
mod quantity;
mod settings;
#[cfg(test)]
mod tests;

use std::fs;

use anyhow::Result;
use xshell::cmd;

use self::overlay::Overlay;
use self::promises::{PROMISES, judge};
use crate::process;
use crate::verify::bench::{Service, answers, verdict};
use crate::verify::gate::{Inner, Scope, Verdict};
use crate::verify::{Bench, Step};

/// The cases that have manifests.
pub(super) const CASES: Scope = Scope::Only("deploy", "kubernetes");

/// One overlay each.
const ENVIRONMENTS: &[&str] = &["dev", "staging", "prod"];

/// Where the manifests are in a service.
const FOLDER: &str = "deploy/kubernetes";

/// What a release puts into the place of [`PLACEHOLDER`].
const PINNED: &str = "registry.invalid/orders@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The image's name in the manifests.
const PLACEHOLDER: &str = "service-image";

/// The oldest Kubernetes that the manifests are for, as the service's deploy/kubernetes/README.md says.
const OLDEST: &str = "1.29";

/// Every overlay builds, no file is left out, and what comes out keeps every promise.
pub(super) fn manifests(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?.copy("manifests")?;
    let answers = answers(bench.template(step)?, step);
    let mut faults = files::unnamed(&service.path.join(FOLDER))?;
    let mut found = Vec::new();
    for environment in ENVIRONMENTS {
        let (written, released) = match built(&service, environment)? {
            Ok(built) => built,
            Err(text) => return Ok(Verdict::Failed(text)),
        };
        let overlay = Overlay::new(&service, &answers, environment, &written, &released)?;
        found.extend(judge(&overlay));
    }
    faults.extend(fault::told(&found));
    Ok(if faults.is_empty() {
        let count = PROMISES.len();
        Verdict::Passed(format!("{}: {count} promises", ENVIRONMENTS.join(", ")))
    } else {
        Verdict::Failed(faults.join("\n"))
    })
}

/// What comes out of every overlay is what Kubernetes knows, and nothing else.
pub(super) fn schemas(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?.copy("manifest-schemas")?;
    let shell = service.shell()?;
    let mut files = Vec::new();
    for environment in ENVIRONMENTS {
        match built(&service, environment)? {
            Ok((written, _)) => {
                let file = format!("overlay-{environment}.yaml");
                fs::write(service.path.join(&file), written)?;
                files.push(file);
            }
            Err(text) => return Ok(Verdict::Failed(text)),
        }
    }
    // The newest that it knows is what it takes without a version.
    for version in [&["--kubernetes-version", OLDEST][..], &[]] {
        let names = &files;
        let command = cmd!(
            shell,
            "kubernetes-validate --strict --quiet {version...} {names...}"
        );
        if let Verdict::Failed(text) = verdict(command)? {
            return Ok(Verdict::Failed(format!(
                "{text}\nmend it in {FOLDER}/base/KIND.yaml, or in the folder of {FOLDER}/overlays/ that is named"
            )));
        }
    }
    Ok(Verdict::Passed(format!("Kubernetes {OLDEST} and newest")))
}

/// An overlay as it is written, and as a release makes it; or what kubectl says against it.
fn built(service: &Service, environment: &str) -> Result<Result<(String, String), String>> {
    let release = service.path.join(FOLDER).join("release");
    fs::create_dir_all(&release)?;
    let (name, digest) = PINNED.split_once('@').unwrap_or_default();
    fs::write(
        release.join("kustomization.yaml"),
        format!(
            "resources: [../overlays/{environment}]\nimages: [{{name: {PLACEHOLDER}, newName: {name}, digest: \"{digest}\"}}]\n\
             # Says which file an object comes from.\nbuildMetadata: [originAnnotations]\n"
        ),
    )?;
    let shell = service.shell()?;
    let mut texts = Vec::new();
    for folder in [&format!("overlays/{environment}"), "release"] {
        let command = cmd!(shell, "kubectl kustomize {FOLDER}/{folder}");
        let shown = command.to_string();
        let output = process::scrubbed(command)
            .quiet()
            .ignore_status()
            .output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Ok(Err(format!(
                "{FOLDER}/overlays/{environment} does not build\n$ {shown}\n{}",
                said.trim_end()
            )));
        }
        texts.push(String::from_utf8(output.stdout)?);
    }
    let released = texts.pop().unwrap_or_default();
    Ok(Ok((texts.pop().unwrap_or_default(), released)))
}
