//! The service's manifests as they are applied: the overlay of the environment, with the image by its digest.
//!
//! The service's files stay as they are. A kustomization of three entries, in a folder that vanishes, stands on the
//! overlay and puts the image in place of the name `service-image`; kustomize knows where images stand.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::BackendError;
use super::CONTAINER;
use super::cluster::Cluster;
use crate::names::{Environment, Pinned};

/// Where a service's overlays are.
const OVERLAYS: &str = "deploy/kubernetes/overlays";
/// The image's name in the service's manifests.
const PLACEHOLDER: &str = "service-image";

/// The part of a manifest that is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    kind: String,
    metadata: Metadata,
    #[serde(default)]
    spec: Value,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    name: String,
    namespace: Option<String>,
}

/// The overlay of an environment.
pub(super) fn overlay(directory: &Path, environment: Environment) -> Result<PathBuf, BackendError> {
    let path = directory.join(OVERLAYS).join(environment.name());
    if path.is_dir() {
        return Ok(path);
    }
    Err(BackendError::Unusable(format!(
        "{}: there is no such folder; run this in the folder of a service that was made with `deploy=kubernetes`",
        path.display()
    )))
}

/// The manifests of an environment with `image` in them, as YAML.
pub(super) fn render(
    cluster: &Cluster,
    directory: &Path,
    service: &str,
    environment: Environment,
    image: &Pinned,
    namespace: Option<&str>,
) -> Result<String, BackendError> {
    let overlay = overlay(directory, environment)?;
    let unusable = |what: &str| {
        BackendError::Unusable(format!(
            "{}: {what}; see `kubectl kustomize {}`",
            overlay.display(),
            overlay.display()
        ))
    };
    let system = |error: std::io::Error| unusable(&format!("cannot be stood upon ({error})"));
    let folder = tempfile::tempdir().map_err(system)?;
    // kustomize takes no absolute paths, and looks at where links lead.
    let from = folder.path().canonicalize().map_err(system)?;
    let over = relative(&from, &overlay.canonicalize().map_err(system)?);
    let text = kustomization(&over, image, namespace);
    std::fs::write(from.join("kustomization.yaml"), text).map_err(system)?;

    let rendered = kustomize(cluster, &from).map_err(|error| unusable(&error))??;
    let manifests = parse(&rendered).map_err(|error| unusable(&error))?;
    check(&manifests, service, image).map_err(|what| unusable(&what))?;
    Ok(rendered)
}

/// What kustomize makes of a folder. The inner error is that it could not be asked.
pub(super) fn kustomize(
    cluster: &Cluster,
    folder: &Path,
) -> Result<Result<String, BackendError>, String> {
    let folder = folder.display().to_string();
    match cluster.locally(&["kustomize", &folder]) {
        Ok(finished) if finished.success => Ok(Ok(finished.stdout)),
        Ok(finished) => Err(format!("kustomize refuses it ({})", finished.reason())),
        Err(error) => Ok(Err(error)),
    }
}

/// The documents of rendered YAML.
pub(super) fn parse(rendered: &str) -> Result<Vec<Manifest>, String> {
    serde_yaml::Deserializer::from_str(rendered)
        .map(Manifest::deserialize)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("kustomize gives what is no manifest ({error})"))
}

/// The Deployment of that name.
pub(super) fn deployment<'a>(
    manifests: &'a [Manifest],
    service: &str,
) -> Result<&'a Manifest, String> {
    manifests
        .iter()
        .find(|m| m.kind == "Deployment" && m.metadata.name == service)
        .ok_or_else(|| format!("it has no Deployment `{service}`"))
}

impl Manifest {
    pub(super) fn namespace(&self) -> Option<&str> {
        self.metadata.namespace.as_deref()
    }
}

/// Refuses manifests that would not run `image`, and only it.
fn check(manifests: &[Manifest], service: &str, image: &Pinned) -> Result<(), String> {
    let containers = &deployment(manifests, service)?.spec["template"]["spec"]["containers"];
    let containers = containers.as_array().map(Vec::as_slice).unwrap_or_default();
    let own = containers.iter().find(|c| c["name"] == CONTAINER);
    let own = own.ok_or_else(|| format!("its Deployment has no container `{CONTAINER}`"))?;
    if own["image"] != image.to_string().as_str() {
        return Err(format!(
            "container `{CONTAINER}` has the image `{}`, where `{PLACEHOLDER}` has to stand",
            own["image"].as_str().unwrap_or_default().escape_debug()
        ));
    }
    Ok(())
}

/// JSON is YAML.
fn kustomization(over: &Path, image: &Pinned, namespace: Option<&str>) -> String {
    let mut entries = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [over],
        "images": [{
            "name": PLACEHOLDER,
            "newName": image.image.to_string(),
            "digest": image.digest.as_str(),
        }],
    });
    if let Some(namespace) = namespace {
        entries["namespace"] = namespace.into();
    }
    let mut text = String::new();
    let _ = writeln!(text, "{entries}");
    text
}

/// The way from one folder to another, both without links.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_up_and_down() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/tmp/x", "/srv/a/b"), Path::new("../../srv/a/b"));
        assert_eq!(way("/srv/x", "/srv/a"), Path::new("../a"));
        assert_eq!(way("/srv", "/srv/a"), Path::new("a"));
    }

    #[test]
    fn what_would_run_something_else_is_refused() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let image = Pinned {
            image: "ghcr.io/org/shop".parse().unwrap(),
            digest: digest.parse().unwrap(),
        };
        let with = |kind: &str, container: &str, image_name: &str| {
            let rendered = format!(
                "kind: Service\nmetadata: {{ name: shop }}\n---\nkind: {kind}\nmetadata: {{ name: shop, namespace: n }}\n\
                 spec: {{ template: {{ spec: {{ containers: [{{ name: {container}, image: \"{image_name}\" }}] }} }} }}\n"
            );
            check(&parse(&rendered).unwrap(), "shop", &image)
        };
        with("Deployment", "service", &image.to_string()).unwrap();
        assert!(
            with("Deployment", "service", "other:1")
                .unwrap_err()
                .contains("other:1")
        );
        assert!(
            with("Deployment", "app", "x")
                .unwrap_err()
                .contains("no container")
        );
        assert!(
            with("StatefulSet", "service", "x")
                .unwrap_err()
                .contains("no Deployment")
        );
        assert!(parse("kind: [").is_err());
    }
}
