//! S9: the access line.

use super::samples::NOBODY;
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::text_field;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S9",
        name: "logs-one-line-a-request",
        title: "one access line a request, with every field and its type",
        needs: &[],
        remedy: "`fill` in src/platform/access.rs, and `Drop for End` in serving.rs",
        run: access_line,
    },
    Check {
        id: "S9",
        name: "logs-the-pattern-not-the-path",
        title: "`route` is the matched pattern, `unmatched` for none; no path or query reaches the log",
        needs: &[],
        remedy: "where src/platform/edge.rs asks `patterns`, and `End::route` in serving.rs",
        run: pattern,
    },
    Check {
        id: "S9",
        name: "logs-probes-at-debug",
        title: "health probes log at debug: absent at info, there at debug",
        needs: &[],
        remedy: "`probe` in src/platform/serving.rs, and `log` in access.rs",
        run: probes,
    },
    Check {
        id: "S9",
        name: "logs-what-clients-give-up",
        title: "a request whose client left before its answer has its line too, with status 499",
        needs: &[Need::Probe],
        remedy: "`End` in src/platform/serving.rs: it is dropped with the request",
        run: given_up,
    },
];

fn access_line(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let id = running.get("/version")?.status(200)?.id()?;
    let line = running.access_line(&id)?;
    for (name, value) in [
        ("level", "INFO"),
        ("method", "GET"),
        ("route", "/version"),
        ("service", &subject.name),
        ("version", &subject.version),
        ("environment", &subject.environment),
    ] {
        hold(
            line[name] == value,
            format!("`{name}` to be `{value}`"),
            || line.to_string(),
        )?;
    }
    hold(
        line["status"] == 200,
        "`status` to be the number 200",
        || line.to_string(),
    )?;
    let latency = line["latency_ms"].as_f64();
    let sane = latency.is_some_and(|latency| (0.0..8000.0).contains(&latency));
    hold(sane, "`latency_ms` to be a number of milliseconds", || {
        line.to_string()
    })?;
    text_field(&line, "trace_id")?;

    // A second request is logged after the first, so whatever the first had to say is there by then.
    let next = running.get("/version")?.id()?;
    running.access_line(&next)?;
    let lines = running.lines();
    let count = lines.iter().filter(|line| line.contains(&id)).count();
    hold(count == 1, "one line a request", || {
        format!("{count} lines with the id {id}")
    })
}

fn pattern(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let refused = Request::new("BREW", "/version?mark-in-query=1");
    for (request, route) in [
        (
            Request::get(format!("{NOBODY}?mark-in-query=1")),
            "/api/v1/items/{id}",
        ),
        (Request::get("/mark-in-path?mark-in-query=1"), "unmatched"),
        (refused, "/version"),
    ] {
        let reply = running.call(&request)?;
        let line = running.access_line(&reply.id()?)?;
        let expected = format!("`{}` to log the route `{route}`", reply.to);
        hold(line["route"] == route, expected, || line.to_string())?;
    }
    let lines = running.lines();
    let leak = lines
        .iter()
        .find(|line| line.contains("mark-in-") || line.contains("00000000-0000-4000-8000"));
    hold(leak.is_none(), "no path and no query in the log", || {
        leak.cloned().unwrap_or_default()
    })
}

fn probes(subject: &Subject) -> Result<(), Fault> {
    let quiet = subject.shared(&subject.setup())?;
    let mut probes = Vec::new();
    for path in ["/health/live", "/health/ready"] {
        probes.push(quiet.get(path)?.status(200)?.id()?);
    }
    // A later line shows that the log has come this far.
    let later = quiet.get("/version")?.id()?;
    quiet.access_line(&later)?;
    let lines = quiet.lines();
    let loud = lines
        .iter()
        .find(|line| probes.iter().any(|id| line.contains(id)));
    hold(
        loud.is_none(),
        "no line for a health probe at level info",
        || loud.cloned().unwrap_or_default(),
    )?;

    let chatty = subject.fresh(&subject.setup().set("APP__LOG__LEVEL", "debug"))?;
    let id = chatty.get("/health/live")?.status(200)?.id()?;
    let line = chatty.access_line(&id)?;
    let kept = line["level"] == "DEBUG" && line["route"] == "/health/live";
    hold(kept, "a probe's line at level DEBUG", || line.to_string())
}

fn given_up(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh_probe(&subject.setup())?;
    let request = Request::get("/probe/slow?ms=6000").header("x-request-id", "given-up");
    let mut connection = running.connect()?;
    let sent = connection.send(&request.bytes());
    sent.map_err(|error| Fault::new("to send a request", error.to_string()))?;
    running.line("message `probe begins`", |line| {
        line["message"] == "probe begins"
    })?;
    drop(connection);
    let line = running.access_line("given-up")?;
    let kept = line["status"] == 499 && line["route"] == "/probe/slow";
    hold(kept, "`status` 499 and `route` `/probe/slow`", || {
        line.to_string()
    })
}
