//! S9: what stands in the log.

use serde_json::Value;

use super::samples::create;
use crate::contract::fault::hold;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S9",
        name: "handler-lines-carry-the-ids",
        title: "a line that a handler logs carries the ids of its request",
        needs: &[],
        remedy: "`Lines::write` in src/platform/logging.rs, and `scoped` in context.rs",
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
