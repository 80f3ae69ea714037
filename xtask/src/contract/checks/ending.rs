//! S3: what becomes of the requests that are under way when a service ends.

use super::drain::{exits, timing};
use super::samples::{goes_through, under_way};
use crate::contract::client::{PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::launch::Signal;
use crate::contract::reply::Reply;
use crate::contract::running::{SOON, call, eventually};
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S3",
        name: "finishes-what-is-in-flight",
        title: "a request under way at SIGTERM gets its whole answer, then exit 0",
        needs: &[],
        remedy: "`serve` and `connection` in src/platform/server.rs: close gracefully, and wait for what is open",
        run: finishes,
    },
    Check {
        id: "S3",
        name: "finishes-streamed-answers",
        title: "an answer that is being streamed at SIGTERM arrives whole, then exit 0",
        needs: &[Need::Probe],
        remedy: "`serve` and `connection` in src/platform/server.rs: close gracefully, and wait for what is open",
        run: finishes_streams,
    },
    Check {
        id: "S3",
        name: "cuts-at-the-shutdown-timeout",
        title: "past `server.shutdown_timeout` it exits non-zero, and its last line says how many requests it cut",
        needs: &[],
        remedy: "the time-out in `serve`, src/platform/server.rs, and what `run` in src/start.rs logs",
        run: cuts,
    },
];

fn finishes(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&timing(subject.setup(), "0s", "6s"))?;
    let connection = under_way(&running)?;
    running.signal(Signal::Term)?;
    // The rest follows once nobody new is served any more.
    let closed = eventually(SOON, || {
        call(running.public(), &Request::get("/version")).err()
    });
    hold(closed.is_some(), "the listener to close", || {
        "it still serves".into()
    })?;
    hold(!running.ended(), "to wait for what is in flight", || {
        "it ended".into()
    })?;
    goes_through(connection)?.header_is("connection", "close")?;
    exits(&running, 0)
}

fn finishes_streams(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh_probe(&timing(subject.setup(), "0s", "6s"))?;
    let request = Request::get("/probe/stream?ms=1500");
    let mut connection = running.connect()?;
    let failed =
        |error: std::io::Error| Fault::new("to begin a streamed answer", error.to_string());
    connection.send(&request.bytes()).map_err(failed)?;
    running.get("/probe/log")?.status(200)?;
    running.signal(Signal::Term)?;
    let reply = Reply::of(&request, connection.answer(PATIENCE, false))?.status(200)?;
    reply.hold(
        reply.response.text() == "..........",
        "all ten bytes of the streamed answer",
    )?;
    exits(&running, 0)
}

fn cuts(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&timing(subject.setup(), "0s", "500ms"))?;
    let _held = [under_way(&running)?, under_way(&running)?];
    running.signal(Signal::Term)?;
    exits(&running, 1)?;
    let lines = running.lines();
    let last = lines.last().cloned().unwrap_or_default();
    let line: serde_json::Value = serde_json::from_str(&last).unwrap_or_default();
    let told =
        line["message"] == "shutdown timed out" && line["level"] == "ERROR" && line["cut"] == 2;
    hold(
        told,
        "a last line of level ERROR, `shutdown timed out`, with `cut` 2",
        || last.clone(),
    )
}
