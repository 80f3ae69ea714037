//! What a pod may do: as little as the same image under compose.

use serde_json::Value;

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, list, text};

/// Nothing of the node is the pod's.
pub(super) fn pods(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let pod = overlay.pod();
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if pod[key] == true {
            faults.push(overlay.fault(
                "Deployment",
                format!("`{key}: true` shares the node's; delete it"),
            ));
        }
    }
    for volume in list(&pod["volumes"]).filter(|volume| !volume["hostPath"].is_null()) {
        let name = text(&volume["name"]);
        faults.push(overlay.fault(
            "Deployment",
            format!("the volume `{name}` is a folder of the node; what a service keeps belongs to a database"),
        ));
    }
}

/// Each container is confined by itself, or by its pod where that counts for it.
pub(super) fn containers(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let pod = &overlay.pod()["securityContext"];
    for container in overlay.containers() {
        let own = &container["securityContext"];
        let either = |key: &str| {
            if own[key].is_null() {
                &pod[key]
            } else {
                &own[key]
            }
        };
        let drops = list(&own["capabilities"]["drop"]).any(|name| name == "ALL");
        let adds = list(&own["capabilities"]["add"]).next().is_some();
        let user = either("runAsUser").as_u64();
        let kept: &[(&str, bool)] = &[
            ("runAsNonRoot: true", *either("runAsNonRoot") == true),
            ("runAsUser: 65532", user.is_some_and(|user| user > 0)),
            (
                "seccompProfile: {type: RuntimeDefault}",
                either("seccompProfile")["type"] == "RuntimeDefault",
            ),
            (
                "readOnlyRootFilesystem: true",
                own["readOnlyRootFilesystem"] == true,
            ),
            (
                "allowPrivilegeEscalation: false",
                own["allowPrivilegeEscalation"] == false,
            ),
            ("capabilities: {drop: [ALL]}` and no `add", drops && !adds),
            ("privileged: false", own["privileged"] == false),
        ];
        for (wanted, _) in kept.iter().filter(|(_, kept)| !kept) {
            let name = text(&container["name"]);
            faults.push(overlay.fault(
                "Deployment",
                format!("in the `securityContext` of the container `{name}`, write `{wanted}`"),
            ));
        }
    }
}

/// An identity of its own, whose token nobody finds in the pod.
pub(super) fn identity(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let account = overlay.object("ServiceAccount");
    for (kind, automount) in [
        ("Deployment", &overlay.pod()["automountServiceAccountToken"]),
        ("ServiceAccount", &account["automountServiceAccountToken"]),
    ] {
        if *automount != Value::Bool(false) {
            faults.push(overlay.fault(
                kind,
                "a token for the cluster's API is mounted; write `automountServiceAccountToken: false`",
            ));
        }
    }
    let name = &overlay.pod()["serviceAccountName"];
    if name.is_null() || *name != account["metadata"]["name"] {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "pods run as the service account `{}`; name the service's own, `{}`",
                text(name),
                text(&account["metadata"]["name"])
            ),
        ));
    }
}
