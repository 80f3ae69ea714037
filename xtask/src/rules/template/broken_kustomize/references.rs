//! What manifests that are applied together say of each other.

use std::collections::BTreeSet;

use super::Fault;
use super::reading::{Kustomization, Object, Reading};
use super::workload::{Workload, containers, is_workload, name, pod, template};
use crate::report::nearest;
use crate::rules::workflow::yaml::{Literal, Node};

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

fn pairs(node: &Node) -> Vec<(String, String)> {
    let entries = node.entries().iter();
    let pair =
        entries.filter_map(|entry| Some((entry.key.text.clone(), entry.value.text()?.to_owned())));
    pair.collect()
}

/// Objects that are applied together.
struct Applied<'r> {
    objects: Vec<Object<'r>>,
    patches: Vec<Object<'r>>,
    workloads: Vec<Workload<'r>>,
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

    /// Each patch has something to change, and names containers that are there.
    fn patched(&self, faults: &mut Vec<Fault>) {
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

    /// What has to be a number is one.
    fn typed(&self, faults: &mut Vec<Fault>) {
        for object in self.objects.iter().chain(&self.patches) {
            let is_known = is_workload(object.kind())
                || ["HorizontalPodAutoscaler", "Service", "NetworkPolicy"].contains(&object.kind());
            if is_known {
                numbers(object, object.root, faults);
            }
        }
    }

    /// The parts of a workload refer to each other.
    fn workload(&self, workload: &Workload<'r>, faults: &mut Vec<Fault>) {
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

    /// What an object asks of the workloads.
    fn object(&self, object: &Object<'r>, faults: &mut Vec<Fault>) {
        if self.workloads.is_empty() {
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
    fn ports(&self, object: &Object<'r>, wanted: &Node, faults: &mut Vec<Fault>) {
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

    fn scaled(&self, object: &Object<'r>, faults: &mut Vec<Fault>) {
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
fn selects(
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
fn port_name(port: &Node) -> Option<&str> {
    let scalar = port.scalar()?;
    let is_number = scalar.text.parse::<u32>().is_ok();
    (scalar.literal() == Literal::Text && !is_number && !scalar.text.contains('$'))
        .then_some(scalar.text.as_str())
}

/// Whether the key's value is a number in every manifest.
fn is_numeric(key: &str) -> bool {
    let known = [
        "replicas",
        "minReplicas",
        "maxReplicas",
        "containerPort",
        "defaultMode",
        "revisionHistoryLimit",
        "runAsUser",
        "runAsGroup",
        "fsGroup",
        "averageUtilization",
        "failureThreshold",
        "successThreshold",
    ];
    known.contains(&key)
        || (key.ends_with("Seconds") && key.chars().next().is_some_and(char::is_lowercase))
}

fn numbers(object: &Object<'_>, node: &Node, faults: &mut Vec<Fault>) {
    for entry in node.entries() {
        let key = &entry.key.text;
        // Their keys are anybody's.
        if ["annotations", "labels", "matchLabels"].contains(&key.as_str()) {
            continue;
        }
        let scalar = entry.value.scalar();
        if is_numeric(key)
            && scalar.is_some_and(|scalar| {
                scalar.literal() == Literal::Text && !scalar.text.contains('$')
            })
        {
            let text = scalar.map_or("", |scalar| scalar.text.as_str());
            faults.push(Fault {
                path: object.path.to_owned(),
                span: entry.value.span.clone(),
                message: format!("`{key}` is the text `{text}`, and has to be a number"),
                help: "write the number without quotes and with nothing behind it; a Liquid tag with `-` joins lines".to_owned(),
            });
        }
        numbers(object, &entry.value, faults);
    }
    for item in node.items() {
        numbers(object, item, faults);
    }
}

fn fault<'k>(
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
