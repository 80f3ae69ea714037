//! S3: how a service turns away before it ends.

use std::time::{Duration, Instant};

use crate::contract::client::{Connection, PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::launch::Signal;
use crate::contract::reply::Reply;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Setup, Subject};

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
        name: "closes-idle-connections",
        title: "a connection that idles does not hold the end up",
        needs: &[],
        remedy: "`graceful_shutdown` in src/platform/server.rs",
        run: closes_idle,
    },
    Check {
        id: "S3",
        name: "does-not-wait-for-half-a-header",
        title: "a client that never sends a whole header neither holds the end up nor changes the exit code",
        needs: &[],
        remedy: "`Owed::nothing` in src/platform/wire.rs, and what `serve` in server.rs counts as cut",
        run: leaves_half_headers,
    },
];

/// How long the drain lasts here: long enough to look, short enough to wait for.
const DRAIN: Duration = Duration::from_millis(1200);

/// With these times between the signal and the end.
pub fn timing(setup: Setup, drain: &str, shutdown: &str) -> Setup {
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

/// Waits for its end, and holds its exit code.
pub fn exits(running: &Running, code: i32) -> Result<(), Fault> {
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

fn leaves_half_headers(subject: &Subject) -> Result<(), Fault> {
    // Both time-outs are beyond what `exits` waits for.
    let setup = timing(subject.setup(), "0s", "60s").set("APP__SERVER__HEADER_TIMEOUT", "60s");
    let running = subject.fresh(&setup)?;
    let mut half = running.connect()?;
    let sent = half.send(b"GET /version HTT");
    sent.map_err(|error| Fault::new("to send half a header", error.to_string()))?;
    // Whatever comes later shows that the half has arrived.
    running.get("/version")?.status(200)?;
    running.signal(Signal::Term)?;
    exits(&running, 0)
}
