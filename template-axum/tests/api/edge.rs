//! What surrounds every handler: each way for a request to fail, and what every response carries.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Html;
use axum::routing::{get, post};
use hyper::body::Frame;
use serde_json::{Value, json as value};
use service::AppState;
use service::error::ApiError;
use service::extract::Json;
use service::platform::context::{self, Context};
use service::platform::management;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::support::{config, json, request, send, service, with};

/// A body of so many pieces of 1000 bytes, whose length is not announced.
struct Pieces(usize);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        Poll::Ready(left.map(|_| Ok(Frame::data(Bytes::from_static(&[b' '; 1000])))))
    }
}

fn echo() -> Router<AppState> {
    let echo = post(|Json(body): Json<Value>| async { Json(body) });
    Router::new().route("/echo", echo).route(
        "/raw",
        post(|body: Bytes| async move { body.len().to_string() }),
    )
}

#[tokio::test]
async fn nothing_there() {
    let service = service(&[], Router::new()).await;
    send(&service, request("GET", "/nowhere"))
        .await
        .is_problem(404);
    let answer = send(&service, request("DELETE", "/version")).await;
    answer.is_problem(405);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let service = service(&[], echo()).await;
    send(&service, json("POST", "/echo", "{"))
        .await
        .is_problem(400);
    send(&service, request("POST", "/echo"))
        .await
        .is_problem(415);
    let text = with(json("POST", "/echo", "{}"), "content-type", "text/plain");
    send(&service, text).await.is_problem(415);
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    let service = service(&[("APP__SERVER__BODY_LIMIT", "10000B")], echo()).await;
    let announced = |size| json("POST", "/raw", &" ".repeat(size));
    assert_eq!(send(&service, announced(10_000)).await.body, 10_000);
    send(&service, announced(10_001)).await.is_problem(413);

    for path in ["/raw", "/echo"] {
        let chunked = |pieces| json("POST", path, "").map(|_| Body::new(Pieces(pieces)));
        send(&service, chunked(11)).await.is_problem(413);
        assert_ne!(send(&service, chunked(10)).await.status, 413);
    }
}

#[tokio::test]
async fn a_limit_above_axums_own_holds() {
    let service = service(&[("APP__SERVER__BODY_LIMIT", "4MiB")], echo()).await;
    let answer = send(&service, json("POST", "/raw", &" ".repeat(3 << 20))).await;
    assert_eq!(answer.body, 3 << 20);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_is_cancelled() {
    struct Dropped(Arc<AtomicBool>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
            panic!("while it is cancelled");
        }
    }
    let cancelled = Arc::new(AtomicBool::new(false));
    let watched = cancelled.clone();
    let slow = get(move || async move {
        let _dropped = Dropped(watched);
        std::future::pending::<()>().await;
    });
    let service = service(&[], Router::new().route("/slow", slow)).await;
    let started = tokio::time::Instant::now();
    send(&service, request("GET", "/slow"))
        .await
        .is_problem(408);
    assert_eq!(started.elapsed().as_secs(), 10);
    assert!(cancelled.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_next_request_works() {
    async fn panics() {
        panic!("with an inner text");
    }
    let service = service(&[], Router::new().route("/panic", get(panics))).await;
    let answer = send(&service, request("GET", "/panic")).await;
    answer.is_problem(500);
    assert!(!answer.body.to_string().contains("inner"));
    assert_eq!(send(&service, request("GET", "/version")).await.status, 200);
}

#[tokio::test]
async fn an_error_of_ours_is_not_told() {
    let fails = get(|| async { ApiError::Internal("an inner text".into()) });
    let speaks = get(|| async { (StatusCode::BAD_GATEWAY, "an inner text") });
    let typed = get(|| async {
        (
            StatusCode::CONFLICT,
            axum::Json(value!({ "of": "its own" })),
        )
    });
    let bytes = get(|| async {
        (
            StatusCode::BAD_GATEWAY,
            Bytes::from_static(b"an inner text"),
        )
    });
    let html = get(|| async { (StatusCode::CONFLICT, Html("an inner text")) });
    let routes = Router::new()
        .route("/fails", fails)
        .route("/speaks", speaks)
        .route("/bytes", bytes)
        .route("/html", html)
        .route("/typed", typed);
    let service = service(&[], routes).await;
    for (path, status) in [
        ("/fails", 500),
        ("/speaks", 502),
        ("/bytes", 502),
        ("/html", 409),
    ] {
        let answer = send(&service, request("GET", path)).await;
        answer.is_problem(status);
        assert!(!answer.body.to_string().contains("inner"));
    }
    assert_eq!(
        send(&service, request("GET", "/typed")).await.body["of"],
        "its own"
    );
}

#[tokio::test]
async fn one_too_many_is_turned_away_and_health_is_not() {
    let entered = Arc::new(Notify::new());
    let (inside, leave) = (entered.clone(), Arc::new(Notify::new()));
    let left = leave.clone();
    let hold = get(move || async move {
        inside.notify_one();
        left.notified().await;
    });
    let service = service(
        &[("APP__SERVER__MAX_IN_FLIGHT", "1")],
        Router::new().route("/hold", hold),
    )
    .await;
    let first = tokio::spawn(service.clone().oneshot(request("GET", "/hold")));
    entered.notified().await;

    for _ in 0..3 {
        let refused = send(&service, request("GET", "/version")).await;
        refused.is_problem(503);
        assert_eq!(refused.header("retry-after"), "1");
    }
    for probe in ["/health/live", "/health/ready"] {
        assert_eq!(send(&service, request("GET", probe)).await.status, 200);
    }

    leave.notify_one();
    let unread = first.await.unwrap().unwrap();
    // Answered, but its body has not been sent: it still counts.
    send(&service, request("GET", "/version"))
        .await
        .is_problem(503);
    drop(unread);
    assert_eq!(send(&service, request("GET", "/version")).await.status, 200);
}

#[tokio::test]
async fn request_ids_are_echoed_when_harmless_and_made_otherwise() {
    let service = service(&[], Router::new()).await;
    let longest = "x".repeat(128);
    for given in ["a", "A-1_b.c", longest.as_str()] {
        let answer = send(
            &service,
            with(request("GET", "/nowhere"), "x-request-id", given),
        )
        .await;
        assert_eq!(answer.header("x-request-id"), given);
        answer.is_problem(404);
    }
    let too_long = "x".repeat(129);
    for hostile in ["", "a b", "a\"b", "a;b", "ä", "{}", too_long.as_str()] {
        let answer = send(
            &service,
            with(request("GET", "/version"), "x-request-id", hostile),
        )
        .await;
        let made = uuid::Uuid::try_parse(answer.header("x-request-id")).unwrap();
        assert_eq!(made.get_version_num(), 7);
    }
    let mut twice = with(request("GET", "/version"), "x-request-id", "one");
    twice
        .headers_mut()
        .append("x-request-id", "two".parse().unwrap());
    let answer = send(&service, twice).await;
    assert!(!["one", "two"].contains(&answer.header("x-request-id")));
}

#[tokio::test]
async fn a_trace_goes_on_in_the_calls_of_a_handler_and_of_its_tasks() {
    let outgoing = get(|| async {
        let inject = async {
            let mut headers = HeaderMap::new();
            Context::current().unwrap().inject(&mut headers);
            let text = |name| {
                headers
                    .get(name)
                    .map(|value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned())
            };
            (
                text("x-request-id"),
                text("traceparent"),
                text("tracestate"),
            )
        };
        Json(context::spawn(inject).await.unwrap())
    });
    let service = service(&[], Router::new().route("/call", outgoing)).await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let call = |parent: &str| {
        let request = with(request("GET", "/call"), "traceparent", parent);
        with(
            with(request, "tracestate", "vendor=1"),
            "x-request-id",
            "mine",
        )
    };
    let answer = send(&service, call(&format!("00-{trace}-b7ad6b7169203331-01"))).await;
    let sent = answer.body[1].as_str().unwrap();
    assert_eq!(
        (&answer.body[0], &answer.body[2]),
        (&value!("mine"), &value!("vendor=1"))
    );
    assert_eq!(
        (sent.len(), &sent[..36], &sent[52..]),
        (55, format!("00-{trace}-").as_str(), "-01")
    );
    assert_ne!(&sent[36..52], "b7ad6b7169203331", "a span of its own");

    let malformed = [
        String::new(),
        format!("ff-{trace}-b7ad6b7169203331-01"),
        format!("00-{trace}-0000000000000000-01"),
        format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)),
        format!("00-{}-b7ad6b7169203331-01", trace.to_uppercase()),
        format!("00-{trace}-b7ad6b7169203331-01-more"),
        format!("00-{trace}-b7ad6b7169203331"),
    ];
    for parent in malformed {
        let answer = send(&service, call(&parent)).await;
        let sent = answer.body[1].as_str().unwrap();
        assert!(
            sent.len() == 55 && !sent.contains(trace),
            "{parent} became {sent}"
        );
        assert_eq!(
            answer.body[2],
            Value::Null,
            "the state of a broken trace is not passed on"
        );
    }
}

#[tokio::test]
async fn a_check_that_fails_is_named_and_the_process_stays_alive() {
    let register = post(|State(state): State<AppState>| async move {
        state
            .readiness
            .register("cache", Duration::from_secs(1), || async { Ok(()) });
        state
            .readiness
            .register("database", Duration::from_secs(1), || async {
                Err("an inner text".into())
            });
        state
            .readiness
            .register("queue", Duration::ZERO, std::future::pending);
    });
    let service = service(&[], Router::new().route("/register", register)).await;
    let ready = send(&service, request("GET", "/health/ready")).await;
    assert_eq!(
        (ready.status.as_u16(), ready.body),
        (200, value!({ "status": "ready", "checks": {} }))
    );
    send(&service, request("POST", "/register")).await;
    let unready = send(&service, request("GET", "/health/ready")).await;
    let checks = value!({
        "cache": { "status": "pass" },
        "database": { "status": "fail", "detail": "failed" },
        "queue": { "status": "fail", "detail": "timed out" },
    });
    assert_eq!(unready.status, 503);
    assert_eq!(
        unready.body,
        value!({ "status": "unavailable", "checks": checks })
    );
    assert_eq!(
        send(&service, request("GET", "/health/live")).await.status,
        200
    );
}

#[tokio::test(start_paused = true)]
async fn dependencies_do_not_feel_how_many_ask() {
    let state = AppState::new(config(&[])).await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    state
        .readiness
        .register("database", Duration::from_secs(1), move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::task::yield_now().await;
                Ok(())
            }
        });
    let service = service::app::router(state, Router::new());
    for round in 1..=2 {
        let ready = || send(&service, request("GET", "/health/ready"));
        let (one, other) = tokio::join!(ready(), ready());
        assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
        assert_eq!(asked.load(Ordering::SeqCst), round);
        tokio::time::advance(Duration::from_millis(600)).await;
    }
}

#[tokio::test]
async fn a_body_is_a_part_of_its_request() {
    /// Says in which request it is asked.
    struct Says(bool);
    impl HttpBody for Says {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut TaskContext<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let said = std::mem::replace(&mut self.0, true);
            let id = Context::current().map(|context| format!("{:?}", context.request_id()));
            Poll::Ready((!said).then(|| Ok(Frame::data(id.unwrap_or_default().into()))))
        }
    }
    let says = get(|| async { Body::new(Says(false)) });
    let service = service(&[], Router::new().route("/says", says)).await;
    let asked = with(request("GET", "/says"), "x-request-id", "mine");
    assert_eq!(send(&service, asked).await.body, "mine");
}

#[tokio::test]
async fn cors_is_off_unless_configured() {
    let preflight = || {
        let request = with(
            request("OPTIONS", "/version"),
            "origin",
            "https://app.example.com",
        );
        with(request, "access-control-request-method", "GET")
    };
    let closed = service(&[], Router::new()).await;
    assert_eq!(
        send(&closed, preflight())
            .await
            .header("access-control-allow-origin"),
        ""
    );
    let settings = [
        ("APP__CORS__ALLOWED_ORIGINS", "https://app.example.com"),
        ("APP__SERVER__BODY_LIMIT", "1KiB"),
        ("APP__SERVER__MAX_IN_FLIGHT", "1"),
    ];
    let open = service(&settings, echo()).await;
    let large = || {
        let large = json("POST", "/raw", &" ".repeat(2000));
        with(large, "origin", "https://app.example.com")
    };
    let answer = send(&open, large()).await;
    answer.is_problem(413);
    assert_eq!(
        (
            answer.header("access-control-allow-origin"),
            answer.header("vary")
        ),
        ("https://app.example.com", "origin")
    );
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.contains("x-request-id") && exposed.contains("retry-after"));
    let unread = open.clone().oneshot(request("GET", "/version")).await;
    let busy = send(&open, with(large(), "origin", "https://evil.example")).await;
    busy.is_problem(503);
    assert_eq!(busy.header("access-control-allow-origin"), "");
    // A preflight is no request yet: there is room for it.
    let answer = send(&open, preflight()).await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.header("access-control-allow-origin")
        ),
        (200, "https://app.example.com")
    );
    assert_eq!(
        send(&open, with(preflight(), "origin", "https://evil.example"))
            .await
            .header("access-control-allow-origin"),
        ""
    );
    drop(unread);
}

#[tokio::test]
async fn responses_tell_browsers_to_do_nothing_with_them() {
    let cached = get(|| async { ([("cache-control", "max-age=60")], "mine") });
    let service = service(&[], Router::new().route("/cached", cached)).await;
    let answer = send(&service, request("GET", "/version")).await;
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'"
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("server"), "");
    assert_eq!(
        send(&service, request("GET", "/cached"))
            .await
            .header("cache-control"),
        "max-age=60"
    );
}

#[tokio::test]
async fn the_management_address_has_health_and_nothing_of_the_public_routes() {
    let state = AppState::new(config(&[])).await.unwrap();
    let management = management::router(&state);
    assert_eq!(
        send(&management, request("GET", "/health/ready"))
            .await
            .status,
        200
    );
    send(&management, request("GET", "/version"))
        .await
        .is_problem(404);
    state.readiness.drain();
    let draining = send(&management, request("GET", "/health/ready")).await;
    assert_eq!(
        (draining.status.as_u16(), draining.header("connection")),
        (503, "close")
    );
    assert_eq!(draining.body["checks"]["shutdown"]["detail"], "draining");
}
