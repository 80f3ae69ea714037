//! One request for each way in which a service refuses or fails, shared by the checks that hold for every answer.

use std::time::Duration;

use serde_json::json;

use crate::contract::client::Request;
use crate::contract::{Setup, Subject};

/// Where the example resource is.
pub const ITEMS: &str = "/api/v1/items";
/// An id that no item has.
pub const NOBODY: &str = "/api/v1/items/00000000-0000-4000-8000-000000000000";
/// The limits of [`tight`].
pub const BODY_LIMIT: usize = 2048;
pub const REQUEST_TIMEOUT: Duration = Duration::from_millis(400);
pub const HEADER_TIMEOUT: Duration = Duration::from_millis(800);

/// Limits that a test can reach in no time.
pub fn tight(subject: &Subject) -> Setup {
    subject
        .setup()
        .set("APP__SERVER__BODY_LIMIT", format!("{BODY_LIMIT}B"))
        .set("APP__SERVER__REQUEST_TIMEOUT", "400ms")
        .set("APP__SERVER__HEADER_TIMEOUT", "800ms")
        .set("APP__SERVER__MAX_IN_FLIGHT", "2")
}

/// A request that makes an item.
pub fn create(name: &str) -> Request {
    Request::new("POST", ITEMS).json(&json!({"name": name, "quantity": 1}))
}

/// A request whose body is announced and never comes to its end.
pub fn unfinished() -> Request {
    Request::new("POST", ITEMS)
        .header("content-type", "application/json")
        .header("content-length", "40")
        .body("{\"name\":")
}

/// The rest of the body of [`unfinished`].
pub const REST: &str = "\"after a while\",\"quantity\":1}   ";

/// A request and the status it should be answered with, by a service under [`tight`].
pub fn refused_requests() -> Vec<(u16, Request)> {
    let post = || Request::new("POST", ITEMS);
    let item = json!({"name": "a", "quantity": 1});
    vec![
        (404, Request::get("/nowhere")),
        (404, Request::get(NOBODY)),
        (408, unfinished()),
        (405, Request::new("PATCH", "/version")),
        (
            400,
            post()
                .header("content-type", "application/json")
                .body("{\"name\": "),
        ),
        (
            413,
            post().json(&json!({"name": "x".repeat(BODY_LIMIT), "quantity": 1})),
        ),
        (415, post().header("content-type", "text/plain").body("{}")),
        (415, post().body("{}")),
        (422, post().json(&json!({"name": "a", "quantity": "many"}))),
        (422, Request::get(format!("{ITEMS}?limit=0"))),
        (422, Request::get(format!("{ITEMS}?cursor=%2e%2e"))),
        (422, Request::get(format!("{ITEMS}/not-a-uuid"))),
        (428, Request::new("PUT", NOBODY).json(&item)),
    ]
}
