//! What belongs together, and to whom.

use crate::verify::stages::kubernetes::FOLDER;
use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, list, selects, text};

/// What every environment has. An autoscaler may be missing where the Deployment says how many.
const KINDS: &[&str] = &[
    "Deployment",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
    "ServiceAccount",
];

/// Nothing is missing, and the Deployment is where a release looks for it.
pub(super) fn complete(overlay: &Overlay, faults: &mut Vec<Fault>) {
    for kind in KINDS.iter().filter(|kind| overlay.object(kind).is_null()) {
        faults.push(overlay.fault(
            kind,
            format!("there is no {kind}; name its file in {FOLDER}/base/kustomization.yaml"),
        ));
    }
    let deployment = overlay.object("Deployment");
    if deployment["metadata"]["name"] != *overlay.service || overlay.container().is_null() {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "a release looks for the container `service` of the Deployment `{}`",
                overlay.service
            ),
        ));
    }
}

/// Every object says which service it is, of which environment, and whose.
pub(super) fn labelled(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let instance = format!("{}-{}", overlay.service, overlay.environment);
    let wanted = [
        ("app.kubernetes.io/name", Some(overlay.service.clone())),
        ("app.kubernetes.io/instance", Some(instance.clone())),
        ("app.kubernetes.io/managed-by", None),
        ("team", None),
    ];
    let own = overlay
        .objects
        .iter()
        .map(|object| (text(&object["kind"]), &object["metadata"]["labels"]));
    let pods = ("Deployment".to_owned(), overlay.labels());
    for (kind, labels) in own.chain([pods]) {
        for (label, value) in &wanted {
            let have = text(&labels[*label]);
            if have.is_empty() || value.as_ref().is_some_and(|value| *value != have) {
                faults.push(overlay.fault(
                    &kind,
                    format!("the label {label} is `{have}`; see `labels` of the kustomizations"),
                ));
            }
        }
    }
    for object in overlay
        .objects
        .iter()
        .filter(|object| object["metadata"]["namespace"] != *instance)
    {
        faults.push(overlay.fault(
            &text(&object["kind"]),
            format!(
                "its namespace is `{}`; see `namespace` of the overlay's kustomization",
                text(&object["metadata"]["namespace"])
            ),
        ));
    }
}

/// Each selector asks for what the pods have.
pub(super) fn selected(overlay: &Overlay, faults: &mut Vec<Fault>) {
    for (kind, selector) in [
        (
            "Deployment",
            &overlay.object("Deployment")["spec"]["selector"]["matchLabels"],
        ),
        ("Service", &overlay.object("Service")["spec"]["selector"]),
        (
            "NetworkPolicy",
            &overlay.object("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        ),
    ] {
        if !selects(selector, overlay.labels()) {
            faults.push(overlay.fault(
                kind,
                format!("its selector `{selector}` does not ask for the labels of the Deployment's pods; write one of theirs"),
            ));
        }
    }
}

/// The service reads the configuration of the environment that it is in.
pub(super) fn environment(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let env = &overlay.container()["env"];
    let mut set = list(env).filter(|variable| variable["name"] == "APP_ENV");
    let value = set
        .next()
        .map(|variable| text(&variable["value"]))
        .unwrap_or_default();
    if value != overlay.environment {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "APP_ENV is `{value}`; set it to {} in overlays/{}/deployment.yaml",
                overlay.environment, overlay.environment
            ),
        ));
    }
}
