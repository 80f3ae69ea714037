//! S13: other origins stay out unless they are asked in.

use super::samples::{BODY_LIMIT, ITEMS, goes_through, tight, under_way};
use crate::contract::client::Request;
use crate::contract::reply::Reply;
use crate::contract::{Check, Fault, Subject};

const REMEDY: &str = "src/platform/cors.rs, and where src/platform/edge.rs asks it";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S13",
        name: "no-cors-by-default",
        title: "without `cors.allowed_origins` no answer speaks of CORS",
        needs: &[],
        remedy: REMEDY,
        run: off,
    },
    Check {
        id: "S13",
        name: "cors-for-the-listed-origins",
        title: "with it, the listed origins may call, and no other",
        needs: &[],
        remedy: REMEDY,
        run: on,
    },
    Check {
        id: "S13",
        name: "cors-on-refusals",
        title: "a listed origin may read refusals too, and its preflight needs no place in flight",
        needs: &[],
        remedy: REMEDY,
        run: refusals,
    },
];

const FRIEND: &str = "https://app.example.com";
const STRANGER: &str = "https://evil.example.net";
const ALLOWED: &str = "access-control-allow-origin";

fn call_from(origin: &str) -> Request {
    Request::get("/version").header("origin", origin)
}

fn preflight(origin: &str) -> Request {
    Request::new("OPTIONS", "/api/v1/items")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
}

fn silent(reply: &Reply) -> Result<(), Fault> {
    let spoke = reply
        .response
        .headers
        .iter()
        .any(|(name, _)| name.starts_with("access-control-"));
    reply.hold(!spoke, "no header that speaks of CORS")
}

fn off(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    silent(&running.call(&call_from(FRIEND))?.status(200)?)?;
    let reply = running.call(&preflight(FRIEND))?;
    reply.hold(reply.response.status >= 400, "a preflight to be refused")?;
    silent(&reply)
}

fn on(subject: &Subject) -> Result<(), Fault> {
    let origins = format!("{FRIEND},https://admin.example.com");
    let setup = subject.setup().set("APP__CORS__ALLOWED_ORIGINS", origins);
    let running = subject.fresh(&setup)?;
    for origin in [FRIEND, "https://admin.example.com"] {
        running
            .call(&call_from(origin))?
            .status(200)?
            .header_is(ALLOWED, origin)?;
        let reply = running.call(&preflight(origin))?;
        reply.hold(
            (200..300).contains(&reply.response.status),
            "a preflight to be granted",
        )?;
        reply.header_is(ALLOWED, origin)?;
        let methods = reply.header("access-control-allow-methods")?;
        reply.hold(methods.contains("POST"), "the preflight to allow POST")?;
    }
    for reply in [
        running.call(&call_from(STRANGER))?,
        running.call(&preflight(STRANGER))?,
    ] {
        reply.hold(
            reply.response.header(ALLOWED).is_none(),
            "nothing allowed to a stranger",
        )?;
    }
    Ok(())
}

fn refusals(subject: &Subject) -> Result<(), Fault> {
    let setup = tight(subject)
        .set("APP__CORS__ALLOWED_ORIGINS", FRIEND)
        .set("APP__SERVER__REQUEST_TIMEOUT", "20s")
        .set("APP__SERVER__MAX_IN_FLIGHT", "1");
    let running = subject.fresh(&setup)?;
    let large = Request::new("POST", ITEMS)
        .header("origin", FRIEND)
        .body(vec![b' '; BODY_LIMIT + 1]);
    let refused = running.call(&large)?.status(413)?;
    refused.header_is(ALLOWED, FRIEND)?;
    let held = under_way(&running)?;
    let busy = running.call(&call_from(FRIEND))?.status(503)?;
    busy.header_is(ALLOWED, FRIEND)?;
    let asked = running.call(&preflight(FRIEND))?;
    asked.header_is(ALLOWED, FRIEND)?;
    asked.hold(
        (200..300).contains(&asked.response.status),
        "a preflight to be granted",
    )?;
    goes_through(held).map(drop)
}
