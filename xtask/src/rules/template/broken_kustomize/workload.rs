//! A workload as it is applied: its manifest and all patches of it, looked at together.

use std::collections::BTreeSet;

use super::reading::Object;
use crate::rules::workflow::yaml::Node;

/// Kinds that make pods of a template.
const KINDS: [&str; 6] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
];

/// A workload.
pub struct Workload<'r> {
    /// Its manifest, and those that patch it.
    pub parts: Vec<Object<'r>>,
    /// Labels that its pods have: a key may have several values where a patch changes it.
    pub labels: BTreeSet<(String, String)>,
}

/// Whether objects of the kind make pods.
pub fn is_workload(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// The template of a workload's pods.
pub fn template<'r>(object: &Object<'r>) -> Option<&'r Node> {
    let path: &[&str] = if object.kind() == "CronJob" {
        &["spec", "jobTemplate", "spec", "template"]
    } else {
        &["spec", "template"]
    };
    object.root.at(path)
}

/// What its pods are made of.
pub fn pod<'r>(object: &Object<'r>) -> Option<&'r Node> {
    template(object)?.get("spec")
}

/// The containers in one manifest, those that start before others among them.
pub fn containers<'r>(object: &Object<'r>) -> Vec<&'r Node> {
    let lists = ["containers", "initContainers"];
    let lists = lists.iter().filter_map(|key| pod(object)?.get(key));
    lists.flat_map(Node::items).collect()
}

/// A container's name.
pub fn name(node: &Node) -> &str {
    node.get("name").and_then(Node::text).unwrap_or_default()
}

impl<'r> Workload<'r> {
    /// The names of ports, of one container or of all.
    pub fn ports(&self, container: Option<&str>) -> BTreeSet<&'r str> {
        let all = self.parts.iter().flat_map(containers);
        let ours = all.filter(|node| container.is_none_or(|called| name(node) == called));
        let ports = ours
            .filter_map(|node| node.get("ports"))
            .flat_map(Node::items);
        ports.filter_map(|port| port.get("name")?.text()).collect()
    }

    /// The names of volumes.
    pub fn volumes(&self) -> BTreeSet<&'r str> {
        let pods = self.parts.iter().filter_map(pod);
        let own = pods
            .filter_map(|pod| pod.get("volumes"))
            .flat_map(Node::items);
        let claims = self.parts.iter();
        let claims = claims.filter_map(|part| part.root.at(&["spec", "volumeClaimTemplates"]));
        let claims = claims
            .flat_map(Node::items)
            .filter_map(|claim| claim.get("metadata"));
        own.chain(claims)
            .filter_map(|node| node.get("name")?.text())
            .collect()
    }
}
