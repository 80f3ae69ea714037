//! S14: what is measured, and where it can be read.

use std::time::UNIX_EPOCH;

use super::openmetrics::Exposition;
use super::promlint::lint;
use super::samples::{NOBODY, create, goes_through, under_way};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::Reply;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Subject};

const PROMETHEUS: Need = Need::Answer("metrics", "prometheus");
const EXPORTER: &str =
    "src/metrics/exporter.rs, and its one call, in `Drop for End` of src/platform/serving.rs";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S14",
        name: "keeps-metrics-off-the-public-address",
        title: "`/metrics` is 404 on the public address",
        needs: &[],
        remedy: "`routes` in src/app.rs must not mount the exporter",
        run: not_public,
    },
    Check {
        id: "S14",
        name: "exports-nothing-when-not-asked-to",
        title: "with `metrics = none`, `/metrics` is 404 on the management address too",
        needs: &[Need::Answer("metrics", "none")],
        remedy: "the exporter that does nothing, src/metrics/exporter.rs",
        run: none,
    },
    Check {
        id: "S14",
        name: "exports-openmetrics",
        title: "with `metrics = prometheus`, the management address serves well-formed OpenMetrics 1.0",
        needs: &[PROMETHEUS],
        remedy: EXPORTER,
        run: well_formed,
    },
    Check {
        id: "S14",
        name: "counts-by-method-route-and-status",
        title: "count and duration move by method, route pattern and status",
        needs: &[PROMETHEUS],
        remedy: EXPORTER,
        run: counts,
    },
    Check {
        id: "S14",
        name: "bounds-its-labels",
        title: "300 unknown paths and 30 made-up methods add one series each at most",
        needs: &[PROMETHEUS],
        remedy: "`label` in src/platform/edge.rs and `End::route` in serving.rs: unmatched paths and unknown methods share one value",
        run: bounded,
    },
    Check {
        id: "S14",
        name: "counts-what-is-in-flight",
        title: "the gauge says 1 while one request is served, and 0 after it",
        needs: &[PROMETHEUS],
        remedy: "`InFlight` in src/platform/in_flight.rs, and the gauge in src/metrics/exporter.rs",
        run: in_flight,
    },
    Check {
        id: "S14",
        name: "names-metrics-by-convention",
        title: "names, types, units and help texts are what `promtool check metrics` asks for",
        needs: &[PROMETHEUS],
        remedy: "src/metrics/exporter.rs, or wherever the metric that is named is registered",
        run: conventional,
    },
    Check {
        id: "S14",
        name: "shows-the-process",
        title: "CPU time, memory, file descriptors and start time of the process are shown, and move with it",
        needs: &[PROMETHEUS, Need::Memory],
        remedy: "src/metrics/exporter/process.rs",
        run: process,
    },
];

fn not_public(subject: &Subject) -> Result<(), Fault> {
    subject
        .shared(&subject.setup())?
        .get("/metrics")?
        .status(404)
        .map(drop)
}

fn none(subject: &Subject) -> Result<(), Fault> {
    subject
        .shared(&subject.setup())?
        .manage("/metrics")?
        .status(404)
        .map(drop)
}

pub fn scrape(running: &Running) -> Result<Exposition, Fault> {
    read(&running.manage("/metrics")?.status(200)?)
}

/// What an answer of `/metrics` says.
pub fn read(reply: &Reply) -> Result<Exposition, Fault> {
    Exposition::parse(&reply.response.text())
        .map_err(|problem| reply.fault(format!("OpenMetrics text; {problem}")))
}

/// Holds that names, types and units are what `promtool check metrics` asks for.
pub fn named_well(read: &Exposition) -> Result<(), Fault> {
    let wrong = lint(read);
    hold(
        wrong.is_empty(),
        "metrics that are named and typed by Prometheus' conventions",
        || wrong.join("\n"),
    )
}

fn well_formed(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    running.get("/version")?.status(200)?;
    let reply = running.manage("/metrics")?.status(200)?;
    reply.header_is(
        "content-type",
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )?;
    let read = scrape(&running)?;
    for (family, kind) in [
        ("http_requests", "counter"),
        ("http_request_duration_seconds", "histogram"),
        ("http_requests_in_flight", "gauge"),
    ] {
        let known = read.kinds.get(family).is_some_and(|known| known == kind);
        reply.hold(known, format!("`{family}` as a {kind}"))?;
    }
    Ok(())
}

fn counts(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let version = Request::get("/version");
    let cases = [
        (&version, 3, "GET", "/version", "200"),
        (&create("counted"), 1, "POST", "/api/v1/items", "201"),
        (&Request::get(NOBODY), 2, "GET", "/api/v1/items/{id}", "404"),
        (
            &Request::new("PATCH", "/version"),
            1,
            "PATCH",
            "/version",
            "405",
        ),
        (
            &Request::new("BREW", "/nowhere"),
            1,
            "OTHER",
            "unmatched",
            "404",
        ),
    ];
    for (request, times, method, route, status) in cases {
        let labels = [("method", method), ("route", route), ("status", status)];
        let count = |read: &Exposition| read.sum("http_requests_total", &labels);
        let durations =
            |read: &Exposition| read.sum("http_request_duration_seconds_count", &labels);
        let before = scrape(&running)?;
        for _ in 0..times {
            running.call(request)?;
        }
        let after = scrape(&running)?;
        for (what, moved) in [
            ("http_requests_total", count(&after) - count(&before)),
            (
                "http_request_duration_seconds_count",
                durations(&after) - durations(&before),
            ),
        ] {
            let expected = format!("`{what}` of {method} {route} {status} to move by {times}");
            hold((moved - f64::from(times)).abs() < 0.5, expected, || {
                format!("it moved by {moved}")
            })?;
        }
    }
    let read = scrape(&running)?;
    let labels = [("route", "/version"), ("method", "GET")];
    let all = read.sum(
        "http_request_duration_seconds_bucket",
        &[&labels[..], &[("le", "+Inf")]].concat(),
    );
    let count = read.sum("http_request_duration_seconds_count", &labels);
    let seconds = read.sum("http_request_duration_seconds_sum", &labels);
    let sane = (all - count).abs() < 0.5 && seconds > 0.0 && seconds < 8.0 * count;
    hold(
        sane,
        "a histogram in seconds whose last bucket holds all",
        || format!("+Inf bucket {all}, count {count}, sum {seconds}"),
    )
}

fn bounded(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let mut connection = running.connect()?;
    let mut ask = |request: Request| Reply::of(&request, connection.call(&request));
    ask(Request::get("/unknown"))?.status(404)?;
    ask(Request::new("BREW", "/unknown"))?.status(404)?;
    let before = scrape(&running)?.samples.len();
    for index in 0..300 {
        ask(Request::get(format!("/unknown/{index}")))?.status(404)?;
    }
    for index in 0..30 {
        ask(Request::new(&format!("MADEUP{index}"), "/unknown"))?.status(404)?;
    }
    let after = scrape(&running)?.samples.len();
    hold(
        after <= before,
        "no new series for paths and methods that nobody knows",
        || format!("{before} series before, {after} after"),
    )
}

fn in_flight(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let reaches = |wanted: f64| {
        let mut last = None;
        let reached = eventually(SOON, || {
            last = scrape(&running).ok()?.only("http_requests_in_flight");
            last.filter(|now| (now - wanted).abs() < 0.5)
        });
        hold(
            reached.is_some(),
            format!("`http_requests_in_flight` to be {wanted}"),
            || format!("it is {last:?}"),
        )
    };
    reaches(0.0)?;
    let connection = under_way(&running)?;
    reaches(1.0)?;
    goes_through(connection)?;
    reaches(0.0)
}

fn conventional(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    running.get("/version")?.status(200)?;
    named_well(&scrape(&running)?)
}

fn process(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup())?;
    let figure = |name: &str| {
        let found = scrape(&running)?.only(name);
        found.ok_or_else(|| Fault::new(format!("`{name}`, once"), format!("{found:?}")))
    };
    let now = UNIX_EPOCH.elapsed().unwrap_or_default().as_secs_f64();
    for (name, least, most) in [
        // The kernel's clock began with the machine, and drifts from this one.
        ("process_start_time_seconds", now - 60.0, now + 10.0),
        ("process_resident_memory_bytes", 5e5, 1e9),
        ("process_virtual_memory_bytes", 1e6, 1e13),
        ("process_threads", 2.0, 1000.0),
        ("process_max_fds", 64.0, 1e10),
    ] {
        let found = figure(name)?;
        let expected = format!("`{name}` from {least} to {most}");
        hold((least..=most).contains(&found), expected, || {
            found.to_string()
        })?;
    }
    let moves = |name: &str, least: f64, move_it: &mut dyn FnMut() -> Result<(), Fault>| {
        let before = figure(name)?;
        let mut after = before;
        let moved = eventually(SOON, || {
            move_it().ok()?;
            after = figure(name).ok()?;
            (after >= before + least).then_some(())
        });
        let expected = format!("`{name}` to move by {least} at least");
        hold(moved.is_some(), expected, || {
            format!("from {before} to {after}")
        })
    };
    let mut open = Vec::new();
    // Connections of earlier calls may close meanwhile.
    moves("process_open_fds", 15.0, &mut || {
        open.resize_with(20, || running.connect().ok());
        Ok(())
    })?;
    moves("process_cpu_seconds_total", 0.01, &mut || {
        let mut connection = running.connect()?;
        for _ in 0..200 {
            let version = Request::get("/version");
            Reply::of(&version, connection.call(&version))?;
        }
        Ok(())
    })
}
