//! Patches and what they change.

use super::Fault;
use super::reading::Object;
use super::references::{Applied, fault};
use super::workload::{containers, name};

impl Applied<'_> {
    /// Each patch has something to change, and names containers that are there.
    pub fn patched(&self, faults: &mut Vec<Fault>) {
        for patch in &self.patches {
            let (kind, called) = (patch.kind(), patch.name());
            let Some(name_node) = patch
                .root
                .at(&["metadata", "name"])
                .filter(|_| !kind.is_empty())
            else {
                continue;
            };
            let same_kind: Vec<&Object<'_>> = self
                .objects
                .iter()
                .filter(|object| object.kind() == kind)
                .collect();
            let Some(object) = same_kind.iter().find(|object| object.name() == called) else {
                let names = same_kind.iter().map(|object| object.name());
                let message =
                    format!("the patch is for the {kind} `{called}`, which no manifest defines");
                faults.push(fault(patch, name_node, message, called, names));
                continue;
            };
            let there: Vec<&str> = containers(object).into_iter().map(name).collect();
            for container in containers(patch) {
                let called = name(container);
                // One with an image is one more.
                if called.is_empty() || there.contains(&called) || container.get("image").is_some()
                {
                    continue;
                }
                let is_dropped = container.get("$patch").is_some();
                let in_patch = self
                    .patches
                    .iter()
                    .filter(|other| other.name() == object.name());
                let in_patch = in_patch.flat_map(containers);
                let is_added = in_patch
                    .filter(|node| name(node) == called)
                    .any(|node| node.get("image").is_some());
                if let Some(node) = container.get("name").filter(|_| !is_dropped && !is_added) {
                    let message = format!("the {kind} has no container `{called}` to patch");
                    faults.push(fault(patch, node, message, called, there.iter().copied()));
                }
            }
        }
    }
}
