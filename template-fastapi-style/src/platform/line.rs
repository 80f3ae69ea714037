//! One log line as it grows. Values stand in it as JSON has them, whatever the format: none can end its line, or begin another.

use std::borrow::Cow;
use std::fmt::{self, Debug, Write as _};
use std::io::Write as _;
use std::mem::take;
use std::time::{Instant, UNIX_EPOCH};

use humantime::format_rfc3339_millis;
use serde::Serialize;
use tracing::Level;
use tracing::field::{Field, Visit};

use super::clock;
use super::context::Context;

/// A line as it grows. Its memory is used again, line after line.
#[derive(Default)]
pub(super) struct Line {
    bytes: Vec<u8>,
    json: bool,
    /// What the `Debug` of a field says.
    text: String,
    /// The millisecond of the last line, and how it is written: under load many lines share it.
    now: (u128, String),
}

impl Line {
    /// Forgets the last line, and begins another.
    pub(super) fn begin(&mut self, json: bool, at: Instant, level: Level, target: &str) {
        self.bytes.clear();
        self.json = json;
        self.either("{\"timestamp\":\"", "");
        self.time(at);
        if json {
            self.push("\",\"level\":\"");
            self.push(level.as_str());
            self.push("\",\"target\":");
            self.string(target);
        } else {
            self.print(format_args!(" {level:5}"));
        }
    }

    /// Appends what ties the line to its request. Neither id can hold what needs escaping.
    pub(super) fn ids(&mut self, context: &Context) {
        let (request, trace) = context.ids();
        self.either(",\"request_id\":\"", " request_id=");
        self.bytes.extend_from_slice(request);
        if self.json {
            self.push("\",\"trace_id\":\"");
            self.bytes.extend_from_slice(trace);
            self.push("\"");
        }
    }

    /// Ends the line, in JSON with `identity`. All of it.
    pub(super) fn end(&mut self, identity: &str) -> &[u8] {
        self.either(identity, "");
        self.push("\n");
        &self.bytes
    }

    /// Appends text that needs no escaping. In line: most of it is literal, and then a store or two.
    #[inline]
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// As [`Line::push`], what the format of the line asks for.
    #[inline]
    pub(super) fn either(&mut self, json: &str, pretty: &str) {
        self.push(if self.json { json } else { pretty });
    }

    /// Appends a value as JSON has it in both formats, so that none can end its line.
    #[inline]
    pub(super) fn value(&mut self, value: impl Serialize) {
        // Memory takes everything.
        let _ = serde_json::to_writer(&mut self.bytes, &value);
    }

    /// As [`Line::value`].
    pub(super) fn string(&mut self, text: &str) {
        if is_plain(text) {
            self.push("\"");
            self.push(text);
            self.push("\"");
        } else {
            self.value(text);
        }
    }

    /// As [`Line::push`].
    fn print(&mut self, text: fmt::Arguments<'_>) {
        // Memory takes everything.
        let _ = self.bytes.write_fmt(text);
    }

    /// Appends the time of day.
    fn time(&mut self, at: Instant) {
        let time = clock::since_epoch(at);
        let millis = time.as_millis();
        if self.now.0 != millis {
            self.now = (millis, format_rfc3339_millis(UNIX_EPOCH + time).to_string());
        }
        self.bytes.extend_from_slice(self.now.1.as_bytes());
    }

    fn name(&mut self, name: &str) {
        if self.json {
            self.push(",");
            self.string(name);
            self.push(":");
        } else {
            self.push(" ");
            self.push(name);
            self.push("=");
        }
    }

    /// Appends a field of an event.
    fn record(&mut self, field: &Field, value: impl Serialize) {
        self.name(&own(field.name()));
        self.value(value);
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = take(&mut self.text);
        text.clear();
        // Fails only if the `Debug` of the field does; what it wrote still counts.
        let _ = write!(text, "{value:?}");
        self.record_str(field, &text);
        self.text = text;
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if !self.json && field.name() == "message" {
            self.print(format_args!(" {}", value.replace(char::is_control, " ")));
        } else {
            self.name(&own(field.name()));
            self.string(value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.record(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.record(field, value);
        } else {
            // JSON has no number for infinity.
            self.record_debug(field, &value);
        }
    }
}

/// The name of an event's field; one that every line uses gets a `_` at its end.
fn own(name: &str) -> Cow<'_, str> {
    if is_reserved(name) {
        format!("{name}_").into()
    } else {
        name.into()
    }
}

fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "timestamp"
            | "level"
            | "target"
            | "service"
            | "version"
            | "environment"
            | "request_id"
            | "trace_id"
    )
}

/// Whether text stands in JSON as it is, as nearly all does.
fn is_plain(name: &str) -> bool {
    let special = |b: u8| b < b' ' || b == b'"' || b == b'\\';
    // Not `any`: it is short, and a loop without an exit is the faster one.
    !name.bytes().fold(false, |any, b| any | special(b))
}
