//! Secrets: referred to in configuration, fetched at start, never shown.

use std::fs;
use std::time::Duration;

use service::AppState;
use service::config::{SecretRef, report};

use crate::backing;
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
    for (name, secret) in backing::SECRETS {
        fs::write(root.join(name), secret).unwrap();
    }
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
async fn a_file_that_changes_reaches_whoever_holds_the_secret() {
    let root = folder("rotated_files");
    for (name, secret) in backing::SECRETS {
        fs::write(root.join(name), secret).unwrap();
    }
    let directory = [
        ("APP__SECRETS__PROVIDER", "file"),
        ("APP__SECRETS__DIRECTORY", root.to_str().unwrap()),
        ("APP__SECRETS__REFRESH", "10ms"),
    ];
    let file = root.join("management-token");
    fs::write(&file, "first").unwrap();
    let state = fetched(&directory).await.unwrap();
    let mut holder = state.secrets.watch(&token(&state)).unwrap();
    // In one step, as Kubernetes does it: nobody sees half a secret.
    fs::write(root.join("next"), "second").unwrap();
    fs::rename(root.join("next"), &file).unwrap();
    let changed = tokio::time::timeout(Duration::from_secs(30), holder.changed());
    changed.await.unwrap().unwrap();
    assert!(state.secrets.matches(&token(&state), "second"));
    assert!(!state.secrets.matches(&token(&state), "first"));
}

#[test]
fn settings_that_a_vault_cannot_work_with_are_refused_before_anybody_asks_it() {
    let address = "APP__SECRETS__VAULT__ADDRESS";
    let there = (address, "https://vault.example.com:8200");
    let cases: [(&str, &[(&str, &str)]); 10] = [
        ("secrets.vault.address in", &[]),
        (
            "in the clear",
            &[(address, "http://vault.example.com:8200")],
        ),
        ("https://HOST:PORT", &[(address, "vault.example.com")]),
        (
            "https://HOST:PORT",
            &[(address, "https://user:sesame@vault")],
        ),
        ("https://HOST:PORT", &[(address, "https://vault/v1/secret")]),
        ("neither", &[(address, "ftp://vault")]),
        (
            "secrets.vault.role_id",
            &[there, ("APP__SECRETS__VAULT__AUTH", "approle")],
        ),
        (
            "`token` or `approle`",
            &[there, ("APP__SECRETS__VAULT__AUTH", "ldap")],
        ),
        (
            "secrets.vault.mount in",
            &[there, ("APP__SECRETS__VAULT__MOUNT", "a/../b")],
        ),
        (
            "secrets.vault.mount in",
            &[there, ("APP__SECRETS__VAULT__MOUNT", "/")],
        ),
    ];
    for (words, with) in cases {
        let with = [
            &[("APP_ENV", "staging"), ("APP__SECRETS__PROVIDER", "vault")],
            with,
        ]
        .concat();
        let said = provider(folder("vault_settings"), &with).load().err();
        let said = said
            .unwrap_or_else(|| panic!("accepted: {with:?}"))
            .to_string();
        assert!(said.contains(words) && !said.contains("sesame"), "{said}");
    }
    // To an agent on this machine, and in dev.
    for (environment, address) in [
        ("prod", "http://127.0.0.1:8200"),
        ("prod", "http://[::1]:8200"),
        ("prod", "http://localhost:8200"),
        ("dev", "http://vault:8200"),
    ] {
        let with = [
            ("APP_ENV", environment),
            ("APP__SECRETS__PROVIDER", "vault"),
            ("APP__SECRETS__VAULT__ADDRESS", address),
        ];
        let loaded = provider(folder("vault_settings"), &with).load();
        assert!(loaded.is_ok(), "{:?}", loaded.err());
    }
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
fn a_broken_entry_of_dotenv_is_found_without_its_value() {
    let root = folder("broken_dotenv");
    for broken in [
        "SECRET_TOKEN=\"open sesame",
        "SECRET_TOKEN=open sesame",
        "SECRET_TOKEN=open\\sesame",
        "SECRET_TOKEN: open=sesame",
        "open sesame",
    ] {
        for (before, place) in [
            ("", "the first entry"),
            (
                "# entries\nAPP__LOG__LEVEL=info\n",
                "the entry after `APP__LOG__LEVEL`",
            ),
        ] {
            fs::write(root.join(".env"), format!("{before}{broken}\n")).unwrap();
            let loaded = provider(&root, &[("APP_ENV", "dev")]).load();
            let said = loaded.err().unwrap().to_string();
            assert!(
                said.starts_with(&format!(".env: {place} cannot be read; ")),
                "{said}"
            );
            assert!(!said.contains("open") && !said.contains("sesame"), "{said}");
        }
    }
}
