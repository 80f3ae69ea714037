//! S12: a panic costs one request, and is known.

use super::envelope::problem;
use super::samples::tight;
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::{Reply, text_field};
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "S12",
    name: "survives-a-panic",
    title: "a panic is a 500 in the envelope and an error line with the request id; the next request works",
    needs: &[Need::Probe],
    remedy: "`catch_unwind` in src/platform/serving.rs, the hook in src/platform/logging.rs, `panic` in [profile.release]",
    run: survives,
}];

fn survives(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared_probe(&tight(subject))?;
    let mut connection = running.connect()?;
    // More often than requests may be in flight: a panic must give its place back.
    for count in 0..5 {
        let request = Request::get("/probe/panic").header("x-request-id", format!("panic-{count}"));
        let reply = Reply::of(&request, connection.call(&request))?;
        problem(&reply, 500)?;
        reply.header_is("x-request-id", &format!("panic-{count}"))?;
        reply.hold(
            !reply.response.text().contains("probe"),
            "nothing of the panic's text",
        )?;
        let next = Request::get("/version");
        Reply::of(&next, connection.call(&next))?.status(200)?;
    }
    running.get("/version")?.status(200)?;

    let line = running.line(
        "level ERROR, message `panic`, request_id `panic-0`",
        |line| {
            line["message"] == "panic"
                && line["level"] == "ERROR"
                && line["request_id"] == "panic-0"
        },
    )?;
    let (panic, location) = (text_field(&line, "panic")?, text_field(&line, "location")?);
    let told = panic.contains("probe panics") && location.contains("probe.rs");
    hold(told, "the panic's text and location in its line", || {
        line.to_string()
    })?;
    let access = running.access_line("panic-0")?;
    hold(
        access["status"] == 500,
        "an access line with status 500",
        || access.to_string(),
    )?;
    let lines = running.lines();
    let stray = lines.iter().find(|line| line.contains("panicked at"));
    hold(stray.is_none(), "no panic text past the log", || {
        stray.cloned().unwrap_or_default()
    })
}
