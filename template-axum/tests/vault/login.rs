//! Getting in with an AppRole, and staying in.

use axum::http::Method;
use serde_json::json;
use service::AppState;

use crate::bao::{self, Bao};
use crate::{config, holds, names, refusal, until};

#[tokio::test]
async fn a_role_gets_in_and_a_wrong_secret_does_not() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "sesame" }))
        .await;
    let by_role = bao.by_role(json!({})).await;
    let state = AppState::new(config(&by_role)).await.unwrap();
    assert!(holds(&state, "sesame"));

    let mut wrong = by_role.clone();
    wrong[3].1 = "fake-wrong-id";
    let said = refusal(&wrong).await;
    names(
        &said,
        &[
            "auth/approle/login",
            "refused",
            "role_id",
            "vault-secret-id",
        ],
    );
    assert!(!said.contains("fake-wrong-id"), "{said}");
}

#[tokio::test]
async fn a_token_is_renewed_ahead_of_its_end_and_replaced_at_the_end_of_its_longest_life() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let lease = json!({ "token_ttl": "3s", "token_max_ttl": "8s" });
    let mut by_role = bao.by_role(lease).await;
    // So that nothing but the lease can be the reason to call.
    by_role.push(("APP__SECRETS__REFRESH", "1h"));
    let state = AppState::new(config(&by_role)).await.unwrap();
    let first = bao.tokens().await[0]["accessor"].clone();
    until("the first token is renewed", || async {
        let tokens = bao.tokens().await;
        tokens
            .iter()
            .any(|token| token["accessor"] == first && token["last_renewal"].is_string())
    })
    .await;
    until("another token takes its place", || async {
        let tokens = bao.tokens().await;
        tokens.iter().any(|token| token["accessor"] != first)
    })
    .await;
    until("the first token has ended", || async {
        let tokens = bao.tokens().await;
        tokens.iter().all(|token| token["accessor"] != first)
    })
    .await;
    bao.put("management-token", json!({ "value": "second" }))
        .await;
    until("the second secret is read", || async {
        holds(&state, "second")
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_revoked_is_replaced() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let by_role = bao.by_role(json!({})).await;
    let state = AppState::new(config(&by_role)).await.unwrap();
    let revoked = bao.tokens().await[0]["accessor"].clone();
    let path = "auth/token/revoke-accessor";
    bao.call(Method::POST, path, json!({ "accessor": revoked }))
        .await;
    bao.put("management-token", json!({ "value": "second" }))
        .await;
    until("the second secret is read", || async {
        holds(&state, "second")
    })
    .await;
    assert!(
        bao.tokens()
            .await
            .iter()
            .all(|token| token["accessor"] != revoked)
    );
}
