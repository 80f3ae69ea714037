//! What a body is refused with, and the envelope of all errors: FastAPI's.

use axum::Json;
use axum::body::Bytes;
use axum::routing::post;
use serde_json::{Value, json as value};
use service::Routes;
use service::api::Api;

use crate::support::{Answer, json, request, send, service, with};

impl Answer {
    /// Asserts the envelope, the headers that every response has, and the status.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/json");
        let whole = self.body.as_object().unwrap();
        assert_eq!(whole.keys().collect::<Vec<_>>(), ["detail"]);
        match &self.body["detail"] {
            Value::Array(problems) => {
                assert_eq!(status, 422);
                for problem in problems {
                    assert!(!problem["type"].as_str().unwrap().is_empty());
                    assert!(!problem["msg"].as_str().unwrap().is_empty());
                    assert!(!problem["loc"].as_array().unwrap().is_empty());
                }
            }
            detail => assert!(!detail.as_str().unwrap().is_empty()),
        }
        assert!(!self.header("x-request-id").is_empty());
        assert_eq!(self.header("x-content-type-options"), "nosniff");
    }
}

/// Routes that give back what they got: as JSON, and as a count of bytes.
pub(crate) fn echo() -> Routes {
    let counted = post(|body: Bytes| async move { body.len().to_string() });
    let echo = Api::new().post("/echo", async |body: Json<Value>| body);
    echo.unpublished().route("/raw", counted)
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let service = service(&[], echo()).await;
    let broken = send(&service, json("POST", "/echo", "{")).await;
    broken.is_problem(422);
    let problem = &broken.body["detail"][0];
    assert_eq!(problem["type"], "json_invalid");
    assert_eq!(problem["loc"], value!(["body", 1]));

    let nothing = send(&service, request("POST", "/echo")).await;
    nothing.is_problem(422);
    let expected = value!([{
        "type": "missing",
        "loc": ["body"],
        "msg": "Field required",
        "input": null,
    }]);
    assert_eq!(nothing.body["detail"], expected);

    let text = with(json("POST", "/echo", "{}"), "content-type", "text/plain");
    send(&service, text).await.is_problem(415);
}
