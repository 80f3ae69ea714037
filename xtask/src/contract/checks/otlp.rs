//! S14: what is pushed to a collector, and what a collector that is gone costs.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::drain::{exits, timing};
use super::samples::NOBODY;
use crate::contract::client::Request;
use crate::contract::collector::{Collector, Span};
use crate::contract::fault::hold;
use crate::contract::launch::Signal;
use crate::contract::reply::text_field;
use crate::contract::running::{SOON, eventually};
use crate::contract::{Check, Fault, Need, Setup, Subject};

const OTLP: Need = Need::Answer("metrics", "otlp");
/// So many must come through while connections are closed between them.
const EXPORTS: usize = 24;
const PARENT: &str = "00f067aa0ba902b7";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S14",
        name: "pushes-metrics-and-traces",
        title: "with `metrics = otlp`, a collector receives spans and metrics by route; `/metrics` is 404",
        needs: &[Need::Host, OTLP],
        remedy: "src/metrics/exporter.rs and src/metrics/span.rs",
        run: pushes,
    },
    Check {
        id: "S14",
        name: "continues-traces-to-the-collector",
        title: "a span has its caller's trace and parent, and is sent only if the caller samples",
        needs: &[Need::Host, OTLP],
        remedy: "`Tracer::begin` in src/metrics/span.rs, and its call in src/platform/edge.rs",
        run: continues,
    },
    Check {
        id: "S14",
        name: "sends-the-span-that-calls-carry",
        title: "the `traceparent` of a call to another service names the span that is exported",
        needs: &[Need::Host, Need::Probe, OTLP],
        remedy: "`Context::of` in src/platform/context.rs, which takes its ids from the span",
        run: carried,
    },
    Check {
        id: "S14",
        name: "outlives-its-collector",
        title: "a collector that is down or hangs costs one warning: requests are served, and the end comes in time",
        needs: &[Need::Host, OTLP],
        remedy: "src/metrics/exporter/courier.rs, and `close` in src/metrics/exporter.rs",
        run: outlives,
    },
    Check {
        id: "S14",
        name: "notices-closed-connections",
        title: "a collector that closes connections between exports is sent all of them",
        needs: &[Need::Host, OTLP],
        remedy: "`catch_up` in src/metrics/exporter/courier.rs",
        run: closed,
    },
    Check {
        id: "S14",
        name: "sends-what-has-gathered",
        title: "what has not been sent yet is sent before the process ends",
        needs: &[Need::Host, OTLP],
        remedy: "`close` in src/metrics/exporter.rs, and its call in src/start.rs",
        run: flushes,
    },
];

fn towards(subject: &Subject, endpoint: &str, interval: &str) -> Setup {
    timing(subject.setup(), "0s", "5s")
        .set("APP__TELEMETRY__ENDPOINT", endpoint)
        .set("APP__TELEMETRY__EXPORT_INTERVAL", interval)
}

fn pushes(subject: &Subject) -> Result<(), Fault> {
    let collector = Collector::start()?;
    let running = subject.fresh(&towards(subject, &collector.endpoint(), "50ms"))?;
    let id = running.get(NOBODY)?.status(404)?.id()?;
    let trace = text_field(&running.access_line(&id)?, "trace_id")?;
    let wanted = |span: &Span| span.trace == trace && span.name == "GET /api/v1/items/{id}";
    collector.span(
        "`GET /api/v1/items/{id}`, of the trace in the access line",
        wanted,
    )?;
    for name in [
        "http.server.request.duration",
        "http.server.active_requests",
    ] {
        let known = || {
            collector
                .metrics()
                .iter()
                .any(|known| known == name)
                .then_some(())
        };
        hold(
            eventually(SOON, known).is_some(),
            format!("the collector to receive the metric `{name}`"),
            || format!("{:?}", collector.metrics()),
        )?;
    }
    let senders = collector.senders();
    for (name, value) in [
        ("service.name", &subject.name),
        ("service.version", &subject.version),
        ("deployment.environment.name", &subject.environment),
    ] {
        let expected = format!("{name}={value}");
        hold(
            senders.contains(&expected),
            format!("resource attribute `{expected}`"),
            || format!("{senders:?}"),
        )?;
    }
    let path = NOBODY.rsplit('/').next().unwrap_or_default();
    hold(
        !collector.holds(path.as_bytes()),
        "the route and never the path",
        || format!("`{path}` was sent"),
    )?;
    running.manage("/metrics")?.status(404).map(drop)
}

fn continues(subject: &Subject) -> Result<(), Fault> {
    let collector = Collector::start()?;
    let running = subject.fresh(&towards(subject, &collector.endpoint(), "50ms"))?;
    let ask = |trace: &str, flags: &str| {
        let parent = format!("00-{trace}-{PARENT}-{flags}");
        let request = Request::get("/version").header("traceparent", parent);
        running.call(&request)?.status(200)
    };
    let (unsampled, sampled) = ("a".repeat(32), "b".repeat(32));
    ask(&unsampled, "00")?;
    ask(&sampled, "01")?;
    let span = collector.span("of the caller's trace", |span| span.trace == sampled)?;
    let child = span.parent == PARENT && span.id != PARENT;
    hold(child, format!("a span whose parent is {PARENT}"), || {
        format!("{span:?}")
    })?;
    // Spans leave in the order in which they end.
    let leaked = collector
        .spans()
        .into_iter()
        .find(|span| span.trace == unsampled);
    hold(
        leaked.is_none(),
        "no span where the caller does not sample",
        || format!("{leaked:?}"),
    )
}

fn carried(subject: &Subject) -> Result<(), Fault> {
    let collector = Collector::start()?;
    let running = subject.fresh_probe(&towards(subject, &collector.endpoint(), "50ms"))?;
    let outgoing = format!("/probe/outgoing?to={}", running.public());
    let reply = running.get(&outgoing)?.status(200)?;
    let sent = text_field(&reply.json()?, "traceparent")?;
    let span = collector.span("`GET /probe/outgoing`", |span| {
        span.name == "GET /probe/outgoing"
    })?;
    let expected = format!("00-{}-{}-01", span.trace, span.id);
    reply.hold(
        sent == expected,
        format!("`traceparent: {expected}`, as exported"),
    )
}

fn outlives(subject: &Subject) -> Result<(), Fault> {
    let hanging = Collector::hanging()?;
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr());
    let nobody = nobody.map_err(|error| Fault::new("a port that is free", error.to_string()))?;
    // The second hangs for longer than the end may take; the third is given up on, over and over.
    for (endpoint, timeout) in [
        (format!("http://{nobody}"), "1s"),
        (hanging.endpoint(), "1h"),
        (hanging.endpoint(), "50ms"),
    ] {
        let setup =
            towards(subject, &endpoint, "20ms").set("APP__TELEMETRY__EXPORT_TIMEOUT", timeout);
        // Metrics are sent from the start, and it may take a while until the service is ready.
        let before = hanging.asked();
        let running = subject.fresh(&setup)?;
        let served = |times: usize| {
            let mut connection = running.connect()?;
            for _ in 0..times {
                let version = Request::get("/version");
                let answer = connection.call(&version);
                crate::contract::reply::Reply::of(&version, answer)?.status(200)?;
            }
            Ok::<_, Fault>(())
        };
        served(50)?;
        if timeout == "1h" {
            let asked = eventually(SOON, || (hanging.asked() >= before + 2).then_some(()));
            hold(
                asked.is_some(),
                "the hanging collector to be sent to",
                || "it was not".into(),
            )?;
        } else {
            running.line("level WARN, a `collector` that takes nothing", |line| {
                line["level"] == "WARN" && line["endpoint"] == endpoint.as_str()
            })?;
        }
        served(50)?;
        let begun = Instant::now();
        running.signal(Signal::Term)?;
        exits(&running, 0)?;
        let took = begun.elapsed();
        hold(
            took < Duration::from_secs(4),
            "the end not to wait for the collector",
            || format!("{took:?} with {endpoint}"),
        )?;
        let lines = running.lines();
        let grave = |line: &&String| {
            let warns = line.contains(r#""level":"WARN""#) || line.contains(r#""level":"ERROR""#);
            // A database that is still coming up is warned of as well, and by others.
            warns && !line.contains("service::platform::health")
        };
        let grave: Vec<_> = lines.iter().filter(grave).collect();
        hold(
            grave.len() == 1,
            "one warning, however often it is tried",
            || format!("{grave:#?}"),
        )?;
    }
    Ok(())
}

/// Once more before it counts: an export may leave just as its connection is being closed, which nobody can know.
fn closed(subject: &Subject) -> Result<(), Fault> {
    none_lost(subject).or_else(|_| none_lost(subject))
}

fn none_lost(subject: &Subject) -> Result<(), Fault> {
    let collector = Collector::closing()?;
    let running = subject.fresh(&towards(subject, &collector.endpoint(), "100ms"))?;
    // Spans as well as metrics: each has a thread that sends them, at about the same time.
    let sent = eventually(SOON, || {
        running.get("/version").ok()?;
        (collector.asked() >= EXPORTS).then_some(())
    });
    let lines = running.lines();
    let lost = |line: &&String| line.contains("collector takes no telemetry");
    let lost = lines.iter().filter(lost).count();
    hold(
        sent.is_some() && lost == 0,
        format!("{EXPORTS} exports, and none of them lost"),
        || format!("{} came, and {lost} warnings", collector.asked()),
    )
}

fn flushes(subject: &Subject) -> Result<(), Fault> {
    let collector = Collector::start()?;
    let running = subject.fresh(&towards(subject, &collector.endpoint(), "1h"))?;
    running.get("/version")?.status(200)?;
    running.signal(Signal::Term)?;
    exits(&running, 0)?;
    let spans = collector.spans();
    let kept = spans.iter().any(|span| span.name == "GET /version")
        && collector
            .metrics()
            .iter()
            .any(|name| name == "http.server.request.duration");
    hold(kept, "spans and metrics to be sent before the end", || {
        format!("spans {spans:?}, metrics {:?}", collector.metrics())
    })
}
