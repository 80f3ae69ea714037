//! S10: one error envelope, whoever made the error.

use super::samples::{refused_requests, tight};
use crate::contract::client::Request;
use crate::contract::reply::Reply;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S10",
        name: "refuses-in-one-envelope",
        title: "every error is `application/problem+json` with the request id and no internal text",
        needs: &[],
        remedy: "`ApiError` and `enveloped` in src/error.rs; rejections in src/extract.rs",
        run: envelope,
    },
    Check {
        id: "S10",
        name: "names-the-allowed-methods",
        title: "405 says what is allowed",
        needs: &[],
        remedy: "`enveloped` in src/error.rs must keep axum's `Allow`",
        run: allow,
    },
];

/// Words that only our own side should read.
const INTERNAL: &[&str] = &[
    "panicked", ".rs", "::", "serde", "axum", "hyper", "tokio", "stack", "thread '",
];

/// Holds an error against the envelope.
pub fn problem(reply: &Reply, status: u16) -> Result<(), Fault> {
    reply.hold(reply.response.status == status, format!("status {status}"))?;
    reply.header_is("content-type", "application/problem+json")?;
    let body = reply.json()?;
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
    )?;
    let text = reply.response.text().to_lowercase();
    match INTERNAL.iter().find(|word| text.contains(**word)) {
        Some(word) => Err(reply.fault(format!("no internal text such as `{word}`"))),
        None => Ok(()),
    }
}

fn envelope(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    for (status, request) in refused_requests() {
        problem(&running.call(&request)?, status)?;
    }
    problem(&running.manage("/nowhere")?, 404)
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
