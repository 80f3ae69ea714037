//! S9: what stands in the log.

use serde_json::Value;

use super::samples::{NOBODY, create};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::running::text_field;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S9",
        name: "logs-one-line-a-request",
        title: "one access line a request, with every field and its type",
        needs: &[],
        remedy: "`finish` in src/platform/edge.rs",
        run: access_line,
    },
    Check {
        id: "S9",
        name: "logs-the-pattern-not-the-path",
        title: "`route` is the matched pattern, `unmatched` for none; no path or query reaches the log",
        needs: &[],
        remedy: "where src/platform/edge.rs reads `MatchedPath`",
        run: pattern,
    },
    Check {
        id: "S9",
        name: "logs-probes-at-debug",
        title: "health probes log at debug: absent at info, there at debug",
        needs: &[],
        remedy: "`finish` in src/platform/edge.rs",
        run: probes,
    },
    Check {
        id: "S9",
        name: "handler-lines-carry-the-ids",
        title: "a line that a handler logs carries the ids of its request",
        needs: &[],
        remedy: "`Context::with` in src/platform/logging.rs, and the scope in src/platform/edge.rs",
        run: handler_lines,
    },
    Check {
        id: "S9",
        name: "logs-flat-json",
        title: "every line is one flat JSON object that says when, what and who",
        needs: &[],
        remedy: "src/platform/logging.rs; a program that writes past it shows here too",
        run: flat,
    },
    Check {
        id: "S9",
        name: "logs-json-outside-dev",
        title: "staging and prod log JSON without being told to",
        needs: &[],
        remedy: "`log.format` in config/default.yaml, staging.yaml and prod.yaml",
        run: json_outside_dev,
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

fn handler_lines(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let request = create("logged").header("x-request-id", "made-an-item");
    running.call(&request)?.status(201)?;
    let access = running.access_line("made-an-item")?;
    let line = running.line("message `item created` with the request's id", |line| {
        line["message"] == "item created" && line["request_id"] == "made-an-item"
    })?;
    hold(
        line["trace_id"] == access["trace_id"],
        "the handler's line in the trace of its request",
        || format!("{line}\n{access}"),
    )
}

fn flat(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    running.call(&create("a \"quoted\"\n{name}"))?.status(201)?;
    let id = running.get("/nowhere")?.id()?;
    running.access_line(&id)?;
    for line in running.lines() {
        let parsed: Result<Value, _> = serde_json::from_str(&line);
        let object = parsed.ok().and_then(|value| value.as_object().cloned());
        let object =
            object.ok_or_else(|| Fault::new("every line to be a JSON object", line.clone()))?;
        let flat = object
            .values()
            .all(|value| !value.is_object() && !value.is_array());
        hold(flat, "no object and no list inside a line", || line.clone())?;
        for name in [
            "timestamp",
            "level",
            "message",
            "target",
            "service",
            "version",
            "environment",
        ] {
            let text = object.get(name).and_then(Value::as_str).unwrap_or_default();
            hold(
                !text.is_empty(),
                format!("`{name}` as text in every line"),
                || line.clone(),
            )?;
        }
        let time = object["timestamp"].as_str().unwrap_or_default();
        hold(
            is_utc(time),
            "`timestamp` in RFC 3339, UTC, with milliseconds",
            || line.clone(),
        )?;
    }
    Ok(())
}

/// Whether it is such as `2026-01-31T08:00:00.123Z`, or with microseconds.
fn is_utc(time: &str) -> bool {
    let shape: String = time
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    ["0000-00-00T00:00:00.000Z", "0000-00-00T00:00:00.000000Z"].contains(&shape.as_str())
}

fn json_outside_dev(subject: &Subject) -> Result<(), Fault> {
    for environment in super::layers::environments(subject) {
        if environment == "dev" {
            continue;
        }
        let setup = subject
            .setup()
            .set("APP_ENV", environment)
            .unset("APP__LOG__FORMAT");
        let running = subject.fresh(&setup)?;
        let line = running.line("message `listening`", |line| line["message"] == "listening")?;
        let kept = line["environment"] == environment;
        hold(
            kept,
            format!("lines that name the environment `{environment}`"),
            || line.to_string(),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utc_with_a_fraction_counts() {
        assert!(is_utc("2026-01-31T08:00:00.123Z") && is_utc("2026-01-31T08:00:00.123456Z"));
        assert!(!is_utc("2026-01-31T08:00:00Z") && !is_utc("2026-01-31T08:00:00.123+01:00"));
    }
}
