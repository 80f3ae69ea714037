//! What surrounds every handler: each way for a request to fail, and what every response carries.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use hyper::body::Frame;
use serde_json::json as value;
use service::Routes;
use service::error::ApiError;
use service::platform::context::Context;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::envelope::echo;
use crate::support::{json, request, send, service, with};

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

#[tokio::test]
async fn nothing_there() {
    let service = service(&[], Routes::new()).await;
    send(&service, request("GET", "/nowhere"))
        .await
        .is_problem(404);
    let answer = send(&service, request("DELETE", "/version")).await;
    answer.is_problem(405);
    assert_eq!(answer.header("allow"), "GET,HEAD");
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
    for size in [2 << 20, (2 << 20) + 1, 3 << 20] {
        let answer = send(&service, json("POST", "/raw", &" ".repeat(size))).await;
        assert_eq!(answer.body, size);
    }
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
    let service = service(&[], Routes::new().route("/slow", slow)).await;
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
    let service = service(&[], Routes::new().route("/panic", get(panics))).await;
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
    let routes = Routes::new()
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
        Routes::new().route("/hold", hold),
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
        // Health's own words, whatever they are: who is turned away gets a problem.
        let answer = send(&service, request("GET", probe)).await;
        assert_eq!(answer.header("content-type"), "application/json");
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
    let service = service(&[], Routes::new().route("/says", says)).await;
    let asked = with(request("GET", "/says"), "x-request-id", "mine");
    assert_eq!(send(&service, asked).await.body, "mine");
}
