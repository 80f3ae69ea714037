//! The parts of a workload and what they refer to: ports, volumes, an account, their own labels.

use super::Fault;
use super::reading::Object;
use super::references::{Applied, fault};
use super::selectors::{port_name, selects};
use super::workload::{Workload, containers, name, pod};
use crate::rules::workflow::yaml::Node;

impl<'r> Applied<'r> {
    /// The parts of a workload refer to each other.
    pub fn workload(&self, workload: &Workload<'r>, faults: &mut Vec<Fault>) {
        let volumes = workload.volumes();
        for part in &workload.parts {
            for container in containers(part) {
                let called = name(container);
                let ports = workload.ports(Some(called));
                for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
                    for action in ["httpGet", "tcpSocket"] {
                        let Some(port) = container.at(&[probe, action, "port"]) else {
                            continue;
                        };
                        let Some(word) = port_name(port) else {
                            continue;
                        };
                        if !ports.contains(word) {
                            let message =
                                format!("the container `{called}` has no port `{word}` to probe");
                            faults.push(fault(part, port, message, word, ports.iter().copied()));
                        }
                    }
                }
                let mounts = container.get("volumeMounts").map_or(&[][..], Node::items);
                for node in mounts.iter().filter_map(|mount| mount.get("name")) {
                    let word = node.text().unwrap_or_default();
                    if !word.is_empty() && !volumes.contains(word) {
                        let message = format!("there is no volume `{word}` to mount");
                        faults.push(fault(part, node, message, word, volumes.iter().copied()));
                    }
                }
            }
            self.account(part, faults);
            if let Some(wanted) = part.root.at(&["spec", "selector", "matchLabels"]) {
                let labels = [&workload.labels];
                selects(part, wanted, &labels, "its own pods have not", faults);
            }
        }
    }

    fn account(&self, part: &Object<'r>, faults: &mut Vec<Fault>) {
        let accounts = self
            .objects
            .iter()
            .filter(|object| object.kind() == "ServiceAccount");
        let accounts: Vec<&str> = accounts.map(Object::name).collect();
        let Some(node) = pod(part).and_then(|pod| pod.get("serviceAccountName")) else {
            return;
        };
        let word = node.text().unwrap_or_default();
        // Without any, whoever runs the cluster makes them.
        if !accounts.is_empty()
            && word != "default"
            && !word.is_empty()
            && !accounts.contains(&word)
        {
            let message = format!("there is no ServiceAccount `{word}`");
            faults.push(fault(part, node, message, word, accounts.iter().copied()));
        }
    }
}
