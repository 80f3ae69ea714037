//! Bearer tokens: who is let in, and who is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::routing::get;
use axum::{Extension, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json as value};
use service::api::Override;
use service::auth::CurrentUser;
use service::platform::edge::Edge;
use service::platform::server;
use service::{Routes, app};
use tokio::net::TcpListener;
use tower::Layer;

use crate::support::{request, send, service, with};

const ME: &str = "/api/v1/me";
const ISSUER: &str = "https://issuer.example";

/// Who issues tokens, with a key that nobody else has.
struct Issuer {
    key: EncodingKey,
    address: String,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    async fn start() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let public = EcdsaKeyPair::from_pkcs8(algorithm, pair.as_ref(), &random).unwrap();
        let point = public.public_key().as_ref()[1..].to_vec();
        let (x, y) = point.split_at(32);
        let key = value!({
            "kty": "EC", "crv": "P-256", "kid": "first", "use": "sig", "alg": "ES256",
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        });
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        let keys = get(async move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Json(value!({ "keys": [key] }))
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let routes = Router::new().route("/keys", keys);
        tokio::spawn(server::forever(listener, routes, Duration::from_secs(5)));
        Self {
            key: EncodingKey::from_ec_der(pair.as_ref()),
            address,
            asked,
        }
    }

    async fn service(&self) -> Edge {
        let settings = [
            ("APP__AUTH__ISSUER", ISSUER),
            ("APP__AUTH__AUDIENCE", "shop"),
            ("APP__AUTH__JWKS_URL", self.address.as_str()),
        ];
        service(&settings, Routes::new()).await
    }

    fn token(&self, id: &str, change: impl FnOnce(&mut Value)) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let mut claims = value!({
            "iss": ISSUER, "aud": "shop", "sub": "ada", "scope": "items:read items:write",
            "exp": now + 600,
        });
        change(&mut claims);
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(id.to_owned());
        encode(&header, &claims, &self.key).unwrap()
    }
}

fn bearing(token: &str) -> axum::http::Request<axum::body::Body> {
    with(
        request("GET", ME),
        "authorization",
        &format!("Bearer {token}"),
    )
}

#[tokio::test]
async fn a_token_of_the_issuer_lets_in() {
    let issuer = Issuer::start().await;
    let service = issuer.service().await;
    for _ in 0..3 {
        let me = send(&service, bearing(&issuer.token("first", |_| {}))).await;
        assert_eq!(me.status, 200, "{}", me.body);
        let expected = value!({ "subject": "ada", "scopes": ["items:read", "items:write"] });
        assert_eq!(me.body, expected);
    }
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 1, "keys are kept");
}

#[tokio::test]
async fn no_other_does() {
    let issuer = Issuer::start().await;
    let service = issuer.service().await;
    let stranger = Issuer::start().await;
    let good = issuer.token("first", |_| {});
    let (signed, _) = good.rsplit_once('.').unwrap();
    let unsigned = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), "e30");
    let symmetric = {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("first".into());
        let claims =
            value!({ "iss": ISSUER, "aud": "shop", "sub": "ada", "exp": 99_999_999_999_u64 });
        encode(&header, &claims, &EncodingKey::from_secret(b"first")).unwrap()
    };
    let tokens = [
        issuer.token("first", |claims| claims["exp"] = value!(1)),
        issuer.token("first", |claims| {
            claims["iss"] = value!("https://other.example");
        }),
        issuer.token("first", |claims| claims["aud"] = value!("elsewhere")),
        issuer.token("first", |claims| claims["nbf"] = value!(99_999_999_999_u64)),
        issuer.token("first", |claims| {
            drop(claims.as_object_mut().unwrap().remove("sub"));
        }),
        issuer.token("unknown", |_| {}),
        stranger.token("first", |_| {}),
        format!("{signed}.AAAA"),
        unsigned,
        symmetric,
        "no-token".into(),
    ];
    for token in tokens {
        let refused = send(&service, bearing(&token)).await;
        refused.is_problem(401);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
    }
    for header in ["Basic YTpi", "Bearer", "Bearer ", ""] {
        let request = with(request("GET", ME), "authorization", header);
        send(&service, request).await.is_problem(401);
    }
    let nobody = send(&service, request("GET", ME)).await;
    nobody.is_problem(401);
    assert_eq!(nobody.body["detail"], "Not authenticated");
    assert_eq!(
        issuer.asked.load(Ordering::SeqCst),
        1,
        "invented keys are not asked for"
    );
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_a_dependency_that_is_down() {
    let issuer = Issuer::start().await;
    let settings = [
        ("APP__AUTH__ISSUER", ISSUER),
        ("APP__AUTH__JWKS_URL", "http://127.0.0.1:1/keys"),
        ("APP__CLIENT__RETRIES", "0"),
    ];
    let service = service(&settings, Routes::new()).await;
    let answer = send(&service, bearing(&issuer.token("first", |_| {}))).await;
    answer.is_problem(503);
}

#[tokio::test]
async fn a_test_may_bring_its_own_user() {
    let ada = || CurrentUser {
        subject: "ada".into(),
        scope: "all".into(),
        claims: serde_json::Map::new(),
    };
    let service = service(&[], Routes::new()).await;
    send(&service, request("GET", ME)).await.is_problem(401);
    let service = Extension(Override::with(ada)).layer(service);
    let me = send(&service, request("GET", ME)).await;
    assert_eq!(me.body, value!({ "subject": "ada", "scopes": ["all"] }));
}

#[test]
fn a_scope_is_a_whole_word() {
    let user = CurrentUser {
        subject: "ada".into(),
        scope: "items:read items".into(),
        claims: serde_json::Map::new(),
    };
    assert!(user.needs("items").is_ok());
    assert!(user.needs("items:read").is_ok());
    assert!(user.needs("items:write").is_err());
    assert!(user.needs("read").is_err());
}

#[test]
fn the_document_says_who_is_let_in() {
    let document = app::api().document(app::info()).json;
    let me = &document["paths"][ME]["get"];
    assert_eq!(me["security"], value!([{ "HTTPBearer": [] }]));
    assert!(me["responses"]["401"].is_object() && me["responses"]["403"].is_object());
    let scheme = &document["components"]["securitySchemes"]["HTTPBearer"];
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&value!("http"), &value!("bearer"))
    );
}
