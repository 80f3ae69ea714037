//! Secrets: referred to in configuration, fetched at start, never shown.

use std::fs;

use service::AppState;
use service::config::{SecretRef, report};

use crate::support::{config, folder, provider};

const REFERENCE: (&str, &str) = ("APP__MANAGEMENT__TOKEN__SECRET", "management-token");

async fn fetched(variables: &[(&str, &str)]) -> Result<AppState, String> {
    let mut all = vec![REFERENCE];
    all.extend(variables);
    AppState::new(config(&all))
        .await
        .map_err(|error| error.to_string())
}

fn token(state: &AppState) -> SecretRef {
    state.config.settings.management.token.clone().unwrap()
}

#[tokio::test]
async fn from_the_environment() {
    let missing = fetched(&[]).await.err().unwrap();
    for word in ["management.token", "`env`", "SECRET_MANAGEMENT_TOKEN"] {
        assert!(missing.contains(word), "{missing}");
    }
    assert_eq!(
        fetched(&[("SECRET_MANAGEMENT_TOKEN", "")])
            .await
            .err()
            .unwrap(),
        missing
    );
    let state = fetched(&[("SECRET_MANAGEMENT_TOKEN", "sesame")])
        .await
        .unwrap();
    assert!(state.secrets.matches(&token(&state), "sesame"));
    for wrong in ["", "sesam", "sesame!", "Sesame"] {
        assert!(!state.secrets.matches(&token(&state), wrong));
    }
}

#[tokio::test]
async fn from_a_directory() {
    let root = folder("secret_files");
    let directory = [
        ("APP__SECRETS__PROVIDER", "file"),
        ("APP__SECRETS__DIRECTORY", root.to_str().unwrap()),
    ];
    let missing = fetched(&directory).await.err().unwrap();
    assert!(
        missing.contains("management.token")
            && missing.contains(root.join("management-token").to_str().unwrap())
    );
    for (text, secret) in [
        ("sesame", "sesame"),
        ("sesame\n", "sesame"),
        ("sesame\n\n", "sesame\n"),
    ] {
        fs::write(root.join("management-token"), text).unwrap();
        let state = fetched(&directory).await.unwrap();
        assert!(state.secrets.matches(&token(&state), secret));
    }
    fs::write(root.join("management-token"), "\n").unwrap();
    assert!(fetched(&directory).await.err().unwrap().contains("empty"));
}

#[tokio::test]
async fn placeholders_start_in_dev_only() {
    let placeholder = [REFERENCE, ("SECRET_MANAGEMENT_TOKEN", "dev-only-token")];
    let provider = provider(folder("placeholders"), &placeholder);
    for (environment, allowed) in [("dev", true), ("staging", false), ("prod", false)] {
        let all = service::config::Environment::ALL
            .into_iter()
            .find(|known| known.name() == environment);
        let started = AppState::new(provider.load_for(all.unwrap()).unwrap()).await;
        assert_eq!(started.is_ok(), allowed, "{environment}");
    }
}

#[tokio::test]
async fn a_secret_can_not_be_shown() {
    let variables = [REFERENCE, ("SECRET_MANAGEMENT_TOKEN", "sesame")];
    let report = report::effective(&config(&variables));
    assert!(
        report.contains("•••") && !report.contains("sesame"),
        "{report}"
    );
    let state = fetched(&[("SECRET_MANAGEMENT_TOKEN", "sesame")])
        .await
        .unwrap();
    let printed = format!("{:?}", state.secrets.get(&token(&state)).unwrap());
    assert!(!printed.contains("sesame"), "{printed}");
}

#[test]
fn a_secret_in_the_place_of_a_reference_is_refused_without_being_quoted() {
    for (name, value) in [
        ("APP__MANAGEMENT__TOKEN", "sesame"),
        ("APP__MANAGEMENT__TOKEN__SECRET", "../sesame"),
    ] {
        let said = provider(folder("misplaced"), &[(name, value)])
            .load()
            .err()
            .unwrap()
            .to_string();
        assert!(
            said.starts_with("management.token") && !said.contains("sesame"),
            "{said}"
        );
    }
}

#[test]
fn a_broken_line_of_dotenv_is_named_without_its_value() {
    let root = folder("broken_dotenv");
    fs::write(root.join(".env"), "SECRET_TOKEN=\"sesame\n").unwrap();
    let said = provider(&root, &[("APP_ENV", "dev")])
        .load()
        .err()
        .unwrap()
        .to_string();
    assert!(
        said.starts_with(".env: ") && said.contains("SECRET_TOKEN"),
        "{said}"
    );
    assert!(!said.contains("sesame"), "{said}");
}
