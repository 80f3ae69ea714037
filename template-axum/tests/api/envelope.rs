//! What a body is refused with, and the envelope of all errors: RFC 9457.

use axum::body::Bytes;
use axum::routing::post;
use serde_json::Value;
use service::Routes;
use service::extract::Json;

use crate::support::{Answer, json, request, send, service, with};

impl Answer {
    /// Asserts the envelope, the headers that every response has, and the status.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["type"], "about:blank");
        assert_eq!(self.body["title"], self.status.canonical_reason().unwrap());
        assert_eq!(self.body["status"], status);
        assert!(!self.body["detail"].as_str().unwrap().is_empty());
        assert_eq!(self.body["request_id"], self.header("x-request-id"));
        assert!(!self.header("x-request-id").is_empty());
        assert_eq!(self.header("x-content-type-options"), "nosniff");
    }
}

/// Routes that give back what they got: as JSON, and as a count of bytes.
pub(crate) fn echo() -> Routes {
    let echo = post(|Json(body): Json<Value>| async { Json(body) });
    Routes::new().route("/echo", echo).route(
        "/raw",
        post(|body: Bytes| async move { body.len().to_string() }),
    )
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
