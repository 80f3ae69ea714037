//! Log lines: one flat JSON object each (or a readable line in dev), on stdout, with the ids of the request.
//!
//! Spans are not printed: correlation comes from the task's context, which costs a fraction of a span. Where spans are
//! exported, those that handlers make go there.

use std::cell::Cell;
use std::fmt::{self, Debug, Write as _};
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context as LayerContext, SubscriberExt};

use super::context::Context;
use super::sink::Sink;
use crate::config::{Config, Format};
use crate::metrics::span;
use crate::version::{SERVICE, VERSION};

/// Names that every line uses; a field of the same name gets a `_` at its end.
const RESERVED: [&str; 8] = [
    "timestamp",
    "level",
    "target",
    "service",
    "version",
    "environment",
    "request_id",
    "trace_id",
];

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
    /// `service`, `version` and `environment`, ready to be appended.
    identity: String,
    sink: Arc<Sink>,
}

impl Lines {
    fn new(format: Format, environment: &str, sink: Arc<Sink>) -> Self {
        let identity = format!(
            r#","service":"{SERVICE}","version":"{VERSION}","environment":"{environment}""#
        );
        let json = format == Format::Json;
        Self {
            json,
            identity,
            sink,
        }
    }

    fn write(&self, line: &mut String, event: &Event<'_>) -> fmt::Result {
        let (level, target) = (event.metadata().level(), event.metadata().target());
        let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        if self.json {
            line.push('{');
            write!(
                line,
                r#""timestamp":"{time}","level":"{level}","target":"{target}""#
            )?;
        } else {
            write!(line, "{time} {level:5} ")?;
        }
        event.record(&mut Fields {
            line,
            json: self.json,
        });
        if let Some(context) = Context::current() {
            let (request_id, trace_id) = (context.request_id(), context.trace_id());
            if self.json {
                write!(
                    line,
                    r#","request_id":"{request_id}","trace_id":"{trace_id}""#
                )?;
            } else {
                write!(line, " request_id={request_id}")?;
            }
        }
        if self.json {
            line.push_str(&self.identity);
            line.push('}');
        }
        line.push('\n');
        Ok(())
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        thread_local! {
            static LINE: Cell<String> = const { Cell::new(String::new()) };
        }
        // Taken, not borrowed: the `Debug` of a field may log in its turn.
        let mut line = LINE.take();
        line.clear();
        // Writing to a string fails only if the `Debug` of a field does; what it wrote still counts.
        let _ = self.write(&mut line, event);
        self.sink.push(&line);
        LINE.set(line);
    }
}

/// Appends an event's fields to a line.
struct Fields<'a> {
    line: &'a mut String,
    json: bool,
}

impl Fields<'_> {
    fn key(&mut self, field: &Field) {
        let (name, pretty_message) = (field.name(), !self.json && field.name() == "message");
        let suffix = if RESERVED.contains(&name) { "_" } else { "" };
        let parts = match self.json {
            true => [",\"", name, suffix, "\":"],
            false if pretty_message => [""; 4],
            false => [" ", name, suffix, "="],
        };
        self.line.extend(parts);
    }

    fn bare(&mut self, field: &Field, value: impl fmt::Display) {
        self.key(field);
        let _ = write!(self.line, "{value}");
    }

    fn text(&mut self, field: &Field, write: impl FnOnce(&mut Escaped<'_>) -> fmt::Result) {
        self.key(field);
        let quote = if self.json { "\"" } else { "" };
        self.line.push_str(quote);
        let _ = write(&mut Escaped(self.line));
        self.line.push_str(quote);
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, |text| write!(text, "{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, |text| text.write_str(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.bare(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.bare(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.bare(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.bare(field, value);
        } else {
            // JSON has no number for infinity.
            self.text(field, |text| write!(text, "{value}"));
        }
    }
}

/// Escapes as JSON strings do, so that no value can end its line.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (index, byte) in text.bytes().enumerate() {
            if !byte.is_ascii_control() && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.0.push_str(&text[plain..index]);
            plain = index + 1;
            match byte {
                b'"' => self.0.push_str("\\\""),
                b'\\' => self.0.push_str("\\\\"),
                _ => write!(self.0, "\\u{byte:04x}")?,
            }
        }
        self.0.push_str(&text[plain..]);
        Ok(())
    }
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
        sink.push("too late");
        assert_eq!(written(), "");
    }

    #[test]
    fn a_readable_line_cannot_be_broken_either() {
        let line = line(Format::Pretty, || tracing::warn!(name = "a\nb", "hello"));
        assert!(line.ends_with("WARN  hello name=a\\u000ab\n"), "{line}");
    }
}
