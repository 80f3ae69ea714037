//! How many instances there are, how many may be missing, and where they stand.

use serde_json::Value;

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, list, selects, text};

/// One says how many: the autoscaler, or the Deployment. Production has two at least.
pub(super) fn count(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let deployment = overlay.object("Deployment");
    let scaler = overlay.object("HorizontalPodAutoscaler");
    let replicas = deployment["spec"]["replicas"].as_u64();
    if scaler.is_null() {
        if replicas.is_none_or(|replicas| replicas == 0) {
            faults.push(overlay.fault(
                "Deployment",
                "nothing says how many instances there are; keep the autoscaler, or set `replicas`",
            ));
        }
    } else {
        let target = &scaler["spec"]["scaleTargetRef"];
        if target["kind"] != "Deployment" || target["name"] != deployment["metadata"]["name"] {
            faults.push(overlay.fault(
                "HorizontalPodAutoscaler",
                format!(
                    "it scales `{} {}`; under `scaleTargetRef`, name the Deployment `{}`",
                    text(&target["kind"]),
                    text(&target["name"]),
                    text(&deployment["metadata"]["name"])
                ),
            ));
        }
        if replicas.is_some() {
            faults.push(overlay.fault(
                "Deployment",
                "each apply would undo what the autoscaler did; delete `replicas`, its bounds are minReplicas and maxReplicas",
            ));
        }
        let bound = |key: &str| scaler["spec"][key].as_u64().unwrap_or(1);
        if bound("minReplicas") > bound("maxReplicas") {
            faults.push(overlay.fault(
                "HorizontalPodAutoscaler",
                "minReplicas is more than maxReplicas; the overlay sets both",
            ));
        }
    }
    if overlay.environment == "prod" && least(overlay) < 2 {
        faults.push(overlay.fault(
            "HorizontalPodAutoscaler",
            "one instance is an outage away; in overlays/prod, raise `minReplicas` to 2 at least",
        ));
    }
}

/// The budget is about these pods, and lets a node be emptied.
pub(super) fn disruption(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let spec = &overlay.object("PodDisruptionBudget")["spec"];
    if !selects(&spec["selector"]["matchLabels"], overlay.labels()) {
        faults.push(overlay.fault(
            "PodDisruptionBudget",
            "its selector does not ask for the labels of the Deployment's pods; write them under `matchLabels`",
        ));
    }
    let blocks = match (&spec["maxUnavailable"], &spec["minAvailable"]) {
        (Value::Null, least_available) => {
            least_available.as_u64().is_none_or(|n| n >= least(overlay))
        }
        (most, _) => ["0", "0%"].contains(&text(most).as_str()),
    };
    if blocks {
        faults.push(overlay.fault(
            "PodDisruptionBudget",
            "no instance may ever be missing, so that no node can be emptied; write `maxUnavailable: 1`",
        ));
    }
}

/// In production, one node that is lost takes not all instances along.
pub(super) fn spread(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let by_node = |constraint: &Value| {
        constraint["topologyKey"] == "kubernetes.io/hostname"
            && selects(
                &constraint["labelSelector"]["matchLabels"],
                overlay.labels(),
            )
    };
    let spread = list(&overlay.pod()["topologySpreadConstraints"]).any(by_node);
    if overlay.environment == "prod" && !spread {
        faults.push(overlay.fault(
            "Deployment",
            "nothing keeps instances on different nodes; in overlays/prod/deployment.yaml, add a \
             `topologySpreadConstraints` by kubernetes.io/hostname for the pods' own labels",
        ));
    }
}

/// How many instances there are at least.
fn least(overlay: &Overlay) -> u64 {
    let scaler = &overlay.object("HorizontalPodAutoscaler")["spec"]["minReplicas"];
    let replicas = &overlay.object("Deployment")["spec"]["replicas"];
    scaler.as_u64().or(replicas.as_u64()).unwrap_or(1)
}
