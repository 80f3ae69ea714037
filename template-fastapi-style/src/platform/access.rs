//! The access line: one for each request, whatever became of it.
//!
//! It is written where it is made, not sent through `tracing` as an event: every request pays for this line, and the way
//! through an event's fields made it dearer by half. So a layer of your own does not see it; what every finished request has
//! to be told to is a [`Recorder`](crate::metrics::Recorder).

use std::time::Instant;

use tracing::{Level, dispatcher};

use super::line::Line;
use super::logging::Lines;
use crate::metrics::Sample;

/// Logs a request that ended just now, at `ended`: at debug, if it is one that a machine makes all day long.
pub(super) fn log(sample: &Sample<'_>, ended: Instant, routine: bool) {
    // A level is asked for where it is written: each is a place of its own to `tracing`, which remembers who wants nothing.
    let (level, wanted) = if routine {
        (Level::DEBUG, tracing::enabled!(Level::DEBUG))
    } else {
        (Level::INFO, tracing::enabled!(Level::INFO))
    };
    if wanted {
        dispatcher::get_default(|log| {
            if let Some(lines) = log.downcast_ref::<Lines>() {
                lines.write(ended, level, module_path!(), |line| fill(line, sample));
            }
        });
    }
}

fn fill(line: &mut Line, sample: &Sample<'_>) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "2^53 microseconds are 285 years"
    )]
    let latency_ms = sample.latency.as_micros() as f64 / 1000.0;
    line.either(
        ",\"message\":\"request\",\"method\":\"",
        " request method=\"",
    );
    line.push(sample.method);
    line.either("\",\"route\":", "\" route=");
    line.string(sample.route);
    line.either(",\"status\":", " status=");
    line.value(sample.status);
    line.either(",\"latency_ms\":", " latency_ms=");
    line.value(latency_ms);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;
    use tracing_subscriber::filter::LevelFilter;

    use super::*;
    use crate::config::Format;
    use crate::platform::logging::said;

    fn line(format: Format, least: LevelFilter, routine: bool) -> String {
        let sample = Sample {
            method: "GET",
            route: "/a\"b",
            status: 204,
            latency: Duration::from_micros(1500),
        };
        said(format, least, || log(&sample, Instant::now(), routine))
    }

    #[test]
    fn an_access_line_is_as_any_other_line() {
        let json = line(Format::Json, LevelFilter::INFO, false);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (&json["message"], &json["level"]),
            (&"request".into(), &"INFO".into())
        );
        assert_eq!(
            (&json["method"], &json["route"]),
            (&"GET".into(), &"/a\"b".into())
        );
        assert_eq!(
            (&json["status"], &json["latency_ms"]),
            (&204.into(), &1.5.into())
        );
        assert!(
            json["target"]
                .as_str()
                .unwrap()
                .ends_with("::platform::access")
        );
        let pretty = line(Format::Pretty, LevelFilter::INFO, false);
        let end = " INFO  request method=\"GET\" route=\"/a\\\"b\" status=204 latency_ms=1.5\n";
        assert!(pretty.ends_with(end), "{pretty}");
    }

    #[test]
    fn only_a_level_that_is_asked_for_is_written() {
        assert_eq!(line(Format::Json, LevelFilter::WARN, false), "");
        assert_eq!(line(Format::Json, LevelFilter::INFO, true), "");
        assert!(line(Format::Json, LevelFilter::DEBUG, true).contains("\"level\":\"DEBUG\""));
    }
}
