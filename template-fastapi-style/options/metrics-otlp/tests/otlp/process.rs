//! The process: what it sends before it ends, and how it goes on without a collector.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use serde_json::Value;

use crate::collector::{Collector, Manner, hex};
use crate::service::DATABASE;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

struct Running {
    child: Child,
    log: BufReader<ChildStdout>,
    lines: Vec<Value>,
}

impl Running {
    fn start(endpoint: &str, interval: &str, more: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))))
            .env_clear()
            .env("APP_ENV", "staging")
            .env(DATABASE.0, DATABASE.1)
            // What is said of that database is none of these tests' concern.
            .env("APP__LOG__LEVEL", "info,service::dependencies=off")
            .env("APP__SERVER__PORT", "0")
            .env("APP__MANAGEMENT__PORT", "0")
            .env("APP__SERVER__DRAIN_DELAY", "0s")
            .env("APP__TELEMETRY__ENDPOINT", endpoint)
            .env("APP__TELEMETRY__EXPORT_INTERVAL", interval)
            .envs(more.iter().copied())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stdout.take().unwrap());
        let lines = Vec::new();
        let mut running = Self { child, log, lines };
        running.line("listening");
        running
    }

    /// The first line with this beginning of a message; waits for it.
    fn line(&mut self, message: &str) -> Value {
        loop {
            let is = |line: &&Value| line["message"].as_str().unwrap().starts_with(message);
            if let Some(line) = self.lines.iter().find(is) {
                return line.clone();
            }
            let mut line = String::new();
            assert!(self.log.read_line(&mut line).unwrap() > 0, "no `{message}`");
            self.lines.push(serde_json::from_str(&line).unwrap());
        }
    }

    fn connect(&mut self) -> TcpStream {
        let listening = self.line("listening");
        TcpStream::connect(listening["address"].as_str().unwrap()).unwrap()
    }

    fn ask(&mut self) {
        let mut stream = self.connect();
        let request = format!(
            "GET /version HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
             traceparent: 00-{TRACE}-00f067aa0ba902b7-01\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Ends it; all that it logged.
    fn stop(mut self) -> Vec<Value> {
        let mut kill = Command::new("kill");
        assert!(
            kill.arg(self.child.id().to_string())
                .status()
                .unwrap()
                .success()
        );
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        let rest = rest.lines().map(|line| serde_json::from_str(line).unwrap());
        self.lines.extend(rest);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        assert_eq!(self.lines.last().unwrap()["message"], "stopped");
        std::mem::take(&mut self.lines)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn complaints(lines: &[Value]) -> Vec<&Value> {
    let grave = |line: &&Value| matches!(line["level"].as_str(), Some("WARN" | "ERROR"));
    lines.iter().filter(grave).collect()
}

#[test]
fn what_has_gathered_is_sent_before_the_end_whatever_otel_variables_say() {
    let collector = Collector::start(Manner::Takes);
    let mut running = Running::start(
        &collector.endpoint(),
        "1h",
        &[
            ("APP__TELEMETRY__TOKEN__SECRET", "collector-token"),
            ("SECRET_COLLECTOR_TOKEN", "sesame"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=wrong,x-leak=1"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.version=wrong"),
            ("OTEL_SERVICE_NAME", "wrong"),
            ("OTEL_TRACES_SAMPLER", "always_off"),
            ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0"),
            ("OTEL_SDK_DISABLED", "true"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
        ],
    );
    running.ask();
    assert_eq!(collector.received().asked, 0);
    let lines = running.stop();
    assert_eq!(complaints(&lines), Vec::<&Value>::new());
    let access = lines.iter().find(|line| line["message"] == "request");
    assert_eq!(access.unwrap()["trace_id"], TRACE);

    let received = collector.received();
    assert_eq!(received.asked, 2);
    assert_eq!(hex(&received.spans[0].trace_id), TRACE);
    assert_eq!(received.spans[0].attributes.len(), 3);
    let Some(Data::Histogram(duration)) = &received.metrics["http.server.request.duration"].data
    else {
        panic!("the duration is no histogram");
    };
    assert_eq!(
        duration.aggregation_temporality(),
        AggregationTemporality::Cumulative
    );
    assert_eq!(received.headers["authorization"], "Bearer sesame");
    assert!(!received.headers.contains_key("x-leak"));
    assert_eq!(received.resource["service.name"], env!("CARGO_PKG_NAME"));
    assert_eq!(
        received.resource["service.version"],
        env!("CARGO_PKG_VERSION")
    );
    assert!(!lines.iter().any(|line| line.to_string().contains("sesame")));
}

#[test]
fn without_a_collector_requests_are_served_and_one_line_says_so() {
    let refusing = Collector::start(Manner::Refuses);
    let hanging = Collector::start(Manner::Hangs);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", taken.local_addr().unwrap());
    drop(taken);
    for (endpoint, asked, problem) in [
        (nobody, None, "refused"),
        (refusing.endpoint(), Some(refusing), "500"),
        (hanging.endpoint(), Some(hanging), "no answer"),
    ] {
        let timeout = [("APP__TELEMETRY__EXPORT_TIMEOUT", "50ms")];
        let mut running = Running::start(&endpoint, "20ms", &timeout);
        running.ask();
        let line = running.line("collector takes no telemetry");
        assert_eq!(
            (&line["level"], &line["endpoint"]),
            (&"WARN".into(), &endpoint.into())
        );
        let said = line["problem"].as_str().unwrap();
        assert!(said.contains(problem), "{said}");
        running.ask();
        if let Some(collector) = asked {
            collector.eventually(|received| (received.asked > 5).then_some(()));
        }
        running.ask();
        let lines = running.stop();
        assert_eq!(complaints(&lines).len(), 1, "{lines:?}");
    }
}

#[test]
fn what_a_collector_puts_off_is_lost_and_one_line_says_so() {
    let throttling = Collector::start(Manner::Throttles);
    let mut running = Running::start(&throttling.endpoint(), "20ms", &[]);
    running.ask();
    throttling.eventually(|received| (received.asked > 8).then_some(()));
    let lines = running.stop();
    assert_eq!(throttling.received().spans.len(), 1);
    let said = complaints(&lines);
    assert_eq!(said.len(), 1, "{lines:?}");
    assert!(said[0]["problem"].as_str().unwrap().contains("503"));
    let of_the_sdk = |line: &Value| {
        line["target"]
            .as_str()
            .unwrap()
            .starts_with("opentelemetry")
    };
    assert!(!lines.iter().any(of_the_sdk), "{lines:?}");
}

#[test]
fn a_collector_that_hangs_does_not_keep_the_end() {
    let hanging = Collector::start(Manner::Hangs);
    let mut running = Running::start(
        &hanging.endpoint(),
        "20ms",
        &[("APP__TELEMETRY__EXPORT_TIMEOUT", "24h")],
    );
    running.ask();
    hanging.eventually(|received| (received.asked > 1).then_some(()));
    let lines = running.stop();
    let said = complaints(&lines);
    assert_eq!(said.len(), 1, "{lines:?}");
    assert!(
        said[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("collector takes no")
    );
}

#[test]
fn spans_beyond_those_that_may_wait_are_dropped_and_one_line_says_so() {
    let hanging = Collector::start(Manner::Hangs);
    let with = [
        ("APP__TELEMETRY__EXPORT_TIMEOUT", "24h"),
        // Nobody reads the log meanwhile.
        (
            "APP__LOG__LEVEL",
            "info,service::platform=warn,service::dependencies=off",
        ),
    ];
    let mut running = Running::start(&hanging.endpoint(), "20ms", &with);
    let mut stream = running.connect();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    // One batch is on its way, and the queue is full.
    for number in 0..10_000 {
        stream
            .write_all(b"HEAD /version HTTP/1.1\r\nhost: test\r\n\r\n")
            .unwrap();
        let mut header = String::new();
        while !header.ends_with("\r\n\r\n") {
            assert!(answers.read_line(&mut header).unwrap() > 0, "{number}");
        }
        assert!(header.starts_with("HTTP/1.1 200"), "{number}: {header}");
    }
    drop(stream);
    let lines = running.stop();
    let dropping = |line: &&&Value| line["name"] == "BatchSpanProcessor.SpanDroppingStarted";
    let said = complaints(&lines);
    assert_eq!(said.iter().filter(dropping).count(), 1, "{said:?}");
}

#[test]
fn a_collector_that_comes_back_is_sent_to_again() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    drop(taken);
    let mut running = Running::start(&format!("http://{address}"), "20ms", &[]);
    running.ask();
    running.line("collector takes no telemetry");
    let collector = Collector::start_at(address, Manner::Takes);
    // A span that was refused is lost; only another one shows that the collector takes spans.
    running.ask();
    running.line("collector takes telemetry again");
    collector.span(TRACE, "GET /version");
    assert_eq!(complaints(&running.stop()).len(), 1);
}
