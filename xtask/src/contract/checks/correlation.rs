//! S8: a trace goes through: read, logged, and handed on.

use serde_json::Value;

use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::text_field;
use crate::contract::running::Running;
use crate::contract::{Check, Fault, Need, Subject};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S8",
        name: "continues-a-trace",
        title: "the trace id of `traceparent` stands in the log line; without one, each request has its own",
        needs: &[],
        remedy: "`Context::of` in src/platform/context.rs, and `ids` in src/platform/line.rs",
        run: continues,
    },
    Check {
        id: "S8",
        name: "replaces-a-malformed-trace",
        title: "a `traceparent` that breaks the W3C recommendation begins a new trace",
        needs: &[],
        remedy: "`parse_traceparent` in src/platform/context.rs",
        run: replaces,
    },
    Check {
        id: "S8",
        name: "hands-the-context-on",
        title: "spawned tasks log the ids of their request, and calls to other services carry them",
        needs: &[Need::Probe],
        remedy: "`spawn` and `Context::inject` in src/platform/context.rs, and `send` in src/platform/client.rs",
        run: hands_on,
    },
];

fn logged_trace(running: &Running, traceparent: Option<&str>) -> Result<String, Fault> {
    let mut request = Request::get("/version");
    if let Some(traceparent) = traceparent {
        request = request.header("traceparent", traceparent);
    }
    let id = running.call(&request)?.status(200)?.id()?;
    let trace = text_field(&running.access_line(&id)?, "trace_id")?;
    let well_formed = trace.len() == 32
        && trace
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && trace.bytes().any(|b| b != b'0');
    hold(
        well_formed,
        "a trace id of 32 hexadecimal digits, not all zero",
        || trace.clone(),
    )?;
    Ok(trace)
}

fn continues(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    // A later version may say more; what is known of it counts.
    for traceparent in [
        format!("00-{TRACE}-{PARENT}-01"),
        format!("00-{TRACE}-{PARENT}-00"),
        format!("cc-{TRACE}-{PARENT}-01-what-comes-later"),
    ] {
        let trace = logged_trace(&running, Some(&traceparent))?;
        hold(
            trace == TRACE,
            format!("the trace id of `{traceparent}` in the log line"),
            || trace,
        )?;
    }
    let (one, two) = (logged_trace(&running, None)?, logged_trace(&running, None)?);
    hold(
        one != two,
        "a trace of its own for each request without one",
        || one.clone(),
    )
}

fn replaces(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let zeros = "0".repeat(32);
    for traceparent in [
        String::new(),
        TRACE.to_owned(),
        format!("00-{TRACE}-{PARENT}"),
        format!("00-{TRACE}-{PARENT}-01-more"),
        format!("ff-{TRACE}-{PARENT}-01"),
        format!("0-{TRACE}-{PARENT}-01"),
        format!("00-{zeros}-{PARENT}-01"),
        format!("00-{TRACE}-0000000000000000-01"),
        format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
        format!("00-{}-{PARENT}-01", &TRACE[1..]),
        format!("00-{TRACE}0-{PARENT}-01"),
        format!("00-{}x-{PARENT}-01", &TRACE[1..]),
        format!("00-{TRACE}-{PARENT}-1"),
        format!("00-{}\"-{PARENT}-01", &TRACE[1..]),
    ] {
        let trace = logged_trace(&running, Some(&traceparent))?;
        let taken = traceparent.to_lowercase().contains(&trace);
        hold(
            !taken,
            format!("a new trace in place of `{traceparent}`"),
            || trace,
        )?;
    }
    // Of two, nobody can say which one counts.
    let doubled = Request::get("/version")
        .header("traceparent", format!("00-{TRACE}-{PARENT}-01"))
        .header(
            "traceparent",
            format!("00-{}-{PARENT}-01", TRACE.replace('4', "5")),
        );
    let id = running.call(&doubled)?.status(200)?.id()?;
    let trace = text_field(&running.access_line(&id)?, "trace_id")?;
    let taken = trace == TRACE || trace == TRACE.replace('4', "5");
    hold(!taken, "a new trace in place of two", || trace)?;

    let lines = running.lines();
    let broken = lines
        .iter()
        .find(|line| serde_json::from_str::<Value>(line).is_err());
    hold(broken.is_none(), "log lines that stay JSON", || {
        broken.cloned().unwrap_or_default()
    })
}

fn hands_on(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared_probe(&subject.setup())?;
    let with = |path: &str| {
        Request::get(path)
            .header("x-request-id", "handed-on")
            .header("traceparent", format!("00-{TRACE}-{PARENT}-01"))
            .header("tracestate", "vendor=1")
    };
    running.call(&with("/probe/spawn"))?.status(200)?;
    let line = running.line("message `probe spawned`", |line| {
        line["message"] == "probe spawned"
    })?;
    let carried = line["request_id"] == "handed-on" && line["trace_id"] == TRACE;
    hold(
        carried,
        "a spawned task's line with the ids of its request",
        || line.to_string(),
    )?;

    let outgoing = format!("/probe/outgoing?to={}", running.public());
    let reply = running.call(&with(&outgoing))?.status(200)?;
    let sent = reply.json()?;
    reply.hold(
        sent["x-request-id"] == "handed-on",
        "the request id on a call that goes out",
    )?;
    reply.hold(
        sent["tracestate"] == "vendor=1",
        "the `tracestate` on a call that goes out",
    )?;
    let traceparent = text_field(&sent, "traceparent")?;
    let parts: Vec<_> = traceparent.split('-').collect();
    let continued = parts.len() == 4 && parts[0] == "00" && parts[1] == TRACE && parts[3] == "01";
    reply.hold(continued, "the trace and its flags on a call that goes out")?;
    reply.hold(
        parts[2].len() == 16 && parts[2] != PARENT,
        "a span of this service as the parent",
    )
}
