//! S14 under abuse: what a client asks for by name must cost nothing that lasts.

use std::io;
use std::ops::Range;
use std::thread;

use super::metrics::scrape;
use crate::contract::client::{Connection, PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "S14",
    name: "forgets-unknown-paths",
    title: "100 000 distinct unknown paths leave the number of series unchanged and memory flat",
    needs: &[Need::Long, Need::Memory],
    remedy: "`End::route` in src/platform/serving.rs: unmatched paths share one value, and nothing is kept by path",
    run: forgets,
}];

const PATHS: usize = 100_000;
/// Asked for before the first look: by then the allocator has an arena for each thread, and buffers their size.
const WARM: usize = 20_000;
/// What may be added by the others: 52 bytes for each of 80 000 paths, less than the smallest entry of a map with its
/// key; and more than the allocator was ever seen to move by itself (about one mebibyte).
const GROWTH: u64 = 4 << 20;
const CLIENTS: usize = 4;
/// Requests sent in one go, and answered one after the other.
const BATCH: usize = 50;

fn forgets(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup())?;
    // An engine that asks for health adds these by and by.
    for path in ["/health/ready", "/health/live"] {
        running.get(path)?.status(200)?;
    }
    let expected = "no new series for paths that nobody knows";
    let series = || match subject.answer("metrics") {
        Some("prometheus") => match scrape(&running) {
            Ok(read) => Ok(Some(read.samples.len())),
            // With a series a path it grows beyond what anybody would read.
            Err(fault) => Err(Fault::new(expected, fault.seen)),
        },
        _ => Ok(None),
    };
    ask(&running, 0..WARM)?;
    let (series_before, before) = (series()?, running.memory()?);
    ask(&running, WARM..PATHS)?;
    let after = series()?;
    hold(after == series_before, expected, || {
        format!("{series_before:?} before, {after:?} after")
    })?;
    let mut now = 0;
    // What is still on its way to the log is not kept.
    let flat = eventually(SOON, || {
        now = running.memory().ok()?;
        (now < before + GROWTH).then_some(())
    });
    hold(
        flat.is_some(),
        format!("memory to grow by less than {} KiB", GROWTH >> 10),
        || format!("from {} KiB to {} KiB", before >> 10, now >> 10),
    )
}

/// Asks for the paths of these numbers, over a few connections at once.
fn ask(running: &Running, numbers: Range<usize>) -> Result<(), Fault> {
    let share = numbers.len().div_ceil(CLIENTS);
    let address = running.public();
    thread::scope(|scope| {
        let clients: Vec<_> = numbers
            .clone()
            .step_by(share)
            .map(|start| {
                let end = (start + share).min(numbers.end);
                scope.spawn(move || Connection::open(address).and_then(|to| client(to, start..end)))
            })
            .collect();
        for client in clients {
            let outcome = client
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("the client panicked")));
            outcome.map_err(|error| {
                Fault::new("404 for a path that nobody knows", error.to_string())
            })?;
        }
        Ok(())
    })
}

fn client(mut connection: Connection, numbers: Range<usize>) -> io::Result<()> {
    for start in numbers.clone().step_by(BATCH) {
        let batch = start..(start + BATCH).min(numbers.end);
        let bytes: Vec<u8> = batch
            .clone()
            .flat_map(|number| unknown(number).head())
            .collect();
        connection.send(&bytes)?;
        for number in batch {
            let response = connection.answer(PATIENCE, false)?;
            if response.status != 404 {
                let title = unknown(number).title();
                return Err(io::Error::other(format!("{title}: {}", response.excerpt())));
            }
        }
    }
    Ok(())
}

/// One path for each number, of several depths.
fn unknown(number: usize) -> Request {
    Request::get(match number % 4 {
        0 => format!("/{number}"),
        1 => format!("/unknown/{number:x}/deeper?page={number}"),
        2 => format!("/api/v1/items/{number}/parts"),
        _ => format!("/{}/{number}", "long".repeat(40)),
    })
}
