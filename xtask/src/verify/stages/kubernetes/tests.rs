//! Every promise, broken in each of its parts; `sound.yaml` is the prod overlay of a service with a database, as a release
//! builds it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::PLACEHOLDER;
use super::fault::told;
use super::overlay::{Overlay, parse};
use super::promises::{PROMISES, judge};
use super::settings::Settings;

fn sound() -> Overlay {
    let config = json!({
        "server": {
            "port": 8080, "drain_delay": "5s", "shutdown_timeout": "20s", "body_limit": "1MiB", "max_in_flight": 512,
        },
        "management": {"port": 9090},
        "secrets": {"provider": "env", "directory": "/run/secrets", "start_deadline": "30s"},
        "database": {"readiness_timeout": "1s", "migration_timeout": "5m"},
    });
    let variables = [
        ("APP__SECRETS__PROVIDER", "file"),
        ("APP__SECRETS__DIRECTORY", "/run/secrets/orders"),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Overlay {
        environment: "prod".into(),
        service: "orders".into(),
        answers: [("database", "postgres"), ("metrics", "prometheus")]
            .map(owned)
            .into(),
        settings: Settings::of(vec![config], variables.map(owned).into()),
        objects: parse(include_str!("sound.yaml")).unwrap(),
        images: vec![PLACEHOLDER.into()],
    }
}

/// What is wrong, as it is told.
fn judged(overlay: &Overlay) -> Vec<String> {
    told(&judge(overlay))
}

/// Does what a line of departures.txt says.
fn depart(overlay: &mut Overlay, line: &str) {
    let (place, value) = line.split_once(" = ").unwrap();
    let (kind, path) = place.split_once(' ').unwrap();
    let (parent, key) = path.rsplit_once('/').unwrap();
    let value = serde_json::from_str(value).unwrap();
    let mut objects = overlay.objects.iter_mut();
    let object = objects.find(|object| object["kind"] == kind).unwrap();
    match object.pointer_mut(parent).unwrap() {
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        // A slash in a key is written `~1` in a pointer.
        parent => parent[key.replace("~1", "/")] = value,
    }
}

#[test]
fn a_sound_overlay_has_no_fault() {
    assert_eq!(judged(&sound()), Vec::<String>::new());
}

#[test]
fn each_departure_is_named_with_its_file_and_every_promise_can_fail() {
    let mut lines = include_str!("departures.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let mut fired = BTreeSet::new();
    let mut note = |overlay: &Overlay| {
        for (index, promise) in PROMISES.iter().enumerate() {
            let mut faults = Vec::new();
            promise(overlay, &mut faults);
            fired.extend((!faults.is_empty()).then_some(index));
        }
    };
    while let (Some(change), Some(expected)) = (lines.next(), lines.next()) {
        let mut overlay = sound();
        depart(&mut overlay, change);
        note(&overlay);
        let found = judged(&overlay);
        let named = found.iter().any(|fault| fault.contains(expected.trim()));
        assert!(named, "{change}: {found:#?}");
        let placed = |fault: &String| fault.starts_with("deploy/kubernetes/base/");
        assert!(found.iter().all(placed), "{found:#?}");
    }
    let mut overlay = sound();
    overlay.images = vec!["service-image:1".into()];
    note(&overlay);
    let found = judged(&overlay).join("\n");
    assert!(found.contains("without a tag"), "{found}");
    let idle: Vec<usize> = (0..PROMISES.len())
        .filter(|index| !fired.contains(index))
        .collect();
    assert!(
        idle.is_empty(),
        "no departure breaks {idle:?}, by their place in PROMISES"
    );
}

#[test]
fn what_is_not_there_is_missed_by_name() {
    for kind in [
        "Deployment",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
    ] {
        let mut overlay = sound();
        overlay.objects.retain(|object| object["kind"] != kind);
        let found = judged(&overlay);
        let expected = format!("there is no {kind}");
        assert!(found[0].contains(&expected), "{found:#?}");
    }
}

#[test]
fn answers_and_configuration_decide_what_is_asked_for() {
    let says = |overlay: &Overlay| judged(overlay).join("\n");
    let mut overlay = sound();
    overlay.answers.insert("database".into(), "none".into());
    assert!(
        says(&overlay).contains("refers to no secret, and its pods wait for one"),
        "{}",
        says(&overlay)
    );
    let mut overlay = sound();
    overlay.answers.insert("metrics".into(), "none".into());
    let found = says(&overlay);
    assert!(
        found.contains("no metrics to collect") && found.contains("prometheus.io/scrape"),
        "{found}"
    );
    let mut overlay = sound();
    overlay.answers.insert("metrics".into(), "otlp".into());
    assert!(
        says(&overlay).contains("port 4318 over TCP"),
        "{}",
        says(&overlay)
    );
    for (variable, value, expected) in [
        (
            "APP__SERVER__DRAIN_DELAY",
            "0s",
            "server.drain_delay is 0 there",
        ),
        ("APP__SERVER__SHUTDOWN_TIMEOUT", "35s", "together are 40s"),
        ("APP__SERVER__MAX_IN_FLIGHT", "1024", "are 1024 MiB"),
        ("APP__SERVER__PORT", "8081", "server.port is 8081 there"),
        (
            "APP__SECRETS__PROVIDER",
            "env",
            "secrets.provider is `env` there",
        ),
        (
            "APP__SECRETS__START_DEADLINE",
            "2m",
            "secrets.start_deadline is 120s",
        ),
        (
            "APP__SERVER__DRAIN_DELAY",
            "soon",
            "together are no duration",
        ),
    ] {
        let mut overlay = sound();
        overlay.settings.set(variable, value);
        assert!(
            says(&overlay).contains(expected),
            "{variable}={value}: {}",
            says(&overlay)
        );
    }
}
