//! One request for each way in which a service refuses or fails, shared by the checks that hold for every answer.

use std::time::Duration;

use serde_json::json;

use crate::contract::client::{Connection, PATIENCE, Request};
use crate::contract::reply::Reply;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Fault, Setup, Subject};

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
        .set("APP__SERVER__MAX_IN_FLIGHT", "4")
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
const REST: &str = "\"after a while\",\"quantity\":1}   ";

/// A connection with a request under way: the service has begun to serve it, and waits for [`REST`].
pub fn under_way(running: &Running) -> Result<Connection, Fault> {
    // To be asked for the body is the one sign from outside that a request is being served.
    let request = unfinished().header("expect", "100-continue");
    let begun = eventually(SOON, || {
        let mut connection = running.connect().ok()?;
        connection.send(&request.bytes()).ok()?;
        // The last request of another check may still be on its way out, and leave no room for this one yet.
        connection.is_asked_on(PATIENCE).ok()?.then_some(connection)
    });
    begun.ok_or_else(|| {
        Fault::new(
            "a request to be taken up, and its body to be asked for",
            "it was not",
        )
    })
}

/// Sends [`REST`] and holds the answer.
pub fn goes_through(mut connection: Connection) -> Result<Reply, Fault> {
    let answer = connection
        .send(REST.as_bytes())
        .and_then(|()| connection.answer(PATIENCE, false));
    Reply::of(&unfinished(), answer)?.status(201)
}

/// A request and the status it should be answered with, by a service under [`tight`].
pub fn refused_requests(fastapi: bool) -> Vec<(u16, Request)> {
    let post = || Request::new("POST", ITEMS);
    let item = json!({"name": "a", "quantity": 1});
    vec![
        (404, Request::get("/nowhere")),
        (404, Request::get(NOBODY)),
        (408, unfinished()),
        (405, Request::new("PATCH", "/version")),
        (
            // FastAPI takes what is no JSON for one more thing that does not fit.
            if fastapi { 422 } else { 400 },
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
