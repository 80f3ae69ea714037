//! Secrets that are there, that change, that are not there, and that nobody may read.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use service::AppState;

use crate::bao::{self, Bao, ROOT, folder};
use crate::{about, config, holds, names, refusal, token, until};

#[tokio::test]
async fn a_secret_is_read_and_a_rotated_one_reaches_whoever_holds_it() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let state = AppState::new(config(&bao.by_token())).await.unwrap();
    assert!(holds(&state, "first"));

    let mut holder = state.secrets.watch(&token(&state)).unwrap();
    bao.put("management-token", json!({ "value": "second" }))
        .await;
    let changed = tokio::time::timeout(Duration::from_secs(30), holder.changed());
    changed.await.unwrap().unwrap();
    assert!(holds(&state, "second") && !holds(&state, "first"));

    // A secret that was taken away is kept: whoever holds it goes on.
    bao.call(
        Method::DELETE,
        "secret/data/demo/management-token",
        json!({}),
    )
    .await;
    until("readiness warns", || async {
        crate::down::readiness(&state).await.1["checks"]["secrets"]["status"] == "warn"
    })
    .await;
    assert!(holds(&state, "second"));
}

#[tokio::test]
async fn the_token_may_stand_in_a_file_and_the_field_has_the_name_that_configuration_says() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put(
        "management-token",
        json!({ "password": "sesame", "value": 7 }),
    )
    .await;
    let folder = folder("vault_token");
    std::fs::write(folder.join("vault-token"), format!("{ROOT}\n")).unwrap();
    let with = [
        ("APP__SECRETS__VAULT__ADDRESS", bao.address.as_str()),
        ("APP__SECRETS__DIRECTORY", folder.to_str().unwrap()),
    ];
    let said = refusal(&with).await;
    names(
        &said,
        &["management.token", "`value`", "secrets.vault.field"],
    );
    let named = [with[0], with[1], ("APP__SECRETS__VAULT__FIELD", "password")];
    let state = AppState::new(config(&named)).await.unwrap();
    assert!(holds(&state, "sesame"));
}

#[tokio::test]
async fn what_is_missing_or_forbidden_refuses_at_once() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    let said = refusal(&bao.by_token()).await;
    let path = "secret/data/demo/management-token";
    names(
        &said,
        &["management.token", "`vault`", path, "missing (404)"],
    );

    let by_role = bao.by_role(json!({ "token_policies": "default" })).await;
    bao.put("management-token", json!({ "value": "sesame" }))
        .await;
    let said = refusal(&by_role).await;
    let (key, first) = about(&said);
    names(&said, &[key, first, "forbidden (403)", "policy"]);

    let wrong = [by_role[0], ("SECRET_VAULT_TOKEN", "fake-wrong-token")];
    let said = refusal(&wrong).await;
    names(
        &said,
        &[about(&said).1, "forbidden (403)", "token is valid"],
    );
    assert!(!said.contains("fake-wrong-token"), "{said}");

    let placeholder = [by_role[0], ("SECRET_VAULT_TOKEN", "dev-only-root")];
    names(&refusal(&placeholder).await, &["vault-token", "dev-only-"]);

    let nothing = [by_role[0]];
    names(
        &refusal(&nothing).await,
        &["SECRET_VAULT_TOKEN", "nowhere/vault-token"],
    );

    bao.put("management-token", json!({ "value": "dev-only-token" }))
        .await;
    let said = refusal(&bao.by_token()).await;
    names(&said, &["management.token", "placeholder", "staging"]);
}

#[tokio::test]
async fn a_namespace_is_a_vault_of_its_own() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.call(Method::POST, "sys/namespaces/team", json!({}))
        .await;
    let engine = json!({ "type": "kv", "options": { "version": "2" } });
    bao.call(Method::POST, "team/sys/mounts/secret", engine)
        .await;
    let value = json!({ "value": "the team's" });
    bao.put_within("team/", "management-token", value).await;
    bao.fill("team/").await;
    let [address, token] = bao.by_token();
    names(
        &refusal(&[address, token]).await,
        &["missing (404)", "namespace"],
    );
    let inside = [address, token, ("APP__SECRETS__VAULT__NAMESPACE", "team")];
    let state = AppState::new(config(&inside)).await.unwrap();
    assert!(holds(&state, "the team's"));
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_authority_that_configuration_names() {
    if !bao::is_here() {
        return;
    }
    let folder = folder("vault_tls");
    let bao = Bao::start_with_tls(folder.to_str().unwrap()).await;
    let [address, token] = bao.by_token();
    // At once, not after the deadline: waiting makes nobody trustworthy.
    let said = refusal(&[address, token]).await;
    names(
        &said,
        &[&bao.address, "not to be trusted", "secrets.vault.ca_file"],
    );

    let file = folder.join("nothing.pem");
    let known = ("APP__SECRETS__VAULT__CA_FILE", file.to_str().unwrap());
    names(
        &refusal(&[address, token, known]).await,
        &["nothing.pem", "ca_file"],
    );

    let file = std::fs::read_dir(&folder).unwrap().find_map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name()?.to_str()?.to_owned();
        (name.contains("ca") && !name.contains("key")).then_some(path)
    });
    let file = file.unwrap();
    let known = ("APP__SECRETS__VAULT__CA_FILE", file.to_str().unwrap());
    // Trusted, and so asked: what is missing is the secret.
    names(&refusal(&[address, token, known]).await, &["missing (404)"]);
}
