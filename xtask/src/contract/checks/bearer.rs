//! F4: a handler that asks for the caller is called with one, or not at all.

use serde_json::json;

use super::document::{document, published};
use crate::contract::check::FASTAPI;
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "F4",
    name: "asks-for-a-bearer-token",
    title: "without a valid bearer token `GET /api/v1/me` is 401 with `www-authenticate: Bearer`; the document has the scheme, and names it where it is asked for",
    needs: &[FASTAPI],
    remedy: "`CurrentUser` in src/auth/mod.rs, src/auth/keys.rs, and `Unauthorized` in src/error.rs",
    run: asks,
}];

const ME: &str = "/api/v1/me";

/// `{"alg":"none"}` and `{"sub":"a","iss":"a","aud":"a","exp":9999999999}`, signed by nobody.
const UNSIGNED: &str =
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiaXNzIjoiYSIsImF1ZCI6ImEiLCJleHAiOjk5OTk5OTk5OTl9.";

fn asks(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&published(subject))?;
    let bearers = [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer x"),
    ];
    let others = [Some("Basic YTpi"), Some(UNSIGNED)];
    for value in bearers.into_iter().chain(others) {
        let request = Request::get(ME);
        let request = match value {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let reply = running.call(&request)?.status(401)?;
        reply.header_is("www-authenticate", "Bearer")?;
        let expected = json!({ "detail": "Not authenticated" });
        reply.hold(
            reply.json()? == expected,
            format!("{expected} to `authorization: {}`", value.unwrap_or("-")),
        )?;
    }
    let (_, document) = document(&running)?;
    let schemes = &document["components"]["securitySchemes"];
    let scheme = &schemes["HTTPBearer"];
    hold(
        scheme["type"] == "http" && scheme["scheme"] == "bearer",
        "the security scheme `HTTPBearer` in the document",
        || schemes.to_string(),
    )?;
    let operation = &document["paths"][ME]["get"];
    let named = operation["security"] == json!([{ "HTTPBearer": [] }]);
    let told = ["401", "403"]
        .iter()
        .all(|status| operation["responses"][status].is_object());
    hold(
        named && told,
        format!("GET {ME} to name `HTTPBearer` in the document, and its 401 and 403"),
        || operation.to_string(),
    )?;
    let open = &document["paths"]["/version"]["get"]["security"];
    hold(
        open.is_null(),
        "no security scheme where nobody asks for the caller",
        || open.to_string(),
    )
}
