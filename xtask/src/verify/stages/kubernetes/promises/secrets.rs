//! Secrets: files of one Secret that is named and not made here, and nothing in variables.

use serde_json::Value;

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, list, text};

/// Where the service's provider looks, the Secret is mounted: for its user alone to read, and renewed when it changes.
pub(super) fn mounted(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let mut fault = |text: String| faults.push(overlay.fault("Deployment", text));
    let name = format!("{}-secrets", overlay.service);
    let provider = overlay
        .settings
        .text("secrets.provider")
        .unwrap_or_default();
    if provider != "file" {
        fault(format!(
            "secrets.provider is `{provider}` there; set APP__SECRETS__PROVIDER to file"
        ));
    }
    let volumes = list(&overlay.pod()["volumes"]);
    let Some(volume) = volumes
        .into_iter()
        .find(|volume| volume["secret"]["secretName"] == *name)
    else {
        fault(format!(
            "no volume is of the Secret `{name}`; add it, with `secret: {{secretName: {name}}}`"
        ));
        return;
    };
    let directory = overlay
        .settings
        .text("secrets.directory")
        .unwrap_or_default();
    let mut mounts = list(&overlay.container()["volumeMounts"]);
    let mount = mounts
        .find(|mount| mount["name"] == volume["name"])
        .unwrap_or(&Value::Null);
    if mount["mountPath"] != *directory || mount["readOnly"] != true {
        fault(format!(
            "secrets.directory is `{directory}` there, and the Secret is mounted at `{}`; give APP__SECRETS__DIRECTORY and \
             `mountPath` one value, with `readOnly: true`",
            text(&mount["mountPath"])
        ));
    }
    if !mount["subPath"].is_null() {
        fault("a mount with `subPath` is never renewed when the Secret changes; mount the whole of it".into());
    }
    // 0644 where nothing is said.
    let mode = volume["secret"]["defaultMode"].as_u64().unwrap_or(0o644);
    if mode & 0o137 != 0 {
        fault(format!(
            "the Secret's files have the mode {mode:04o}; write `defaultMode: 0440`, for the group of `fsGroup` to read"
        ));
    }
    let (optional, needed) = (
        volume["secret"]["optional"] == true,
        overlay.gives("database", "postgres"),
    );
    if optional && needed {
        fault("the Secret is `optional`, and database.url refers to it; delete that, so that pods wait for it".into());
    }
    if !optional && !needed {
        fault(
            "the service refers to no secret, and its pods wait for one; write `optional: true`"
                .into(),
        );
    }
}

/// No value of a secret, nor a way to one, stands anywhere else.
pub(super) fn nowhere_else(overlay: &Overlay, faults: &mut Vec<Fault>) {
    if !overlay.object("Secret").is_null() {
        faults.push(overlay.fault(
            "Secret",
            "secrets are made by whoever runs the environment; delete it here",
        ));
    }
    for container in overlay.containers() {
        for variable in list(&container["env"]) {
            let name = text(&variable["name"]);
            if !variable["valueFrom"]["secretKeyRef"].is_null() || name.starts_with("SECRET_") {
                faults.push(overlay.fault(
                    "Deployment",
                    format!("the variable `{name}` carries a secret; the mounted file of that name is where it belongs"),
                ));
            }
        }
        if list(&container["envFrom"]).any(|source| !source["secretRef"].is_null()) {
            faults.push(overlay.fault(
                "Deployment",
                "`envFrom` makes variables of a Secret; the mounted files are where they belong",
            ));
        }
    }
}
