//! What the section `telemetry` takes.

use std::collections::BTreeMap;

use service::config::ConfigProvider;

fn said(name: &str, value: &str) -> String {
    let variables = [("APP_ENV", "staging"), (name, value)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let provider = ConfigProvider::new(env!("CARGO_MANIFEST_DIR"), BTreeMap::from(variables));
    match provider.load() {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_cannot_be_used_is_refused_and_nothing_secret_is_quoted() {
    for (key, good, bad) in [
        (
            "ENDPOINT",
            &["https://otlp.example.com/tenant/", "http://[::1]:4318"][..],
            &[
                "localhost:4318",
                "grpc://localhost",
                "http://",
                "http://user:sesame@host",
                "http://host?key=sesame",
            ][..],
        ),
        (
            "SAMPLE_RATIO",
            &["0", "0.25", "1"],
            &["-0.1", "1.1", "NaN", "half"],
        ),
        ("EXPORT_INTERVAL", &["250ms"], &["0s", "5", "25h"]),
        ("EXPORT_TIMEOUT", &["1s"], &["0s"]),
        ("TOKEN", &[], &["sesame"]),
    ] {
        let name = format!("APP__TELEMETRY__{key}");
        for good in good {
            assert_eq!(said(&name, good), "accepted", "{good}");
        }
        for bad in bad {
            let said = said(&name, bad);
            assert!(
                said.contains(&name) && said.lines().count() == 1,
                "{bad}: {said}"
            );
            assert!(!said.contains("sesame"), "{said}");
        }
    }
}
