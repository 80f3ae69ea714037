//! S10: one error envelope, whoever made the error.

use serde_json::Value;

use super::samples::{refused_requests, tight};
use crate::contract::client::Request;
use crate::contract::reply::Reply;
use crate::contract::running::Running;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S10",
        name: "refuses-in-one-envelope",
        title: "every error is `application/problem+json` with the request id, or every error FastAPI's `{\"detail\": …}`; no internal text",
        needs: &[],
        remedy: "`ApiError` and `enveloped` in src/error.rs; rejections in src/extract.rs or src/api/",
        run: envelope,
    },
    Check {
        id: "S10",
        name: "names-the-allowed-methods",
        title: "405 says what is allowed",
        needs: &[],
        remedy: "`enveloped` in src/error.rs must keep the header that axum sets with a 405",
        run: allow,
    },
];

/// Words that only our own side should read.
const INTERNAL: &[&str] = &[
    "panicked", ".rs", "::", "serde", "axum", "hyper", "tokio", "stack", "thread '",
];

/// Holds an error against the envelope that the service has chosen: RFC 9457, or FastAPI's `{"detail": …}`.
pub fn problem(reply: &Reply, status: u16) -> Result<(), Fault> {
    reply.hold(reply.response.status == status, format!("status {status}"))?;
    let body = reply.json()?;
    if is_fastapi(reply) {
        detail(reply, &body)?;
    } else {
        rfc9457(reply, &body, status)?;
    }
    let text = reply.response.text().to_lowercase();
    match INTERNAL.iter().find(|word| text.contains(**word)) {
        Some(word) => Err(reply.fault(format!("no internal text such as `{word}`"))),
        None => Ok(()),
    }
}

/// Whether the service's errors are in FastAPI's form.
pub fn speaks_fastapi(running: &Running) -> Result<bool, Fault> {
    Ok(is_fastapi(&running.get("/nowhere")?))
}

/// Whether an error is in FastAPI's form. That all of a service's errors are in the same one, `refuses-in-one-envelope` sees.
fn is_fastapi(reply: &Reply) -> bool {
    reply
        .header("content-type")
        .is_ok_and(|kind| kind == "application/json")
}

fn rfc9457(reply: &Reply, body: &Value, status: u16) -> Result<(), Fault> {
    reply.header_is("content-type", "application/problem+json")?;
    for name in ["type", "title", "detail", "request_id"] {
        let text = body[name].as_str().unwrap_or_default();
        reply.hold(
            !text.is_empty(),
            format!("`{name}` as text in the envelope"),
        )?;
    }
    reply.hold(
        body["status"] == status,
        format!("`status` to be the number {status}"),
    )?;
    reply.hold(
        body["request_id"] == reply.id()?,
        "`request_id` to be the one in the header",
    )
}

/// `{"detail": TEXT}`, or a list of entries with type, place and message. The request id is in its header alone: FastAPI's
/// clients know nothing else in the body.
fn detail(reply: &Reply, body: &Value) -> Result<(), Fault> {
    reply.id()?;
    let keys = body.as_object().map_or(0, serde_json::Map::len);
    reply.hold(keys == 1, "`detail`, and nothing else, in the envelope")?;
    let entries = match &body["detail"] {
        Value::Array(entries) => entries,
        text => {
            let text = text.as_str().unwrap_or_default();
            return reply.hold(!text.is_empty(), "`detail` as text or as a list");
        }
    };
    reply.hold(!entries.is_empty(), "an entry in `detail`")?;
    for entry in entries {
        let text = |name: &str| entry[name].as_str().is_some_and(|text| !text.is_empty());
        let place = entry["loc"].as_array().is_some_and(|loc| !loc.is_empty());
        reply.hold(
            text("type") && text("msg") && place,
            "`type`, `loc` and `msg` in each entry of `detail`",
        )?;
    }
    Ok(())
}

fn envelope(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    problem(&running.manage("/nowhere")?, 404)?;
    let fastapi = speaks_fastapi(&running)?;
    for (status, request) in refused_requests(fastapi) {
        let reply = running.call(&request)?;
        problem(&reply, status)?;
        reply.hold(
            is_fastapi(&reply) == fastapi,
            "the envelope of the other errors",
        )?;
    }
    Ok(())
}

fn allow(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let reply = running
        .call(&Request::new("PATCH", "/version"))?
        .status(405)?;
    let allowed = reply.header("allow")?;
    reply.hold(
        allowed.split(',').any(|method| method.trim() == "GET"),
        "`allow` to name GET",
    )
}
