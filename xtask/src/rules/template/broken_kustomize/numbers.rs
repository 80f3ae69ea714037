//! Values that have to be numbers.

use super::Fault;
use super::reading::Object;
use super::references::Applied;
use super::workload::is_workload;
use crate::rules::workflow::yaml::{Literal, Node};

impl Applied<'_> {
    /// What has to be a number is one.
    pub fn typed(&self, faults: &mut Vec<Fault>) {
        for object in self.objects.iter().chain(&self.patches) {
            let is_known = is_workload(object.kind())
                || ["HorizontalPodAutoscaler", "Service", "NetworkPolicy"].contains(&object.kind());
            if is_known {
                numbers(object, object.root, faults);
            }
        }
    }
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
