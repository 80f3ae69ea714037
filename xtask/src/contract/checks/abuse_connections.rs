//! S11 under abuse: connections that are held, and connections that are thrown away.

use std::io;
use std::time::{Duration, Instant};

use super::metrics::scrape;
use super::samples::{create, goes_through, under_way, unfinished};
use crate::contract::client::{Connection, Request};
use crate::contract::fault::hold;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S11",
        name: "serves-beside-slow-headers",
        title: "200 clients that never end their header stop nobody else from being served, and are dropped in time",
        needs: &[Need::Long],
        remedy: "`accept` in src/platform/server.rs, and `header_overdue` in wire.rs",
        run: slow_headers,
    },
    Check {
        id: "S11",
        name: "outlives-dropped-connections",
        title: "5 000 connections, dropped or reset at any point of a request, leave nothing open and nothing counted",
        needs: &[Need::Long],
        remedy: "`connection` in src/platform/server.rs, and `Drop for Ticket` in src/platform/in_flight.rs",
        run: dropped,
    },
];

const SLOW: usize = 200;
/// Served meanwhile. A healthy service needs milliseconds for them.
const OTHERS: usize = 50;
const DROPPED: usize = 5_000;
/// Dropped at once: fewer than the 1 024 that the kernel queues for a listener of tokio's. It sends what is beyond them
/// away, and greets it again after 1, 3, 7 and 15 s: connections that nobody has yet, and that look as if they were kept.
const WAVE: usize = 1_000;
/// For one wave to be gone. Only what is never given back takes so long.
const GONE: Duration = Duration::from_secs(20);
/// What is served at once while connections are dropped: one place that is lost shows at the end.
const PLACES: usize = 32;
/// Sockets that may come and go meanwhile: probes of an engine, the log.
const STRAY: usize = 8;

fn slow_headers(subject: &Subject) -> Result<(), Fault> {
    let timeout = Duration::from_secs(4);
    let setup = subject.setup().set("APP__SERVER__HEADER_TIMEOUT", "4s");
    let running = subject.fresh(&setup)?;
    let begun = Instant::now();
    let mut held = Vec::new();
    for _ in 0..SLOW {
        let mut connection = running.connect()?;
        sent(connection.send(b"GET /version HTTP/1.1\r\nhost: localhost\r\nx-slow: "))?;
        held.push(connection);
    }
    // Each of them is still there and feeds the service a byte, while others are served.
    for slow in held.iter_mut().step_by(SLOW / OTHERS) {
        running.get("/version")?.status(200)?;
        sent(slow.send(b"x"))?;
    }
    let took = begun.elapsed();
    hold(
        took < timeout,
        format!("{OTHERS} others to be served while {SLOW} slow clients are connected"),
        || format!("only after {took:?}, when the slow ones had been dropped"),
    )?;
    let mut left = held.len();
    let patience = timeout + SOON;
    for connection in &mut held {
        let rest = patience
            .saturating_sub(begun.elapsed())
            .max(Duration::from_millis(1));
        if connection.ends(rest).unwrap_or(true) {
            left -= 1;
        }
    }
    hold(
        left == 0,
        format!("all {SLOW} to be dropped after {timeout:?}"),
        || format!("{left} are open after {:?}", begun.elapsed()),
    )?;
    running.get("/version")?.status(200).map(drop)
}

fn dropped(subject: &Subject) -> Result<(), Fault> {
    let mut setup = subject
        .setup()
        .set("APP__SERVER__MAX_IN_FLIGHT", PLACES.to_string());
    if subject.answer("database") == Some("postgres") {
        // Its pool grows with what is asked of it, and stays open: that is no descriptor lost.
        setup = setup.set("APP__DATABASE__MAX_CONNECTIONS", "1");
    }
    let running = subject.fresh(&setup)?;
    running.get("/version")?.status(200)?;
    let before = running.open_files();
    for wave in 0..DROPPED / WAVE {
        for number in 0..WAVE {
            throw_away(running.connect()?, number);
        }
        if let Some(before) = before {
            all_gone(&running, before, (wave + 1) * WAVE)?;
        }
    }
    // As many at once as may be, all of them held: none of the places is lost.
    let mut held = Vec::new();
    for number in 1..=PLACES {
        held.push(under_way(&running).map_err(|fault| {
            Fault::new(
                format!(
                    "{PLACES} requests at once after {DROPPED} dropped connections, {}",
                    fault.expected
                ),
                format!("number {number}: {}", fault.seen),
            )
        })?);
    }
    for connection in held {
        goes_through(connection)?;
    }
    nothing_in_flight(subject, &running)
}

/// Waits until the service has given back what `dropped` connections made it open.
fn all_gone(running: &Running, before: usize, dropped: usize) -> Result<(), Fault> {
    let mut now = None;
    let back = eventually(GONE, || {
        now = running.open_files();
        now.filter(|now| *now <= before + STRAY)
    });
    hold(
        back.is_some(),
        format!("as many open files as before, {before}"),
        || format!("{now:?} after {dropped} connections were dropped"),
    )
}

/// Ends a connection in one of the ways in which clients fail.
fn throw_away(mut connection: Connection, number: usize) {
    let get = Request::get("/version").bytes();
    let create = create("thrown away").bytes();
    let bytes = match number % 8 {
        0 | 1 => &[][..],
        2 => &get[..1],
        3 => &get[..get.len() / 2],
        4 => &create[..create.len() - 3],
        5 => &unfinished().bytes(),
        6 => &create,
        _ => &get,
    };
    // The service may have hung up first, since there is no room; that is its right.
    let _ = connection.send(bytes);
    if number.is_multiple_of(3) {
        let _ = connection.reset();
    }
}

/// The gauge, where there is one.
fn nothing_in_flight(subject: &Subject, running: &Running) -> Result<(), Fault> {
    if subject.answer("metrics") != Some("prometheus") {
        return Ok(());
    }
    let mut last = None;
    let empty = eventually(SOON, || {
        last = scrape(running).ok()?.only("http_requests_in_flight");
        last.filter(|now| *now < 0.5)
    });
    hold(empty.is_some(), "`http_requests_in_flight` to be 0", || {
        format!("it is {last:?}")
    })
}

fn sent(result: io::Result<()>) -> Result<(), Fault> {
    result.map_err(|error| {
        Fault::new(
            "to read on from a slow client before its time",
            error.to_string(),
        )
    })
}
