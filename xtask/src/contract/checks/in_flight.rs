//! S11: how many requests are served at once.

use std::time::Duration;

use super::envelope::problem;
use super::samples::{goes_through, tight, under_way};
use crate::contract::client::{Connection, Request};
use crate::contract::reply::Reply;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Setup, Subject};

const REMEDY: &str = "`admit` in src/platform/edge.rs, and src/platform/in_flight.rs";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S11",
        name: "limits-requests-in-flight",
        title: "beyond `server.max_in_flight` 503 with `Retry-After`; probes are exempt; it recovers",
        needs: &[],
        remedy: REMEDY,
        run: limits,
    },
    Check {
        id: "S11",
        name: "frees-what-clients-give-up",
        title: "a client that goes away in the middle of its body is no longer counted",
        needs: &[],
        remedy: REMEDY,
        run: gives_up,
    },
    Check {
        id: "S11",
        name: "cancels-what-clients-give-up",
        title: "the handler of a client that goes away is dropped, and no longer counted",
        needs: &[Need::Probe],
        remedy: "`Drop for Ticket` in src/platform/in_flight.rs: nothing else runs when a request is dropped",
        run: cancels,
    },
    Check {
        id: "S11",
        name: "counts-to-the-end-of-the-answer",
        title: "a request is in flight until its answer's body is sent",
        needs: &[Need::Probe],
        remedy: "`Ticket::follow` in src/platform/in_flight.rs",
        run: counts_bodies,
    },
];

/// Two at once, and time enough to hold them.
fn two_at_once(subject: &Subject) -> Setup {
    tight(subject)
        .set("APP__SERVER__MAX_IN_FLIGHT", "2")
        .set("APP__SERVER__REQUEST_TIMEOUT", "20s")
}

/// Holds that there is no room for another request.
fn refused(running: &Running) -> Result<(), Fault> {
    let reply = running.get("/version")?;
    problem(&reply, 503)?;
    reply.header_is("retry-after", "1")
}

fn recovers(running: &Running) -> Result<(), Fault> {
    let mut last = running.get("/version")?;
    let recovered = eventually(SOON, || {
        last = running.get("/version").unwrap_or_else(|_| last.clone());
        (last.response.status == 200).then_some(())
    });
    last.hold(recovered.is_some(), "200 again once nothing is in flight")
}

fn limits(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&two_at_once(subject))?;
    let held = [under_way(&running)?, under_way(&running)?];
    refused(&running)?;
    for path in ["/health/live", "/health/ready"] {
        running.get(path)?.status(200)?;
        running.manage(path)?.status(200)?;
    }
    running
        .call(&Request::new("POST", "/nowhere").body("x"))?
        .status(503)?;
    for connection in held {
        goes_through(connection)?;
    }
    recovers(&running)
}

fn gives_up(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&two_at_once(subject))?;
    let held = [under_way(&running)?, under_way(&running)?];
    refused(&running)?;
    drop(held);
    recovers(&running)
}

fn cancels(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared_probe(&two_at_once(subject))?;
    let says = |message: &str, id: &str| {
        let what = format!("message `{message}`, request_id `{id}`");
        running.line(&what, |line| {
            line["message"] == message && line["request_id"] == id
        })
    };
    let mut held = Vec::new();
    for id in ["left-1", "left-2"] {
        let request = Request::get("/probe/slow?ms=15000").header("x-request-id", id);
        let mut connection = running.connect()?;
        let sent = connection.send(&request.bytes());
        sent.map_err(|error| Fault::new("to send a request", error.to_string()))?;
        says("probe begins", id)?;
        held.push(connection);
    }
    refused(&running)?;
    drop(held);
    says("probe cancelled", "left-1")?;
    says("probe cancelled", "left-2")?;
    recovers(&running)
}

fn counts_bodies(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared_probe(&two_at_once(subject))?;
    let mut streams = Vec::new();
    for _ in 0..2 {
        // What was answered before may count for a moment longer than its client waits.
        let mut opened = streamed(&running);
        eventually(SOON, || {
            if opened.is_err() {
                opened = streamed(&running);
            }
            opened.is_ok().then_some(())
        });
        streams.push(opened?);
    }
    refused(&running)?;
    recovers(&running)
}

/// A connection on which an answer has begun that takes a while.
fn streamed(running: &Running) -> Result<Connection, Fault> {
    let stream = Request::get("/probe/stream?ms=1500");
    let mut connection = running.connect()?;
    let header = connection
        .send(&stream.bytes())
        .and_then(|()| connection.header_only(Duration::from_secs(5)));
    Reply::of(&stream, header)?.status(200)?;
    Ok(connection)
}
