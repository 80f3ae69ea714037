//! What responses tell browsers: CORS, and security headers.

use axum::routing::get;
use service::Routes;
use tower::ServiceExt;

use crate::envelope::echo;
use crate::support::{json, request, send, service, with};

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
    let closed = service(&[], Routes::new()).await;
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
    let service = service(&[], Routes::new().route("/cached", cached)).await;
    let answer = send(&service, request("GET", "/version")).await;
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("server"), "");
    assert_eq!(
        send(&service, request("GET", "/cached"))
            .await
            .header("cache-control"),
        "max-age=60"
    );
}
