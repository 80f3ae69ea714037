//! Objects that choose workloads: by labels, by the names of ports, by their own name.

use std::collections::BTreeSet;

use super::Fault;
use super::reading::Object;
use super::references::{Applied, fault, pairs};
use super::workload::is_workload;
use crate::rules::workflow::yaml::{Literal, Node};

/// Kinds that make no pods.
const WITHOUT_PODS: [&str; 36] = [
    "Certificate",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "CustomResourceDefinition",
    "EndpointSlice",
    "Endpoints",
    "ExternalSecret",
    "Gateway",
    "HTTPRoute",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Issuer",
    "Lease",
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "PodMonitor",
    "PriorityClass",
    "PrometheusRule",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "SealedSecret",
    "Secret",
    "SecretStore",
    "Service",
    "ServiceAccount",
    "ServiceMonitor",
    "StorageClass",
    "VirtualService",
];

impl Applied<'_> {
    /// Whether there are pods that are not read here: by themselves, or made by an operator.
    fn has_others(&self) -> bool {
        self.objects.iter().any(|object| {
            let kind = object.kind();
            !is_workload(kind) && !WITHOUT_PODS.contains(&kind)
        })
    }

    /// What an object asks of the workloads.
    pub fn object(&self, object: &Object<'_>, faults: &mut Vec<Fault>) {
        if self.workloads.is_empty() || self.has_others() {
            return;
        }
        let labels: Vec<&BTreeSet<_>> = self.workloads.iter().map(|one| &one.labels).collect();
        let nobody = "no pod has";
        match object.kind() {
            "Service" => {
                if let Some(wanted) = object.root.at(&["spec", "selector"]) {
                    selects(object, wanted, &labels, nobody, faults);
                    self.ports(object, wanted, faults);
                }
            }
            "NetworkPolicy" => {
                if let Some(wanted) = object.root.at(&["spec", "podSelector", "matchLabels"]) {
                    selects(object, wanted, &labels, nobody, faults);
                }
            }
            "PodDisruptionBudget" => {
                if let Some(wanted) = object.root.at(&["spec", "selector", "matchLabels"]) {
                    selects(object, wanted, &labels, nobody, faults);
                }
            }
            "HorizontalPodAutoscaler" => self.scaled(object, faults),
            _ => {}
        }
    }

    /// A Service's named ports are ports of the pods that it selects.
    fn ports(&self, object: &Object<'_>, wanted: &Node, faults: &mut Vec<Fault>) {
        let wanted = pairs(wanted);
        let selected = self.workloads.iter();
        let selected: Vec<_> = selected
            .filter(|one| wanted.iter().all(|pair| one.labels.contains(pair)))
            .collect();
        if selected.is_empty() {
            return;
        }
        let known: BTreeSet<&str> = selected.iter().flat_map(|one| one.ports(None)).collect();
        let ports = object
            .root
            .at(&["spec", "ports"])
            .map_or(&[][..], Node::items);
        for node in ports.iter().filter_map(|port| port.get("targetPort")) {
            if let Some(word) = port_name(node).filter(|word| !known.contains(word)) {
                let message = format!("no container has a port `{word}`");
                faults.push(fault(object, node, message, word, known.iter().copied()));
            }
        }
    }

    fn scaled(&self, object: &Object<'_>, faults: &mut Vec<Fault>) {
        let Some(target) = object.root.at(&["spec", "scaleTargetRef"]) else {
            return;
        };
        let kind = target.get("kind").and_then(Node::text).unwrap_or_default();
        let Some(node) = target.get("name").filter(|_| is_workload(kind)) else {
            return;
        };
        let word = node.text().unwrap_or_default();
        let known = self.objects.iter().filter(|other| other.kind() == kind);
        let known: Vec<&str> = known.map(Object::name).collect();
        if !known.contains(&word) {
            let message = format!("there is no {kind} `{word}` to scale");
            faults.push(fault(object, node, message, word, known.iter().copied()));
        }
    }
}

/// Every label that is asked for is one that some set has together with all others.
pub fn selects(
    object: &Object<'_>,
    wanted: &Node,
    labels: &[&BTreeSet<(String, String)>],
    nobody: &str,
    faults: &mut Vec<Fault>,
) {
    let pairs = pairs(wanted);
    if labels
        .iter()
        .any(|set| pairs.iter().all(|pair| set.contains(pair)))
    {
        return;
    }
    // Which of them it is: the first that nothing has, or the first of all.
    let entries = wanted.entries();
    let missing = entries.iter().find(|entry| {
        let pair = (
            entry.key.text.clone(),
            entry.value.text().unwrap_or_default().to_owned(),
        );
        labels.iter().all(|set| !set.contains(&pair))
    });
    let Some(entry) = missing.or(entries.first()) else {
        return;
    };
    let key = &entry.key.text;
    let word = entry.value.text().unwrap_or_default();
    let message = format!("the selector asks for `{key}: {word}`, which {nobody}");
    let known: Vec<&str> = labels
        .iter()
        .flat_map(|set| set.iter())
        .filter(|(other, _)| other == key)
        .map(|(_, value)| value.as_str())
        .collect();
    faults.push(fault(
        object,
        &entry.value,
        message,
        word,
        known.into_iter(),
    ));
}

/// The port as a name, where it is one.
pub fn port_name(port: &Node) -> Option<&str> {
    let scalar = port.scalar()?;
    let is_number = scalar.text.parse::<u32>().is_ok();
    (scalar.literal() == Literal::Text && !is_number && !scalar.text.contains('$'))
        .then_some(scalar.text.as_str())
}
