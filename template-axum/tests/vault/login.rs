//! Getting in with an AppRole, and staying in.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use service::AppState;

use crate::bao::{self, Bao};
use crate::{backing, config, holds, names, refusal, until};

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

#[tokio::test]
async fn a_token_that_somebody_made_is_renewed_and_replaced_by_what_stands_in_its_file_later() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let folder = bao::folder("vault_given");
    let file = folder.join("vault-token");
    let (token, accessor) = bao.token("3s").await;
    std::fs::write(&file, token).unwrap();
    let with = [
        ("APP__SECRETS__VAULT__ADDRESS", bao.address.as_str()),
        ("APP__SECRETS__DIRECTORY", folder.to_str().unwrap()),
        // So that nothing but the lease can be the reason to call.
        ("APP__SECRETS__REFRESH", "1h"),
    ];
    let state = AppState::new(config(&with)).await.unwrap();
    until("the token is renewed", || async {
        bao.known(&accessor).await["last_renewal"].is_string()
    })
    .await;

    let (other, _) = bao.token("1h").await;
    std::fs::write(&file, other).unwrap();
    let path = "auth/token/revoke-accessor";
    bao.call(Method::POST, path, json!({ "accessor": accessor }))
        .await;
    bao.put("management-token", json!({ "value": "second" }))
        .await;
    until("the second secret is read by the other token", || async {
        holds(&state, "second")
    })
    .await;
}

/// Waits until the role's tokens were used so often that there were many rounds since; gives how many tokens there are.
async fn tokens_after(bao: &Bao, uses: i64) -> usize {
    let used = |tokens: &[Value]| -> i64 {
        let left = tokens.iter().map(|token| token["num_uses"].as_i64());
        left.map(|left| MANY - left.unwrap()).sum()
    };
    until("the vault is asked again and again", || async {
        used(&bao.tokens().await) >= uses
    })
    .await;
    bao.tokens().await.len()
}

/// How often a token may be used; the vault counts down.
const MANY: i64 = 100_000;

#[tokio::test]
async fn a_secret_that_is_forbidden_costs_no_login_a_round() {
    if !bao::is_here() {
        return;
    }
    // Without the policy `default`, a token may not ask whether it is good: then another is tried, once a secret.
    for (without_default, most) in [(false, 1), (true, 2 + backing::SECRETS.len())] {
        let bao = Bao::start().await;
        bao.put("management-token", json!({ "value": "first" }))
            .await;
        let role = json!({ "token_num_uses": MANY, "token_no_default_policy": without_default });
        let by_role = bao.by_role(role).await;
        let state = AppState::new(config(&by_role)).await.unwrap();
        let path = "sys/policies/acl/demo";
        let forbids = json!({ "policy": r#"path "elsewhere/*" { capabilities = ["read"] }"# });
        bao.call(Method::PUT, path, forbids).await;
        assert_eq!(tokens_after(&bao, 30).await, most, "{without_default}");

        bao.put("management-token", json!({ "value": "second" }))
            .await;
        let allows = r#"path "secret/data/demo/*" { capabilities = ["read"] }"#;
        bao.call(Method::PUT, path, json!({ "policy": allows }))
            .await;
        until("the second secret is read", || async {
            holds(&state, "second")
        })
        .await;
        assert_eq!(bao.tokens().await.len(), most, "{without_default}");
    }
}

#[tokio::test]
async fn a_token_is_renewed_though_a_secret_is_gone() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let mut by_role = bao.by_role(json!({ "token_period": "3s" })).await;
    by_role.push(("APP__SECRETS__REFRESH", "1h"));
    let state = AppState::new(config(&by_role)).await.unwrap();
    let gone = "secret/metadata/demo/management-token";
    bao.call(Method::DELETE, gone, json!({})).await;
    let first = bao.tokens().await[0]["accessor"].clone();
    let mut renewed = BTreeSet::new();
    // Five lives of the token: each round finds the secret missing, and none may keep the next from being in time.
    while renewed.len() < 8 {
        let tokens = bao.tokens().await;
        let token = tokens.iter().find(|token| token["accessor"] == first);
        let token = token.unwrap_or_else(|| panic!("ended after {} renewals", renewed.len()));
        renewed.extend(token["last_renewal_time"].as_i64());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(holds(&state, "first"));
}
