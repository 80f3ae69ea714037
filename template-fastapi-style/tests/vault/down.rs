//! A vault that is down: at start it is waited for, later its secrets are kept, and both are said.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use serde_json::{Value, json};
use service::AppState;
use service::platform::management;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::bao::{self, Bao, ROOT, free_port};
use crate::{about, backing, config, holds, names, refusal, until};

async fn asked(state: &AppState, path: &str) -> (u16, String) {
    let token = if holds(state, "second") {
        "second"
    } else {
        "first"
    };
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::empty()).unwrap();
    let answer = management::router(state).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// Status and body of `/health/ready`.
pub(crate) async fn readiness(state: &AppState) -> (u16, Value) {
    let (status, body) = asked(state, "/health/ready").await;
    (status, serde_json::from_str(&body).unwrap())
}

/// Whether nothing is wrong with the secrets. A database that is not there makes the service unready.
async fn is_well(state: &AppState) -> bool {
    let secrets = json!({ "secrets": { "status": "pass" } });
    let (status, body) = readiness(state).await;
    if backing::SECRETS.is_empty() {
        (status, body) == (200, json!({ "status": "ready", "checks": secrets }))
    } else {
        body["checks"]["secrets"] == secrets["secrets"]
    }
}

/// What the metrics say, where they are exported to whoever asks.
async fn stale_seconds(state: &AppState) -> Option<f64> {
    let (status, text) = asked(state, "/metrics").await;
    if status == 404 {
        return None;
    }
    assert_eq!(status, 200, "{text}");
    let line = text
        .lines()
        .find(|line| line.starts_with("secrets_stale_seconds "));
    Some(line.unwrap().split_once(' ').unwrap().1.parse().unwrap())
}

#[tokio::test]
async fn at_start_it_is_waited_for_until_the_deadline() {
    let address = format!("http://127.0.0.1:{}", free_port());
    let down = [
        ("APP__SECRETS__VAULT__ADDRESS", address.as_str()),
        ("APP__SECRETS__START_DEADLINE", "300ms"),
        ("SECRET_VAULT_TOKEN", ROOT),
    ];
    let said = refusal(&down).await;
    names(
        &said,
        &[
            about(&said).0,
            "`vault`",
            &address,
            "unreachable",
            "; start it",
        ],
    );
    assert!(!said.contains(ROOT), "{said}");
}

#[tokio::test]
async fn at_start_one_that_never_answers_is_not_waited_for_longer_either() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let slow = [
        ("APP__SECRETS__VAULT__ADDRESS", address.as_str()),
        ("APP__SECRETS__VAULT__TIMEOUT", "1h"),
        ("APP__SECRETS__START_DEADLINE", "300ms"),
        ("SECRET_VAULT_TOKEN", ROOT),
    ];
    let said = tokio::time::timeout(Duration::from_secs(30), refusal(&slow)).await;
    let said = said.unwrap();
    let words = [about(&said).0, "`vault`", "secrets.start_deadline"];
    names(&said, &words);
}

#[tokio::test]
async fn at_start_it_may_come_up_late() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "late" }))
        .await;
    // On the way to it, the first three connections break.
    let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", relay.local_addr().unwrap());
    let port = bao.port();
    let relayed = async {
        for number in 1.. {
            let (mut from, _) = relay.accept().await.unwrap();
            if number <= 3 {
                continue;
            }
            let mut to = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut from, &mut to).await });
        }
    };
    let late = [
        ("APP__SECRETS__VAULT__ADDRESS", address.as_str()),
        ("SECRET_VAULT_TOKEN", ROOT),
        ("APP__SECRETS__START_DEADLINE", "60s"),
    ];
    let state = tokio::select! {
        () = relayed => unreachable!("the relay goes on for ever"),
        state = AppState::new(config(&late)) => state.unwrap(),
    };
    assert!(holds(&state, "late"));
}

#[tokio::test]
async fn later_its_secrets_are_kept_and_said_to_be_old() {
    if !bao::is_here() {
        return;
    }
    let mut bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let variables = bao.by_token().map(|(name, value)| (name, value.to_owned()));
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let state = AppState::new(config(&variables)).await.unwrap();
    assert!(is_well(&state).await);
    assert!(stale_seconds(&state).await.is_none_or(|age| age == 0.0));

    let port = bao.port();
    bao.stop();
    let is_warned = || async { readiness(&state).await.1["checks"]["secrets"]["status"] == "warn" };
    until("readiness warns", is_warned).await;
    let (status, body) = readiness(&state).await;
    if backing::SECRETS.is_empty() {
        assert_eq!((status, &body["status"]), (200, &json!("ready")));
    }
    let detail = body["checks"]["secrets"]["detail"]
        .as_str()
        .unwrap()
        .to_owned();
    names(&detail, &["kept values", "not refreshed for"]);
    assert!(stale_seconds(&state).await.is_none_or(|age| age > 0.0));
    assert!(holds(&state, "first"));

    let bao = Bao::start_at(port).await;
    bao.put("management-token", json!({ "value": "second" }))
        .await;
    until("the second secret is read", || async {
        holds(&state, "second")
    })
    .await;
    until("readiness is well", || async { is_well(&state).await }).await;
    assert!(stale_seconds(&state).await.is_none_or(|age| age == 0.0));
}

#[tokio::test]
async fn a_sealed_one_is_down_until_somebody_unseals_it() {
    if !bao::is_here() {
        return;
    }
    let bao = Bao::start().await;
    bao.put("management-token", json!({ "value": "first" }))
        .await;
    let state = AppState::new(config(&bao.by_token())).await.unwrap();
    bao.call(Method::PUT, "sys/seal", json!({})).await;
    until("readiness warns", || async {
        readiness(&state).await.1["checks"]["secrets"]["status"] == "warn"
    })
    .await;
    assert!(holds(&state, "first"));

    let [address, token] = bao.by_token();
    let soon = ("APP__SECRETS__START_DEADLINE", "300ms");
    let said = refusal(&[address, token, soon]).await;
    names(
        &said,
        &[about(&said).0, &bao.address, "status 503", "; unseal it"],
    );
}

#[tokio::test]
async fn one_that_says_later_is_asked_again() {
    for status in [412, 429, 473] {
        let busy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", busy.local_addr().unwrap());
        let asked = AtomicUsize::new(0);
        let answers = async {
            loop {
                let (mut from, _) = busy.accept().await.unwrap();
                let _ = from.read(&mut [0; 4096]).await;
                asked.fetch_add(1, Ordering::Relaxed);
                let answer = format!(
                    "HTTP/1.1 {status} later\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                );
                let _ = from.write_all(answer.as_bytes()).await;
            }
        };
        let with = [
            ("APP__SECRETS__VAULT__ADDRESS", address.as_str()),
            ("APP__SECRETS__START_DEADLINE", "2s"),
            ("SECRET_VAULT_TOKEN", ROOT),
        ];
        let said = tokio::select! {
            () = answers => unreachable!("it answers for ever"),
            said = refusal(&with) => said,
        };
        names(
            &said,
            &[about(&said).0, &address, &format!("status {status}")],
        );
        assert!(asked.load(Ordering::Relaxed) > 1, "{status}: asked once");
    }
}
