//! The pods of a Deployment.

use std::io::{Write, stderr};

use serde::Deserialize;

use super::super::BackendError;
use super::CONTAINER;
use super::cluster::Cluster;
use super::deployment::{Deployment, PodSpec};

#[derive(Debug, Deserialize)]
struct List {
    items: Vec<Pod>,
}

/// The part of a pod that is read here.
#[derive(Debug, Deserialize)]
pub(super) struct Pod {
    metadata: Metadata,
    spec: PodSpec,
    #[serde(default)]
    status: Status,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: String,
    deletion_timestamp: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    container_statuses: Vec<ContainerStatus>,
}

#[derive(Debug, Deserialize)]
struct ContainerStatus {
    name: String,
    ready: bool,
}

impl Pod {
    pub(super) fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Whether it is ready, stays, and is of that image.
    pub(super) fn serves(&self, image: Option<&str>) -> bool {
        self.metadata.deletion_timestamp.is_none() && self.ready() && self.spec.image() == image
    }

    fn ready(&self) -> bool {
        let mut containers = self.status.container_statuses.iter();
        containers.any(|container| container.name == CONTAINER && container.ready)
    }
}

/// The pods of a Deployment, of whatever version.
pub(super) fn of(cluster: &Cluster, deployment: &Deployment) -> Result<Vec<Pod>, BackendError> {
    let selector = deployment.selector();
    let args = ["get", "pods", "--selector", &selector, "--output", "json"];
    let finished = cluster.kubectl(&args)?;
    let unknown = |why: String| {
        BackendError::Unreachable(format!(
            "{} does not show its pods ({why}): check your access",
            cluster.place()
        ))
    };
    if !finished.success {
        return Err(unknown(finished.reason()));
    }
    let list: List =
        serde_json::from_str(&finished.stdout).map_err(|error| unknown(error.to_string()))?;
    Ok(list.items)
}

/// Shows, on standard error, the last log lines of a pod of that image that is not ready.
pub(super) fn show_log(cluster: &Cluster, deployment: &Deployment, image: &str) {
    let Ok(pods) = of(cluster, deployment) else {
        return;
    };
    let Some(pod) = pods
        .iter()
        .find(|pod| !pod.ready() && pod.spec.image() == Some(image))
    else {
        return;
    };
    let args = ["logs", pod.name(), "--container", CONTAINER, "--tail", "20"];
    let Ok(finished) = cluster.kubectl(&args) else {
        return;
    };
    for line in finished.stdout.lines().chain(finished.stderr.lines()) {
        let shown: String = line.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(stderr(), "  {} | {shown}", pod.name());
    }
}
