//! wrk: as many requests as the server takes.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;
use xshell::{Shell, cmd};

use super::ask::Ask;

/// Keep-alive connections of every load here.
pub const CONNECTIONS: usize = 64;

/// wrk prints no p99.9, and figures in units of its own choice; this line has both. It runs once, after the load.
const REPORT: &str = r#"done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("bench requests=%d microseconds=%d errors=%d p50=%d p99=%d p999=%d\n",
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
"#;

/// What a load saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Answers.
    pub requests: f64,
    /// Answers a second.
    pub throughput: f64,
    /// In milliseconds: p50, p99, p99.9.
    pub latency: [f64; 3],
}

/// Why there can be no load here.
pub fn missing() -> Option<String> {
    (!super::machine::has("wrk"))
        .then(|| "`wrk` is not on PATH; install it, such as with `apt-get install wrk`".into())
}

/// Asks the server at `address` for `time`, from one core where `core` names one.
pub fn load(address: SocketAddr, ask: &Ask, time: Duration, core: Option<usize>) -> Result<Load> {
    let mut script = NamedTempFile::with_suffix(".lua")?;
    script.write_all((ask.script() + REPORT).as_bytes())?;
    let (shell, path, url) = (Shell::new()?, script.path(), ask.url(address));
    let (connections, seconds) = (
        CONNECTIONS.to_string(),
        format!("{}s", time.as_secs().max(1)),
    );
    let pin: Vec<String> = core.map_or_else(Vec::new, |core| {
        ["taskset".into(), "-c".into(), core.to_string()].into()
    });
    let mut words = pin.into_iter().chain(["wrk".to_owned()]);
    let (program, rest) = (words.next().unwrap_or_default(), words);
    let command = cmd!(
        shell,
        "{program} {rest...} -t1 -c{connections} -d{seconds} -s {path} {url}"
    );
    let text = command.quiet().read().context("wrk failed")?;
    parse(&text).with_context(|| format!("cannot read what wrk printed:\n{text}"))
}

fn parse(text: &str) -> Result<Load> {
    let line = text.lines().find_map(|line| line.strip_prefix("bench "));
    let line = line.context("it has no line of ours")?;
    let value = |name: &str| -> Result<f64> {
        let mut pairs = line
            .split_whitespace()
            .filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs
            .find(|(known, _)| *known == name)
            .with_context(|| format!("no `{name}`"))?;
        Ok(value.parse()?)
    };
    let (requests, errors) = (value("requests")?, value("errors")?);
    if errors > 0.0 || requests < 1.0 {
        bail!("{errors} of {requests} requests failed: a load with errors measures nothing");
    }
    Ok(Load {
        requests,
        throughput: requests / (value("microseconds")? / 1e6),
        latency: [
            value("p50")? / 1e3,
            value("p99")? / 1e3,
            value("p999")? / 1e3,
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Running 1s test @ http://127.0.0.1:8080/\n  1 threads and 64 connections\n\
        Requests/sec:  50000.00\nbench requests=100000 microseconds=2000000 errors=0 p50=1000 p99=2500 p999=4000\n";

    #[test]
    fn the_line_of_ours_is_read() {
        let expected = Load {
            requests: 100_000.0,
            throughput: 50_000.0,
            latency: [1.0, 2.5, 4.0],
        };
        assert_eq!(parse(PRINTED).unwrap(), expected);
    }

    #[test]
    fn a_load_with_errors_is_refused() {
        for (text, expected) in [
            (
                PRINTED.replace("errors=0", "errors=3"),
                "3 of 100000 requests failed",
            ),
            (PRINTED.replace("bench ", ""), "no line of ours"),
            (PRINTED.replace("p999=", "p998="), "no `p999`"),
            (
                PRINTED.replace("requests=100000", "requests=many"),
                "invalid float",
            ),
        ] {
            let error = format!("{:#}", parse(&text).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }
}
