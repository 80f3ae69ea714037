//! Log lines: one flat JSON object each (or a readable line in dev), on stdout, with the ids of the request.
//!
//! Spans are not printed: correlation comes from the task's context, which costs a fraction of a span. Where spans are
//! exported, those that handlers make go there.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::{self, Debug, Write as _};
use std::io::Write as _;
use std::mem::take;
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use humantime::format_rfc3339_millis;
use serde::Serialize;
use serde_json::json;
use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context as LayerContext, SubscriberExt};

use super::context::Context;
use super::sink::Sink;
use crate::config::{Config, Format};
use crate::metrics::span;
use crate::version::{SERVICE, VERSION};

/// How long the end of the process waits for stdout.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Makes this the process's log and sends panics to it, until what it returns is dropped.
pub fn install(config: &Config) -> Log {
    let sink = Sink::stdout();
    let log = &config.settings.log;
    let lines = Lines::new(log.format, config.environment.name(), sink.clone());
    let subscriber = tracing_subscriber::registry()
        .with(log.level.clone())
        .with(lines)
        .with(span::layer());
    // Refused only where a test has set one already, and then that one is wanted.
    let _ = tracing::subscriber::set_global_default(subscriber);
    std::panic::set_hook(Box::new(log_panic));
    Log(sink)
}

/// The process's log. Dropped, it writes its last lines, for as long as [`LAST_WORDS`] at most.
#[must_use]
pub struct Log(Arc<Sink>);

impl Drop for Log {
    fn drop(&mut self) {
        self.0.close(LAST_WORDS);
    }
}

fn log_panic(info: &PanicHookInfo<'_>) {
    let panic = info.payload_as_str().unwrap_or("(no text)");
    let location = info.location().map(ToString::to_string);
    tracing::error!(panic, location, "panic");
}

/// Turns events into lines.
struct Lines {
    json: bool,
    /// `service`, `version` and `environment`, and the brace that ends a line.
    identity: String,
    sink: Arc<Sink>,
}

impl Lines {
    fn new(format: Format, environment: &str, sink: Arc<Sink>) -> Self {
        let identity = json!({"service": SERVICE, "version": VERSION, "environment": environment});
        Self {
            json: format == Format::Json,
            identity: identity.to_string().replacen('{', ",", 1),
            sink,
        }
    }

    fn write(&self, line: &mut Line, event: &Event<'_>) {
        line.begin(self.json, event.metadata());
        let (level, target) = (event.metadata().level().as_str(), event.metadata().target());
        if self.json {
            line.push("{\"timestamp\":\"");
            line.time();
            line.push("\",\"level\":\"");
            line.push(level);
            line.push("\",\"target\":");
            line.constant(target);
        } else {
            line.time();
            line.print(format_args!(" {level:5}"));
        }
        event.record(line);
        Context::with_current(|context| {
            // Neither can hold what needs escaping.
            let (request, trace) = context.ids();
            if self.json {
                line.push(",\"request_id\":\"");
                line.bytes.extend_from_slice(request);
                line.push("\",\"trace_id\":\"");
                line.bytes.extend_from_slice(trace);
                line.push("\"");
            } else {
                line.push(" request_id=");
                line.bytes.extend_from_slice(request);
            }
        });
        line.push(if self.json { &self.identity } else { "" });
        line.push("\n");
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        thread_local! {
            static LINE: Cell<Line> = Cell::default();
        }
        // Taken, not borrowed: the `Debug` of a field may log in its turn.
        let mut line = LINE.take();
        self.write(&mut line, event);
        self.sink.push(&line.bytes);
        LINE.set(line);
    }
}

/// A line as it grows. Its memory is used again, line after line.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    json: bool,
    /// What the `Debug` of a field says.
    text: String,
    /// The place in the code that logged the last line, if lines have its target and its names as they stand there: under
    /// load most lines come from one place, and need no second look at either.
    plain: Option<Identifier>,
    /// The millisecond of the last line, and how it is written: under load many lines share it.
    now: (u128, String),
}

impl Line {
    fn begin(&mut self, json: bool, place: &Metadata<'_>) {
        self.bytes.clear();
        self.json = json;
        let id = Some(place.callsite());
        if self.plain != id {
            let mut names = place.fields().iter().map(|field| field.name());
            let usual = |name| is_plain(name) && !is_reserved(name);
            self.plain = id.filter(|_| is_plain(place.target()) && names.all(usual));
        }
    }

    /// Appends text that needs no escaping. In line: most of it is literal, and then a store or two.
    #[inline]
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// As [`Line::push`].
    fn print(&mut self, text: fmt::Arguments<'_>) {
        // Memory takes everything.
        let _ = self.bytes.write_fmt(text);
    }

    /// Appends the time of day.
    fn time(&mut self) {
        // A clock that nobody has set may be behind it.
        let now = SystemTime::now().max(UNIX_EPOCH);
        let millis = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |age| age.as_millis());
        if self.now.0 != millis {
            self.now = (millis, format_rfc3339_millis(now).to_string());
        }
        self.bytes.extend_from_slice(self.now.1.as_bytes());
    }

    /// Appends a field, its value as JSON has it in both formats, so that no value can end its line.
    fn field(&mut self, name: &str, value: impl Serialize) {
        self.name(name);
        let _ = serde_json::to_writer(&mut self.bytes, &value);
    }

    /// As [`Line::field`].
    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.string(value);
    }

    fn name(&mut self, name: &str) {
        if self.json {
            self.push(",");
            self.constant(name);
            self.push(":");
        } else {
            self.push(" ");
            self.push(name);
            self.push("=");
        }
    }

    /// Appends a string that stands in the code that logs.
    fn constant(&mut self, text: &str) {
        self.quoted(text, self.plain.is_some() || is_plain(text));
    }

    fn string(&mut self, text: &str) {
        self.quoted(text, is_plain(text));
    }

    fn quoted(&mut self, text: &str, plain: bool) {
        if plain {
            self.push("\"");
            self.push(text);
            self.push("\"");
        } else {
            let _ = serde_json::to_writer(&mut self.bytes, text);
        }
    }

    /// Appends a field of an event.
    fn record(&mut self, field: &Field, value: impl Serialize) {
        self.field(&self.own(field.name()), value);
    }

    /// The name of an event's field; one that every line uses gets a `_` at its end.
    fn own<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.plain.is_none() && is_reserved(name) {
            format!("{name}_").into()
        } else {
            name.into()
        }
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
            self.text(&self.own(field.name()), value);
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

/// Whether every line uses this name.
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn line(format: Format, log: impl FnOnce()) -> String {
        let sink = Arc::new(Sink::default());
        let lines = Lines::new(format, "prod", sink.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), log);
        let mut text = Vec::new();
        sink.write_to(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_line_is_one_flat_object_whatever_is_logged() {
        let line = line(Format::Json, || {
            tracing::info!(
                version = 7,
                ratio = f64::NAN,
                hostile = "a\"\\\n\u{7f}",
                "said \"it\""
            );
        });
        assert_eq!(line.matches('\n').count(), 1);
        let line: serde_json::Map<String, Value> = serde_json::from_str(&line).unwrap();
        assert_eq!(line["message"], "said \"it\"");
        assert_eq!(line["hostile"], "a\"\\\n\u{7f}");
        assert_eq!(
            (&line["version_"], &line["version"]),
            (&7.into(), &VERSION.into())
        );
        assert_eq!(
            (&line["ratio"], &line["environment"]),
            (&"NaN".into(), &"prod".into())
        );
        assert!(
            line.values()
                .all(|value| !value.is_object() && !value.is_array())
        );
        assert!(!line.contains_key("request_id"));
    }

    #[test]
    fn names_are_escaped_wherever_they_stand() {
        // One place after the other, on one thread: what is known of the last one must not count for the next.
        for odd in [false, true, false] {
            let line = line(Format::Json, || {
                if odd {
                    tracing::info!(target: "a\"b", { "c\"d" = 1, level = 2 }, "said");
                } else {
                    tracing::info!(target: "a", c = 1, "said");
                }
            });
            let line: serde_json::Map<String, Value> = serde_json::from_str(&line).unwrap();
            let (target, field) = if odd { ("a\"b", "c\"d") } else { ("a", "c") };
            assert_eq!((&line["target"], &line[field]), (&target.into(), &1.into()));
            assert_eq!(
                (&line["level"], odd),
                (&"INFO".into(), line.contains_key("level_"))
            );
        }
    }

    #[test]
    fn lines_that_nobody_reads_are_dropped_and_counted() {
        let sink = Arc::new(Sink::default());
        let lines = Lines::new(Format::Json, "prod", sink.clone());
        let half = "x".repeat(600 << 10);
        let written = || {
            let mut text = Vec::new();
            sink.write_to(&mut text);
            String::from_utf8(text).unwrap()
        };
        let log = || {
            for _ in 0..4 {
                tracing::info!(half);
            }
            let text = written();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), 2);
            assert!(lines[0].contains(&half) && lines[1].contains(r#""dropped":3"#));
            assert_eq!(written(), "");
        };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), log);
        sink.close(Duration::ZERO);
        sink.push(b"too late");
        assert_eq!(written(), "");
    }

    #[test]
    fn a_readable_line_cannot_be_broken_either() {
        let line = line(Format::Pretty, || tracing::warn!(name = "a\nb", "hel\nlo"));
        assert!(line.ends_with("WARN  hel lo name=\"a\\nb\"\n"), "{line}");
    }
}
