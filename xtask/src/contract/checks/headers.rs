//! S13: the headers of every answer.

use super::envelope::speaks_fastapi;
use super::samples::{refused_requests, tight};
use crate::contract::reply::Reply;
use crate::contract::{Check, Fault, Need, Subject};

const REMEDY: &str = "`stamp` in src/platform/edge.rs";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S13",
        name: "sets-security-headers",
        title: "every answer, on both addresses, carries the security headers and no banner",
        needs: &[],
        remedy: REMEDY,
        run: everywhere,
    },
    Check {
        id: "S13",
        name: "sets-security-headers-after-a-panic",
        title: "a 500 carries them too",
        needs: &[Need::Probe],
        remedy: REMEDY,
        run: after_a_panic,
    },
];

fn secure(reply: &Reply) -> Result<(), Fault> {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("cache-control", "no-store"),
    ] {
        reply.header_is(name, value)?;
    }
    for name in ["server", "x-powered-by", "via"] {
        reply.hold(
            reply.response.header(name).is_none(),
            format!("no header `{name}`"),
        )?;
    }
    Ok(())
}

fn everywhere(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    for path in ["/version", "/health/live", "/health/ready"] {
        secure(&running.get(path)?.status(200)?)?;
    }
    for path in ["/health/ready", "/nowhere"] {
        secure(&running.manage(path)?)?;
    }
    for (status, request) in refused_requests(speaks_fastapi(&running)?) {
        secure(&running.call(&request)?.status(status)?)?;
    }
    Ok(())
}

fn after_a_panic(subject: &Subject) -> Result<(), Fault> {
    secure(
        &subject
            .shared_probe(&tight(subject))?
            .get("/probe/panic")?
            .status(500)?,
    )
}
