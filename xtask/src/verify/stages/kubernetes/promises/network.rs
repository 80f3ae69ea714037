//! Ports and who may reach them: the public address is public, the management address is not.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, list, text};

/// The ports are those of the configuration, and the Service leads to the public one alone.
pub(super) fn ports(overlay: &Overlay, faults: &mut Vec<Fault>) {
    for (name, key) in [("http", "server.port"), ("management", "management.port")] {
        let (have, wanted) = (
            overlay.port(&Value::from(name)),
            overlay.settings.number(key),
        );
        if have.is_none() || have != wanted {
            faults.push(overlay.fault(
                "Deployment",
                format!(
                    "{key} is {} there, and the container's port `{name}` {}; give both one number",
                    shown(wanted),
                    shown(have)
                ),
            ));
        }
    }
    let public = overlay.settings.number("server.port");
    let service = overlay.object("Service");
    let targets: Vec<_> = list(&service["spec"]["ports"])
        .map(|port| overlay.port(&port["targetPort"]))
        .collect();
    if targets.is_empty() || targets.iter().any(|target| *target != public) {
        faults.push(overlay.fault(
            "Service",
            "it has to lead to the container's port `http`, and to no other: the management address is not for callers",
        ));
    }
}

/// The policy counts in both directions, opens each port to whom it is for, and leaves no rule without ports.
pub(super) fn policy(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let spec = &overlay.object("NetworkPolicy")["spec"];
    let mut fault = |text: String| faults.push(overlay.fault("NetworkPolicy", text));
    for direction in ["Ingress", "Egress"] {
        if !list(&spec["policyTypes"]).any(|kind| kind == direction) {
            fault(format!(
                "it says nothing of `{direction}`; add it to `policyTypes`"
            ));
        }
        let key = direction.to_lowercase();
        if list(&spec[&key]).any(|rule| list(&rule["ports"]).next().is_none()) {
            fault(format!(
                "a rule under `{key}` names no ports, which allows all; name those that are needed"
            ));
        }
    }
    let management = overlay.settings.number("management.port");
    let public = overlay.settings.number("server.port");
    let rules = |key: &str, port: Option<u64>| -> Vec<&Value> {
        let opens =
            |rule: &&Value| list(&rule["ports"]).any(|it| overlay.port(&it["port"]) == port);
        list(&spec[key]).filter(opens).collect()
    };
    if rules("ingress", public).is_empty() {
        fault("nobody may reach server.port; allow it under `ingress`".into());
    }
    let scrapers = rules("ingress", management);
    if scrapers
        .iter()
        .any(|rule| list(&rule["from"]).next().is_none())
    {
        fault("everybody may reach management.port; name the namespace that collects metrics under `from`".into());
    }
    match (overlay.gives("metrics", "prometheus"), scrapers.is_empty()) {
        (true, true) => fault(
            "nobody may collect metrics; allow management.port to the namespace that does".into(),
        ),
        (false, false) => fault(
            "management.port is open, and there are no metrics to collect; delete the rule".into(),
        ),
        _ => {}
    }
    let mut needed = BTreeSet::from([("UDP", 53), ("TCP", 53)]);
    if overlay.gives("database", "postgres") {
        needed.insert(("TCP", 5432));
    }
    if overlay.gives("metrics", "otlp") {
        needed.insert(("TCP", 4318));
    }
    for (protocol, port) in needed {
        let opens = |it: &Value| it["port"] == port && text(&it["protocol"]) == protocol;
        if !list(&spec["egress"]).any(|rule| list(&rule["ports"]).any(opens)) {
            fault(format!(
                "the service may not get out to port {port} over {protocol}, which it needs; add it under `egress`"
            ));
        }
    }
}

/// Prometheus is told where metrics are, and only where there are any.
pub(super) fn scraping(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let annotations = &overlay.object("Deployment")["spec"]["template"]["metadata"]["annotations"];
    let says = |key: &str| text(&annotations[format!("prometheus.io/{key}")]);
    let said = (says("scrape"), says("port"), says("path"));
    let port = overlay
        .settings
        .number("management.port")
        .unwrap_or_default();
    let wanted = if overlay.gives("metrics", "prometheus") {
        ("true".to_owned(), port.to_string(), "/metrics".to_owned())
    } else {
        Default::default()
    };
    if said != wanted {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "the annotations prometheus.io/scrape, port and path are {said:?}, and have to be {wanted:?}"
            ),
        ));
    }
}

fn shown(port: Option<u64>) -> String {
    port.map_or_else(|| "none".to_owned(), |port| port.to_string())
}
