//! The document and its pages.

use axum::http::Method;
use serde_json::{Value, json as value};
use service::{Routes, app};
use tower::ServiceExt;

use crate::support::{request, send, service};

fn document() -> Value {
    app::api().document(app::info()).json
}

#[test]
fn what_is_declared_can_be_checked() {
    let faults = app::api().document(app::info()).faults;
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn what_is_documented_is_routed() {
    let service = service(&[], Routes::new()).await;
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            let place = path.replace("{id}", "00000000-0000-4000-8000-000000000000");
            let answer = send(&service, request(&method, &place)).await;
            assert_ne!(answer.status, 405, "{method} {path}");
            assert_ne!(
                answer.body,
                value!({ "detail": "Not Found" }),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn every_route_tells_its_errors() {
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let takes =
                operation.get("parameters").is_some() || operation.get("requestBody").is_some();
            let told = &operation["responses"]["422"]["content"]["application/json"]["schema"];
            let validation = value!({ "$ref": "#/components/schemas/HTTPValidationError" });
            assert_eq!(*told == validation, takes, "{method} {path}");
            assert!(
                operation["responses"]["default"].is_object(),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, all: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                all.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, all));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, all)),
            _ => {}
        }
    }
    let document = document();
    let mut all = Vec::new();
    references(&document, &mut all);
    assert!(!all.is_empty());
    for reference in all {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn pages_need_nothing_from_elsewhere() {
    let service = service(&[], Routes::new()).await;
    for page in ["/docs", "/redoc"] {
        let response = service.clone().oneshot(request("GET", page)).await.unwrap();
        assert_eq!(response.status(), 200);
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"));
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            !html.contains("<script>") && !html.contains("https://"),
            "{html}"
        );
        let scripts: Vec<&str> = html.split("<script src=\"").skip(1).collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            let place = script.split('"').next().unwrap();
            let answer = send(&service, request("GET", place)).await;
            assert_eq!(answer.status, 200, "{place}");
            assert_eq!(
                answer.header("content-type"),
                "text/javascript; charset=utf-8"
            );
        }
        let missing = send(&service, request("GET", &format!("{page}/99.js"))).await;
        missing.is_problem(404);
    }
    let head = service.clone().oneshot(
        axum::http::Request::builder()
            .method(Method::HEAD)
            .uri("/openapi.json")
            .body(axum::body::Body::empty())
            .unwrap(),
    );
    assert_eq!(head.await.unwrap().status(), 200);
}

#[tokio::test]
async fn they_can_be_switched_off() {
    let service = service(&[("APP__DOCS__ENABLED", "false")], Routes::new()).await;
    for path in ["/openapi.json", "/docs", "/docs/0.js", "/redoc"] {
        send(&service, request("GET", path)).await.is_problem(404);
    }
}
