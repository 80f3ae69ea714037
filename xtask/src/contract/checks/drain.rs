//! S3: how a service ends.

use std::time::{Duration, Instant};

use super::samples::{goes_through, under_way};
use crate::contract::client::{Connection, PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::launch::Signal;
use crate::contract::running::{Reply, Running, SOON, call, eventually};
use crate::contract::{Check, Fault, Need, Setup, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S3",
        name: "drains-before-it-stops",
        title: "SIGTERM: readiness 503 at once, live 200 and `connection: close` for `server.drain_delay`, then exit 0",
        needs: &[],
        remedy: "`serve` in src/platform/server.rs; `is_draining` in src/platform/edge.rs and health.rs",
        run: drains,
    },
    Check {
        id: "S3",
        name: "stops-on-ctrl-c",
        title: "SIGINT does what SIGTERM does",
        needs: &[],
        remedy: "`signal` in src/platform/server.rs",
        run: interrupts,
    },
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
        name: "closes-idle-connections",
        title: "a connection that idles does not hold the end up",
        needs: &[],
        remedy: "`graceful_shutdown` in src/platform/server.rs",
        run: closes_idle,
    },
    Check {
        id: "S3",
        name: "cuts-at-the-shutdown-timeout",
        title: "past `server.shutdown_timeout` it exits non-zero, and its last line says how many requests it cut",
        needs: &[],
        remedy: "the time-out in `serve`, src/platform/server.rs, and what `run` in src/lib.rs logs",
        run: cuts,
    },
];

/// How long the drain lasts here: long enough to look, short enough to wait for.
const DRAIN: Duration = Duration::from_millis(1200);

fn timing(setup: Setup, drain: &str, shutdown: &str) -> Setup {
    setup
        .set("APP__SERVER__DRAIN_DELAY", drain)
        .set("APP__SERVER__SHUTDOWN_TIMEOUT", shutdown)
}

/// Waits until readiness says 503, which is how the outside learns of a drain.
fn looks_away(running: &Running) -> Result<Reply, Fault> {
    let mut last = None;
    let found = eventually(SOON, || {
        let reply = running.get("/health/ready").ok()?;
        last = Some(reply.clone());
        (reply.response.status == 503).then_some(reply)
    });
    found.ok_or_else(|| {
        let seen = last.map_or_else(|| "no answer".to_owned(), |reply| reply.response.excerpt());
        Fault::new("readiness to turn 503 at the signal", seen)
    })
}

/// Signals, and holds everything that is promised until the end.
fn ends_well(running: &Running, signal: Signal) -> Result<(), Fault> {
    // Opened before, so that it must be told to close.
    let mut kept = running.connect()?;
    let version = Request::get("/version");
    Reply::of(&version, kept.call(&version))?.status(200)?;

    running.signal(signal)?;
    let begun = Instant::now();
    let unready = looks_away(running)?;
    let took = begun.elapsed();
    hold(took < DRAIN / 2, "readiness 503 at once", || {
        format!("after {took:?}")
    })?;
    let shut = unready.json()?["checks"]["shutdown"]["status"] == "fail";
    unready.hold(shut, "the check `shutdown` to fail")?;
    running.manage("/health/ready")?.status(503)?;
    running.manage("/health/live")?.status(200)?;
    for path in ["/health/live", "/version"] {
        running
            .get(path)?
            .status(200)?
            .header_is("connection", "close")?;
    }
    Reply::of(&version, kept.call(&version))?
        .status(200)?
        .header_is("connection", "close")?;
    let unready = running.beside(&["healthcheck"])?;
    hold(
        unready.code == Some(1),
        "`healthcheck` to exit 1 while it drains",
        || unready.excerpt(),
    )?;

    let mut last = begun;
    // An answer, not a connection: in front of a container something else takes connections.
    let closed = eventually(DRAIN + SOON, || {
        let answered = Connection::open(running.public())
            .and_then(|mut new| new.call(&version))
            .is_ok();
        if answered {
            last = Instant::now();
        }
        (!answered).then_some(())
    });
    hold(
        closed.is_some(),
        "the listener to close after `server.drain_delay`",
        || format!("still open after {:?}", begun.elapsed()),
    )?;
    let open = last - begun;
    let tolerance = Duration::from_millis(250);
    hold(
        open + tolerance >= DRAIN,
        format!("the listener to stay open for {DRAIN:?}"),
        || format!("{open:?}"),
    )?;
    exits(running, 0)?;
    let lines = running.lines();
    let said = |message: &str| {
        lines
            .iter()
            .any(|line| line.contains(&format!("\"message\":\"{message}\"")))
    };
    hold(said("draining"), "a line `draining`", || "none".into())?;
    let last = lines.last().cloned().unwrap_or_default();
    hold(
        last.contains("\"message\":\"stopped\""),
        "`stopped` as the last line",
        || last.clone(),
    )
}

fn exits(running: &Running, code: i32) -> Result<(), Fault> {
    let seen = running.exit(PATIENCE)?;
    hold(seen == code, format!("exit code {code}"), || {
        format!("exit code {seen}")
    })
}

fn drains(subject: &Subject) -> Result<(), Fault> {
    let setup = timing(subject.setup(), "1200ms", "5s");
    ends_well(&*subject.fresh(&setup)?, Signal::Term)
}

fn interrupts(subject: &Subject) -> Result<(), Fault> {
    let setup = timing(subject.setup(), "1200ms", "5s");
    ends_well(&*subject.fresh(&setup)?, Signal::Int)
}

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

fn closes_idle(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&timing(subject.setup(), "0s", "6s"))?;
    let version = Request::get("/version");
    let mut idle = running.connect()?;
    Reply::of(&version, idle.call(&version))?.status(200)?;
    // One that never asked for anything, too.
    let mut mute = running.connect()?;
    let begun = Instant::now();
    running.signal(Signal::Term)?;
    exits(&running, 0)?;
    let took = begun.elapsed();
    hold(
        took < Duration::from_secs(4),
        "idle connections not to hold the end up",
        || format!("{took:?}"),
    )?;
    for connection in [&mut idle, &mut mute] {
        hold(
            connection.ends(SOON).unwrap_or(true),
            "idle connections to be closed",
            || "still open".into(),
        )?;
    }
    Ok(())
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
