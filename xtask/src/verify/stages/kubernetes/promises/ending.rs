//! The end of one instance, and the turn from one version to the next.

use std::time::Duration;

use super::probes::shown;
use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, text};

/// SIGTERM drains: accepting for a while, and time to finish.
pub(super) fn drains(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let mut fault = |text: String| faults.push(overlay.fault("Deployment", text));
    let drain = overlay.settings.duration("server.drain_delay");
    let finish = overlay.settings.duration("server.shutdown_timeout");
    // What Kubernetes takes where nothing is said.
    let grace = overlay.pod()["terminationGracePeriodSeconds"]
        .as_u64()
        .unwrap_or(30);
    let both = drain.zip(finish).map(|(drain, finish)| drain + finish);
    if both.is_none_or(|both| Duration::from_secs(grace) <= both) {
        fault(format!(
            "it is killed {grace} s after SIGTERM, and server.drain_delay and server.shutdown_timeout together are {}; raise \
             `terminationGracePeriodSeconds`",
            shown(both)
        ));
    }
    if drain == Some(Duration::ZERO) {
        fault(
            "server.drain_delay is 0 there, and callers learn of the end later than the service; set \
             APP__SERVER__DRAIN_DELAY, such as 5s"
                .into(),
        );
    }
    for container in overlay.containers() {
        if !container["lifecycle"]["preStop"]["exec"].is_null() {
            fault(format!(
                "`{}` runs a command before it stops, and the image has none; leave `preStop` out, SIGTERM drains",
                text(&container["name"])
            ));
        }
    }
}

/// A version that is not ready takes no one's place, and has the time that it needs to become so.
pub(super) fn rollout(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let spec = &overlay.object("Deployment")["spec"];
    let strategy = &spec["strategy"];
    let unavailable = text(&strategy["rollingUpdate"]["maxUnavailable"]);
    if strategy["type"] != "RollingUpdate" || !["0", "0%"].contains(&unavailable.as_str()) {
        faults.push(overlay.fault(
            "Deployment",
            "a new version may take the place of the running one before it is ready; write `type: RollingUpdate` and \
             `maxUnavailable: 0`",
        ));
    }
    let mut keys = vec!["secrets.start_deadline"];
    if overlay.gives("database", "postgres") {
        keys.push("database.migration_timeout");
    }
    let waits: Option<Duration> = keys.iter().map(|key| overlay.settings.duration(key)).sum();
    let deadline = spec["progressDeadlineSeconds"].as_u64().unwrap_or(600);
    if waits.is_none_or(|waits| Duration::from_secs(deadline) <= waits) {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "a rollout counts as failed after {deadline} s, and {} is {}; raise `progressDeadlineSeconds`",
                keys.join(" + "),
                shown(waits)
            ),
        ));
    }
}
