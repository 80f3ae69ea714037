//! S13: other origins stay out unless they are asked in.

use crate::contract::client::Request;
use crate::contract::reply::Reply;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S13",
        name: "no-cors-by-default",
        title: "without `cors.allowed_origins` no answer speaks of CORS",
        needs: &[],
        remedy: "`CorsSettings::layer` in src/config/settings.rs, and `router` in src/app.rs",
        run: off,
    },
    Check {
        id: "S13",
        name: "cors-for-the-listed-origins",
        title: "with it, the listed origins may call, and no other",
        needs: &[],
        remedy: "`CorsSettings::layer` in src/config/settings.rs, and `router` in src/app.rs",
        run: on,
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
