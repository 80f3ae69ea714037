//! What manifests that are applied together say of each other.

use std::collections::BTreeSet;

use super::Fault;
use super::reading::{Kustomization, Object, Reading};
use super::workload::{Workload, is_workload, template};
use crate::report::nearest;
use crate::rules::workflow::yaml::Node;

/// Finds what the manifests of every kustomization that is applied refer to and do not have.
pub fn check(reading: &Reading<'_>, faults: &mut Vec<Fault>) {
    for root in reading.roots() {
        let Some(all) = reading.closure(root) else {
            continue;
        };
        let read = |paths: fn(&Kustomization) -> &Vec<String>| -> Option<Vec<Object<'_>>> {
            let paths = all.iter().flat_map(|one| paths(one));
            paths.map(|path| reading.object(path)).collect()
        };
        let (Some(objects), Some(patches)) = (read(|one| &one.manifests), read(|one| &one.patches))
        else {
            continue;
        };
        let labels = common_labels(reading, &all);
        let applied = Applied::of(objects, patches, &labels);
        applied.patched(faults);
        applied.typed(faults);
        for workload in &applied.workloads {
            applied.workload(workload, faults);
        }
        for object in applied.objects.iter().chain(&applied.patches) {
            applied.object(object, faults);
        }
    }
}

/// Labels that kustomizations give to pods.
fn common_labels(reading: &Reading<'_>, all: &[&Kustomization]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for root in all.iter().filter_map(|one| reading.root(one)) {
        found.extend(root.get("commonLabels").map(pairs).unwrap_or_default());
        for labels in root.get("labels").map_or(&[][..], Node::items) {
            let on_pods = ["includeTemplates", "includeSelectors"];
            if on_pods
                .iter()
                .any(|key| labels.get(key).is_some_and(Node::is_true))
            {
                found.extend(labels.get("pairs").map(pairs).unwrap_or_default());
            }
        }
    }
    found
}

/// Objects that are applied together.
pub struct Applied<'r> {
    pub objects: Vec<Object<'r>>,
    pub patches: Vec<Object<'r>>,
    pub workloads: Vec<Workload<'r>>,
}

impl<'r> Applied<'r> {
    fn of(
        objects: Vec<Object<'r>>,
        patches: Vec<Object<'r>>,
        common: &BTreeSet<(String, String)>,
    ) -> Self {
        let workloads = objects.iter().filter(|object| is_workload(object.kind()));
        let workloads = workloads.map(|object| {
            let same = |patch: &&Object<'r>| {
                (patch.kind(), patch.name()) == (object.kind(), object.name())
            };
            let parts: Vec<Object<'r>> = [object]
                .into_iter()
                .chain(patches.iter().filter(same))
                .copied()
                .collect();
            let own = parts.iter().filter_map(template);
            let own = own.filter_map(|template| template.at(&["metadata", "labels"]));
            let labels = own.flat_map(pairs).chain(common.iter().cloned()).collect();
            Workload { parts, labels }
        });
        Self {
            workloads: workloads.collect(),
            objects,
            patches,
        }
    }
}

/// The entries of a map whose values are text.
pub fn pairs(node: &Node) -> Vec<(String, String)> {
    let entries = node.entries().iter();
    let pair =
        entries.filter_map(|entry| Some((entry.key.text.clone(), entry.value.text()?.to_owned())));
    pair.collect()
}

/// A reference to what is not there, with the names that are.
pub fn fault<'k>(
    object: &Object<'_>,
    node: &Node,
    message: String,
    word: &str,
    known: impl Iterator<Item = &'k str>,
) -> Fault {
    let known: BTreeSet<&str> = known.filter(|name| !name.is_empty()).collect();
    let near = nearest(word, known.iter().copied());
    let help = match (near, known.len()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, 0) => "define it, or take the reference away".to_owned(),
        (None, _) => {
            let all: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("write {}", all.join(" or "))
        }
    };
    Fault {
        path: object.path.to_owned(),
        span: node.span.clone(),
        message,
        help,
    }
}
