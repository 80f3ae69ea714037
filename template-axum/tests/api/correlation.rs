//! Correlation: request ids, and the trace that goes on.

use axum::Json;
use axum::http::HeaderMap;
use axum::routing::get;
use serde_json::{Value, json as value};
use service::Routes;
use service::platform::context::{self, Context};

use crate::support::{request, send, service, with};

#[tokio::test]
async fn request_ids_are_echoed_when_harmless_and_made_otherwise() {
    let service = service(&[], Routes::new()).await;
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
    let service = service(&[], Routes::new().route("/call", outgoing)).await;
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
