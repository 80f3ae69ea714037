//! Log lines: one flat JSON object each (or a readable line in dev), on stdout, with the ids of the request.
//!
//! Spans are not printed: correlation comes from the task's context, which costs a fraction of a span. Where spans are
//! exported, those that handlers make go there.

use std::cell::Cell;
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
#[cfg(test)]
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context as LayerContext, SubscriberExt};

use super::context::Context;
use super::line::Line;
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

/// Turns events into lines, and what else is to be one.
pub(super) struct Lines {
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

    /// Writes a line, on which `fields` puts what is its own.
    pub(super) fn write(
        &self,
        at: Instant,
        level: Level,
        target: &str,
        fields: impl FnOnce(&mut Line),
    ) {
        thread_local! {
            static LINE: Cell<Line> = Cell::default();
        }
        // Taken, not borrowed: the `Debug` of a field may log in its turn.
        let mut line = LINE.take();
        line.begin(self.json, at, level, target);
        fields(&mut line);
        Context::with_current(|context| line.ids(context));
        self.sink.push(line.end(&self.identity));
        LINE.set(line);
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        let (now, place) = (Instant::now(), event.metadata());
        self.write(now, *place.level(), place.target(), |line| {
            event.record(line);
        });
    }
}

/// What a log of this format and level says while `log` runs.
#[cfg(test)]
pub(super) fn said(format: Format, least: LevelFilter, log: impl FnOnce()) -> String {
    let sink = Arc::new(Sink::default());
    let lines = Lines::new(format, "prod", sink.clone());
    let subscriber = tracing_subscriber::registry().with(least).with(lines);
    tracing::subscriber::with_default(subscriber, log);
    let mut text = Vec::new();
    sink.write_to(&mut text);
    String::from_utf8(text).unwrap()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn line(format: Format, log: impl FnOnce()) -> String {
        said(format, LevelFilter::TRACE, log)
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
        // On one thread, whose line is used again.
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
