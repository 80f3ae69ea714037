//! Calls to other services: with the ids of the request, within a deadline, tried again where that does no harm.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request as Asked, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Value, json as value};
use service::error::ApiError;
use service::platform::client::{CallFailed, Client, Problem};
use service::platform::server;
use service::platform::transport::CallError;
use service::{AppState, Routes};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::support::{config, request, send, service, with};

/// Another service, which counts how often it was asked.
struct Other {
    address: String,
    asked: Arc<AtomicUsize>,
}

impl Other {
    /// Answers the n-th request, from 1, with what `answer` makes of n.
    async fn answering<R: IntoResponse + 'static>(
        answer: impl Fn(usize) -> R + Clone + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        let count = any(move || {
            let answer = answer(counter.fetch_add(1, Ordering::SeqCst) + 1).into_response();
            async { answer }
        });
        Self {
            address: serving(Router::new().fallback(count)).await,
            asked,
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn serving(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server::forever(listener, router, Duration::from_mins(1)));
    format!("http://{address}")
}

fn client(variables: &[(&str, &str)]) -> Client {
    Client::new(&config(variables).settings.client)
}

async fn calls(client: &Client, method: Method, address: &str) -> Result<StatusCode, Problem> {
    let request = Request::builder().method(method).uri(address);
    let request = request.body(Bytes::from_static(b"{}")).unwrap();
    let answered = client.send(request).await;
    let status = answered.map(|answer| answer.status());
    status.map_err(|failed: CallFailed| failed.problem)
}

#[tokio::test]
async fn a_call_carries_the_ids_of_the_request() {
    let echo = get(|asked: Asked| async move {
        let header = |name| Some(asked.headers().get(name)?.to_str().ok()?.to_owned());
        let sent = ["x-request-id", "traceparent", "tracestate", "user-agent"];
        axum::Json(value!(sent.map(header)))
    });
    let other = serving(Router::new().route("/echo", echo)).await;
    let call = get(|State(state): State<AppState>| async move {
        let sent: Value = state.client.get(&format!("{other}/echo")).await?.json()?;
        Ok::<_, ApiError>(Json(sent))
    });
    let service = service(&[], Routes::new().route("/call", call)).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let asked = with(request("GET", "/call"), "x-request-id", "caller-1");
    let asked = with(asked, "tracestate", "vendor=1");
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let sent = send(&service, with(asked, "traceparent", &parent))
        .await
        .body;
    let name = env!("CARGO_PKG_NAME");
    assert_eq!(
        (&sent[0], &sent[2], &sent[3]),
        (&value!("caller-1"), &value!("vendor=1"), &value!(name))
    );
    let traceparent = sent[1].as_str().unwrap();
    assert!(
        traceparent.starts_with(&format!("00-{trace}-")) && traceparent != parent,
        "{traceparent}"
    );
}

#[tokio::test]
async fn json_goes_out_and_comes_back() {
    let echo = any(|method: Method, Json(body): Json<Value>| async move {
        Json(value!([method.as_str(), body]))
    });
    let address = serving(Router::new().fallback(echo)).await;
    let sent = value!({ "name": "bolt" });
    let answer = client(&[]).send_json(Method::POST, &address, &sent).await;
    let back: Value = answer.unwrap().json().unwrap();
    assert_eq!(back, value!(["POST", sent]));
}

#[tokio::test]
async fn what_can_be_repeated_is_tried_again_and_nothing_else() {
    let client = client(&[("APP__CLIENT__RETRIES", "2")]);
    for status in [429, 502, 503, 504] {
        let later = StatusCode::from_u16(status).unwrap();
        let other = Other::answering(move |n| if n < 3 { later } else { StatusCode::OK }).await;
        let answered = calls(&client, Method::PUT, &other.address).await;
        assert_eq!((answered.unwrap(), other.asked()), (StatusCode::OK, 3));

        let other = Other::answering(move |_| later).await;
        for (method, tries) in [
            (Method::GET, 3),
            (Method::DELETE, 6),
            (Method::POST, 7),
            (Method::PATCH, 8),
        ] {
            let answered = calls(&client, method.clone(), &other.address).await;
            assert_eq!(
                (answered.unwrap(), other.asked()),
                (later, tries),
                "{method}"
            );
        }
    }
    // Trying again would change nothing.
    let other = Other::answering(|_| StatusCode::INTERNAL_SERVER_ERROR).await;
    let answered = calls(&client, Method::GET, &other.address).await;
    assert_eq!((answered.unwrap().as_u16(), other.asked()), (500, 1));
}

#[tokio::test]
async fn connections_that_break_are_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let accepted = AtomicUsize::new(0);
    let breaking = async {
        loop {
            drop(listener.accept().await.unwrap());
            accepted.fetch_add(1, Ordering::SeqCst);
        }
    };
    let calling = async {
        let client = client(&[("APP__CLIENT__RETRIES", "2")]);
        let mut seen = Vec::new();
        for method in [Method::POST, Method::GET] {
            let broken = calls(&client, method, &address).await.unwrap_err();
            assert!(
                matches!(broken, Problem::Call(CallError::Broken(_))),
                "{broken}"
            );
            seen.push(accepted.load(Ordering::SeqCst));
        }
        seen
    };
    let seen = tokio::select! {
        () = breaking => unreachable!("it goes on for ever"),
        seen = calling => seen,
    };
    assert_eq!(seen, [1, 4]);
}

#[tokio::test]
async fn all_tries_together_keep_the_deadline() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let hanging = any(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        pending::<()>()
    });
    let address = serving(Router::new().fallback(hanging)).await;
    let client = client(&[
        ("APP__CLIENT__RETRIES", "10"),
        ("APP__CLIENT__TRY_TIMEOUT", "300ms"),
        ("APP__CLIENT__TIMEOUT", "1s"),
    ]);
    let failed = calls(&client, Method::GET, &address).await.unwrap_err();
    assert!(
        matches!(failed, Problem::Call(CallError::TimedOut(_))),
        "{failed}"
    );
    // Of eleven tries, the deadline leaves time for three or four.
    let asked = asked.load(Ordering::SeqCst);
    assert!((2..=4).contains(&asked), "{asked} tries");
}

#[tokio::test]
async fn retry_after_is_waited_for_within_the_deadline() {
    let client = client(&[("APP__CLIENT__TIMEOUT", "60s")]);
    let later = |after: &'static str| (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, after)]);
    let answer = move |n| match n {
        1 => later("1").into_response(),
        _ => StatusCode::OK.into_response(),
    };
    let other = Other::answering(answer).await;
    let began = Instant::now();
    let answered = calls(&client, Method::GET, &other.address).await;
    assert_eq!((answered.unwrap(), other.asked()), (StatusCode::OK, 2));
    assert!(began.elapsed() >= Duration::from_secs(1));

    // Later than anybody here waits: the answer goes to the caller, who knows better.
    for far in [
        "3600",
        "18446744073709551615",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let other = Other::answering(move |_| later(far)).await;
        let answered = calls(&client, Method::GET, &other.address).await;
        assert_eq!(
            (answered.unwrap().as_u16(), other.asked()),
            (503, 1),
            "{far}"
        );
    }
}

#[tokio::test]
async fn redirects_are_answers_and_answers_have_an_end() {
    let target = Other::answering(|_| StatusCode::OK).await;
    let to = target.address.clone();
    let other = Other::answering(move |_| (StatusCode::FOUND, [(LOCATION, to.clone())])).await;
    let client = client(&[]);
    let answered = calls(&client, Method::GET, &other.address).await;
    assert_eq!((answered.unwrap().as_u16(), target.asked()), (302, 0));

    let other = Other::answering(|_| vec![b'.'; 9 << 20]).await;
    let failed = calls(&client, Method::GET, &other.address)
        .await
        .unwrap_err();
    assert!(
        matches!(failed, Problem::Call(CallError::TooLarge(_))),
        "{failed}"
    );
}

#[tokio::test]
async fn what_is_to_be_sent_with_tls_never_goes_without() {
    let other = Other::answering(|_| StatusCode::OK).await;
    let client = client(&[("APP__CLIENT__RETRIES", "0")]);
    let plainly = calls(&client, Method::GET, &other.address).await;
    assert_eq!((plainly.unwrap().as_u16(), other.asked()), (200, 1));
    let secret = other.address.replacen("http:", "https:", 1);
    let failed = calls(&client, Method::GET, &secret).await.unwrap_err();
    // The latter where the machine knows no certificate authority.
    assert!(
        matches!(
            failed,
            Problem::Call(CallError::Unreachable(_) | CallError::Untrusted(_))
        ),
        "{failed}"
    );
    assert_eq!(other.asked(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up_by_itself() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    // Nobody takes connections from this queue, and Linux leaves whoever finds it full without an answer.
    let full = socket.listen(0).unwrap();
    let address = full.local_addr().unwrap();
    let _first = TcpStream::connect(address).await.unwrap();
    let client = client(&[
        ("APP__CLIENT__CONNECT_TIMEOUT", "50ms"),
        ("APP__CLIENT__RETRIES", "0"),
    ]);
    let address = format!("http://{address}/");
    let failed = calls(&client, Method::GET, &address).await.unwrap_err();
    assert!(
        matches!(failed, Problem::Call(CallError::Unreachable(_))),
        "{failed}"
    );
}

#[tokio::test]
async fn failures_reach_the_caller_as_503_or_500_and_tell_nothing() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/secret-path", free.local_addr().unwrap());
    drop(free);
    let later = Other::answering(|_| StatusCode::BAD_GATEWAY).await;
    let missing = Other::answering(|_| StatusCode::NOT_FOUND).await;
    let text = Other::answering(|_| "inner text").await;
    let cases = [
        (nobody.as_str(), 503),
        (&later.address, 503),
        (&missing.address, 500),
        (&text.address, 500),
        ("no address", 500),
        ("ftp://127.0.0.1/", 500),
    ];
    for (address, status) in cases {
        let owned = address.to_owned();
        let call = get(|State(state): State<AppState>| async move {
            let answered: Value = state.client.get(&owned).await?.json()?;
            Ok::<Response, ApiError>(Json(answered).into_response())
        });
        let service = service(&[], Routes::new().route("/call", call)).await;
        let answer = send(&service, request("GET", "/call")).await;
        answer.is_problem(status);
        let told = answer.body.to_string();
        assert!(
            !["secret", "inner", "127.0.0.1"]
                .iter()
                .any(|word| told.contains(word)),
            "{address}: {told}"
        );
        assert_eq!(status == 503, answer.headers.contains_key(RETRY_AFTER));
    }
}
