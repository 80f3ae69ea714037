//! Probes: what they ask, and how long they wait.

use std::time::Duration;

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, text};

const PROBES: &[(&str, &str)] = &[
    ("startupProbe", "/health/live"),
    ("livenessProbe", "/health/live"),
    ("readinessProbe", "/health/ready"),
];

/// Each asks its own question, on the management address: connections that clients fill up are none of its own.
pub(super) fn ask(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let management = overlay.settings.number("management.port");
    for (probe, path) in PROBES {
        let get = &overlay.container()[*probe]["httpGet"];
        if get["path"] != *path || overlay.port(&get["port"]) != management {
            faults.push(overlay.fault(
                "Deployment",
                format!(
                    "`{probe}` asks `{}` on port `{}`; it has to ask `{path}` on `management`, management.port",
                    text(&get["path"]),
                    text(&get["port"])
                ),
            ));
        }
    }
}

/// A service that still waits for its secrets is not given up, and readiness has the time that its checks have.
pub(super) fn wait(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let seconds = |probe: &str, key: &str, default: u64| {
        overlay.container()[probe][key].as_u64().unwrap_or(default)
    };
    let startup = seconds("startupProbe", "initialDelaySeconds", 0)
        + seconds("startupProbe", "periodSeconds", 10)
            * seconds("startupProbe", "failureThreshold", 3);
    let readiness = seconds("readinessProbe", "timeoutSeconds", 1);
    let mut longer =
        |what: &str, have: u64, key: &str, remedy: &str| match overlay.settings.duration(key) {
            Some(wanted) if Duration::from_secs(have) > wanted => {}
            wanted => faults.push(overlay.fault(
                "Deployment",
                format!("{what} {have} s, and {key} is {}; {remedy}", shown(wanted)),
            )),
        };
    longer(
        "the startup probe gives up after",
        startup,
        "secrets.start_deadline",
        "raise its `failureThreshold`",
    );
    if overlay.gives("database", "postgres") {
        longer(
            "the readiness probe waits for",
            readiness,
            "database.readiness_timeout",
            "raise its `timeoutSeconds`",
        );
    }
    if overlay.container()["livenessProbe"]["failureThreshold"] == 1 {
        faults.push(overlay.fault(
            "Deployment",
            "one failure of the liveness probe ends the service; raise its `failureThreshold` to 2 at least",
        ));
    }
}

/// A duration in a message.
pub(super) fn shown(duration: Option<Duration>) -> String {
    duration.map_or_else(
        || "no duration".to_owned(),
        |duration| format!("{duration:?}"),
    )
}
