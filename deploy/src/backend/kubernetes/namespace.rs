//! The namespace of an environment where nobody names one: the overlay's own, or `SERVICE-ENV`.

use std::path::Path;

use super::super::BackendError;
use super::cluster::Cluster;
use super::manifests::{deployment, kustomize, overlay, parse};
use crate::names::Environment;

/// The namespace that the overlay puts the service in.
pub(super) fn of(
    cluster: &Cluster,
    directory: &Path,
    service: &str,
    environment: Environment,
) -> Result<String, BackendError> {
    let overlay = overlay(directory, environment)?;
    let unusable = |what: String| {
        BackendError::Unusable(format!(
            "{}: {what}; see `kubectl kustomize {}`",
            overlay.display(),
            overlay.display()
        ))
    };
    let rendered = kustomize(cluster, &overlay).map_err(unusable)??;
    let manifests = parse(&rendered).map_err(unusable)?;
    let deployment = deployment(&manifests, service).map_err(unusable)?;
    Ok(deployment
        .namespace()
        .map_or_else(|| format!("{service}-{environment}"), str::to_owned))
}
