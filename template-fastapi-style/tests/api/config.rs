//! The contract of the configuration: every environment loads, every key is known, every mistake is named.

use std::fs;

use service::config::{ConfigProvider, Environment, report};

use crate::support::{folder, provider};

fn refusal(provider: &ConfigProvider) -> String {
    provider
        .load()
        .err()
        .map_or_else(|| "accepted".to_owned(), |error| error.to_string())
}

#[test]
fn every_environment_loads() {
    let provider = provider(folder("every_environment"), &[]);
    for environment in Environment::ALL {
        let config = provider.load_for(environment).unwrap();
        assert_eq!(config.environment, environment);
    }
    assert!(report::check(&provider).is_empty());
}

/// Each key of default.yaml is in `Settings` (or loading refuses it), and each of `Settings` in default.yaml: without
/// its line the service does not start and says which key it misses.
#[test]
#[expect(clippy::disallowed_methods, reason = "reads the file to spoil a copy")]
fn default_yaml_and_settings_have_the_same_keys() {
    let root = folder("same_keys");
    for overlay in ["dev", "staging", "prod"] {
        fs::write(root.join(format!("config/{overlay}.yaml")), "{}").unwrap();
    }
    let default = fs::read_to_string(root.join("config/default.yaml")).unwrap();
    let (mut path, mut tried) = (Vec::new(), 0);
    for (number, line) in default.lines().enumerate() {
        let indented = line.trim_start();
        let Some((key, value)) = indented.split_once(':') else {
            continue;
        };
        if indented.starts_with('#') {
            continue;
        }
        path.truncate((line.len() - indented.len()) / 2);
        let section = path.join(".");
        path.push(key);
        if value.is_empty() {
            continue;
        }
        let rest = default
            .lines()
            .enumerate()
            .filter(|(other, _)| *other != number);
        let rest: Vec<&str> = rest.map(|(_, line)| line).collect();
        fs::write(root.join("config/default.yaml"), rest.join("\n")).unwrap();
        let said = refusal(&provider(&root, &[]));
        let optional = value.trim() == "null";
        let expected = path.join(".");
        // The only key of its section leaves no section behind.
        let missed = said.contains(&expected) || said.starts_with(&format!("{section} in"));
        assert!(
            missed || optional && said == "accepted",
            "{expected}: {said}"
        );
        tried += 1;
    }
    assert!(tried > 10, "the keys of default.yaml were not found");
}

#[test]
fn later_layers_win_and_the_report_says_which() {
    let root = folder("layers");
    fs::write(
        root.join(".env"),
        "APP__SERVER__PORT=1\nAPP__SERVER__MAX_IN_FLIGHT=1\n",
    )
    .unwrap();
    let variables = [
        ("APP__SERVER__PORT", "2"),
        (
            "APP__CORS__ALLOWED_ORIGINS",
            "https://a.example, http://b.example:8080",
        ),
    ];
    let config = provider(&root, &variables).load().unwrap();
    assert_eq!(
        (
            config.settings.server.port,
            config.settings.server.max_in_flight
        ),
        (2, 1)
    );
    let report = report::effective(&config);
    let line = |key: &str| {
        report
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap()
            .to_owned()
    };
    assert!(
        line("server.port").ends_with("environment variable APP__SERVER__PORT"),
        "{report}"
    );
    assert!(
        line("server.max_in_flight").ends_with(".env: APP__SERVER__MAX_IN_FLIGHT"),
        "{report}"
    );
    assert!(
        line("server.drain_delay").ends_with("config/dev.yaml"),
        "{report}"
    );
    assert!(
        line("server.host").ends_with("config/default.yaml"),
        "{report}"
    );

    let prod = provider(&root, &[("APP_ENV", "prod")]).load().unwrap();
    assert_eq!(
        prod.settings.server.port, 8080,
        "`.env` has no say outside dev"
    );
}

#[test]
fn a_mistake_is_named_with_its_key_and_its_variable() {
    let cases = [
        ("APP__SERVER__PROT", "1", "server.prot"),
        ("APP__SERVRE__PORT", "1", "servre"),
        ("APP__SERVER__PORT", "many", "server.port"),
        ("APP__SERVER__PORT", "65536", "server.port"),
        ("APP__SERVER__PORT", "off", "server.port"),
        ("APP__SERVER__PORT", "1.0", "server.port"),
        ("APP__MANAGEMENT__PORT", "yes", "management.port"),
        ("APP__SERVER__MAX_IN_FLIGHT", "true", "server.max_in_flight"),
        ("APP__SERVER__MAX_IN_FLIGHT", "0", "server.max_in_flight"),
        ("APP__SERVER", "1", "server"),
        ("APP__SERVER", "", "server"),
        (
            "APP__SERVER__REQUEST_TIMEOUT",
            "0s",
            "server.request_timeout",
        ),
        (
            "APP__SERVER__HEADER_TIMEOUT",
            "25h",
            "server.header_timeout",
        ),
        (
            "APP__SERVER__DRAIN_DELAY",
            "300000000000y",
            "server.drain_delay",
        ),
        ("APP__SERVER__HOST", "localhost", "server.host"),
        (
            "APP__SERVER__REQUEST_TIMEOUT",
            "5",
            "server.request_timeout",
        ),
        ("APP__SERVER__BODY_LIMIT", "lots", "server.body_limit"),
        ("APP__LOG__LEVEL", "loud", "log.level"),
        ("APP__LOG__LEVEL", "info,hyper=loud", "log.level"),
        ("APP__LOG__FORMAT", "xml", "log.format"),
        ("APP__SECRETS__PROVIDER", "attic", "secrets.provider"),
        ("APP__CORS__ALLOWED_ORIGINS", "*", "cors.allowed_origins"),
        (
            "APP__CORS__ALLOWED_ORIGINS",
            "example.com",
            "cors.allowed_origins",
        ),
        (
            "APP__CORS__ALLOWED_ORIGINS",
            "https://x.example:99999",
            "cors.allowed_origins",
        ),
        (
            "APP__CORS__ALLOWED_ORIGINS",
            "https://x.example,http://x.example?y",
            "cors.allowed_origins",
        ),
    ];
    let root = folder("mistakes");
    for (name, value, key) in cases {
        let said = refusal(&provider(&root, &[(name, value)]));
        assert!(
            said.starts_with(&format!("{key} in environment variable {name}")),
            "{said}"
        );
        assert!(said.contains("; ") && !said.contains('\n'), "{said}");
    }
}

#[test]
fn a_variable_whose_name_misleads_is_refused() {
    let root = folder("misleading");
    for name in [
        "APP__",
        "APP__SERVER__",
        "APP____PORT",
        "APP__server__port",
        "APP__CORS__ALLOWED_ORIGINS[999999999999]",
        "APP__SERVER__PORT__X",
        "APP_SERVER__PORT",
    ] {
        let said = refusal(&provider(&root, &[("APP__SERVER__PORT", "1"), (name, "1")]));
        assert!(
            said.starts_with(&format!("environment variable {name}: ")) && said.contains("; "),
            "{said}"
        );
    }
    let others = [("APP_PORT", "tcp://10.0.0.1:80"), ("APPLICATION__X", "1")];
    assert!(provider(&root, &others).load().is_ok());
}

#[test]
fn a_mistake_in_a_file_is_named_with_the_file() {
    let root = folder("file_mistakes");
    for (text, place) in [
        ("server: {prot: 1}", "server.prot in "),
        ("server: [", ""),
        ("server:\n  port: x", "server.port in "),
        ("server:\n  port: 18080.7", "server.port in "),
        ("server:\n  max_in_flight: true", "server.max_in_flight in "),
    ] {
        fs::write(root.join("config/prod.yaml"), text).unwrap();
        let findings = report::check(&provider(&root, &[]));
        assert_eq!(findings.len(), 1);
        let said = findings[0].to_string();
        assert!(
            said.starts_with(place) && said.contains("config/prod.yaml") && !said.contains('\n'),
            "{said}"
        );
    }
    fs::remove_file(root.join("config/default.yaml")).unwrap();
    assert!(refusal(&provider(&root, &[])).contains("default.yaml"));
}

#[test]
fn an_environment_that_does_not_exist_is_refused() {
    for word in ["", "production", "Dev"] {
        let said = refusal(&provider(folder("no_environment"), &[("APP_ENV", word)]));
        assert!(
            said.contains("APP_ENV") && said.contains("dev, staging or prod"),
            "{said}"
        );
    }
}

#[test]
fn log_levels_may_differ_by_target() {
    let variables = [("APP__LOG__LEVEL", "warn, service::items=debug")];
    let config = provider(folder("log_levels"), &variables).load().unwrap();
    let level = config.settings.log.level;
    assert!(level.would_enable("service::items::routes", &tracing::Level::DEBUG));
    assert!(!level.would_enable("hyper", &tracing::Level::INFO));

    let variables = [("APP__LOG__LEVEL", "hyper=warn")];
    let config = provider(folder("log_levels"), &variables).load().unwrap();
    let level = config.settings.log.level;
    assert!(level.would_enable("service", &tracing::Level::INFO));
}
