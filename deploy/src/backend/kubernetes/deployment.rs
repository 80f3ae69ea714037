//! The Deployment as the cluster describes it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::BackendError;
use super::CONTAINER;
use super::cluster::Cluster;

/// The annotation in which the cluster counts a Deployment's versions.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// The part of a Deployment that is read here.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Deployment {
    metadata: Metadata,
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Debug, Deserialize)]
struct Metadata {
    #[serde(default)]
    generation: u64,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Spec {
    selector: Selector,
    template: Template,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Selector {
    #[serde(default)]
    match_labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Template {
    spec: PodSpec,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct PodSpec {
    containers: Vec<Container>,
}

#[derive(Clone, Debug, Deserialize)]
struct Container {
    name: String,
    image: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    observed_generation: u64,
    replicas: u64,
    updated_replicas: u64,
    available_replicas: u64,
}

impl Deployment {
    /// The one of that name, if there is one.
    pub(super) fn get(cluster: &Cluster, name: &str) -> Result<Option<Self>, BackendError> {
        let args = [
            "get",
            "deployment",
            name,
            "--ignore-not-found",
            "--output",
            "json",
        ];
        let finished = cluster.kubectl(&args)?;
        if !finished.success {
            return Err(BackendError::Unreachable(format!(
                "{} does not show Deployment `{name}` ({}): check your access",
                cluster.place(),
                finished.reason()
            )));
        }
        if finished.stdout.trim().is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&finished.stdout).map(Some).map_err(|error| {
            BackendError::Unreachable(format!(
                "{} shows Deployment `{name}` in an unknown shape ({error}): check the cluster's version",
                cluster.place()
            ))
        })
    }

    /// Whether its newest version is what runs: all pods are of it, and at least one is available.
    pub(super) fn runs(&self) -> bool {
        let status = &self.status;
        status.observed_generation >= self.metadata.generation
            && status.updated_replicas == status.replicas
            && status.available_replicas > 0
    }

    /// The image of the service in its newest version.
    pub(super) fn image(&self) -> Option<&str> {
        self.spec.template.spec.image()
    }

    /// The cluster's number of its newest version.
    pub(super) fn revision(&self) -> Option<&str> {
        self.metadata.annotations.get(REVISION).map(String::as_str)
    }

    /// What its pods have in common, as kubectl takes it.
    pub(super) fn selector(&self) -> String {
        let labels = self.spec.selector.match_labels.iter();
        let labels: Vec<_> = labels
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        labels.join(",")
    }
}

impl PodSpec {
    /// The image of the container that holds the service.
    pub(super) fn image(&self) -> Option<&str> {
        let container = self.containers.iter().find(|c| c.name == CONTAINER)?;
        Some(&container.image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_runs_when_all_pods_are_of_its_newest_version() {
        let with = |observed, replicas, updated, available| {
            let deployment: Deployment = serde_json::from_value(json!({
                "metadata": {"generation": 3, "annotations": {REVISION: "7"}},
                "spec": {"selector": {"matchLabels": {"app": "shop", "b": "c"}},
                    "template": {"spec": {"containers": [{"name": "service", "image": "i"}]}}},
                "status": {"observedGeneration": observed, "replicas": replicas,
                    "updatedReplicas": updated, "availableReplicas": available},
            }))
            .unwrap();
            assert_eq!(deployment.selector(), "app=shop,b=c");
            assert_eq!(
                (deployment.image(), deployment.revision()),
                (Some("i"), Some("7"))
            );
            deployment.runs()
        };
        assert!(with(3, 2, 2, 2));
        assert!(with(3, 2, 2, 1), "one pod is being replaced");
        assert!(!with(2, 2, 2, 2), "it was not looked at yet");
        assert!(!with(3, 3, 1, 2), "a rollout is under way, or stuck");
        assert!(!with(3, 2, 2, 0), "none is available");
        assert!(!with(3, 0, 0, 0), "it is scaled to nothing");
    }
}
