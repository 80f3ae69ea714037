//! Spans as they arrive.

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

use crate::collector::{attributes, hex};
use crate::service::{SHARED, ask, config, service};

const PARENT: &str = "00f067aa0ba902b7";

#[tokio::test]
async fn a_request_is_a_span_with_the_ids_that_its_calls_carry() {
    let (collector, service) = &*SHARED;
    let trace = "10000000000000000000000000000001";
    let carried = ask(
        service,
        "GET",
        "/jobs/17",
        Some(&format!("00-{trace}-{PARENT}-01")),
    )
    .await;

    let span = collector.span(trace, "GET /jobs/{id}");
    assert_eq!(carried, format!("00-{trace}-{}-01", hex(&span.span_id)));
    assert_eq!(hex(&span.parent_span_id), PARENT);
    assert_eq!(span.kind(), SpanKind::Server);
    let known = attributes(&span.attributes);
    assert_eq!(known["http.request.method"], "GET");
    assert_eq!(known["http.route"], "/jobs/{id}");
    assert_eq!(known["http.response.status_code"], "200");
    assert!(!known.contains_key("error.type"));
    assert!(span.end_time_unix_nano >= span.start_time_unix_nano);

    let received = collector.received();
    let of = |name: &str| received.resource[name].as_str();
    assert_eq!(of("service.name"), env!("CARGO_PKG_NAME"));
    assert_eq!(of("service.version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(of("deployment.environment.name"), "staging");
    assert_eq!(of("telemetry.sdk.language"), "rust");
    assert!(!of("service.instance.id").is_empty());
}

#[tokio::test]
async fn spans_of_a_handler_and_of_its_tasks_are_children_of_the_request() {
    let (collector, service) = &*SHARED;
    let trace = "20000000000000000000000000000002";
    ask(
        service,
        "GET",
        "/jobs/1",
        Some(&format!("00-{trace}-{PARENT}-01")),
    )
    .await;
    let request = collector.span(trace, "GET /jobs/{id}");
    for name in ["step", "aside"] {
        let child = collector.span(trace, name);
        assert_eq!(child.parent_span_id, request.span_id, "{name}");
        assert_eq!(child.kind(), SpanKind::Internal);
    }
    let step = collector.span(trace, "step");
    assert_eq!(attributes(&step.attributes)["size"], "3");
}

#[tokio::test]
async fn what_a_caller_does_not_sample_is_not_sent() {
    let (collector, service) = &*SHARED;
    let (unsampled, later) = (
        "30000000000000000000000000000003",
        "30000000000000000000000000000004",
    );
    let carried = ask(
        service,
        "GET",
        "/jobs/1",
        Some(&format!("00-{unsampled}-{PARENT}-00")),
    )
    .await;
    assert!(carried.starts_with(&format!("00-{unsampled}-")) && carried.ends_with("-00"));
    assert!(!carried.contains(PARENT), "a span of its own");
    let probe = format!("00-{unsampled}-{PARENT}-01");
    ask(service, "GET", "/health/live", Some(&probe)).await;

    // Spans leave in the order in which they end.
    ask(
        service,
        "GET",
        "/version",
        Some(&format!("00-{later}-{PARENT}-01")),
    )
    .await;
    collector.span(later, "GET /version");
    let received = collector.received();
    let mut traces = received.spans.iter().map(|span| hex(&span.trace_id));
    assert!(!traces.any(|trace| trace == unsampled));
}

#[tokio::test]
async fn the_ratio_counts_where_a_trace_begins() {
    let (collector, _) = &*SHARED;
    let none = service(config(collector, &[("APP__TELEMETRY__SAMPLE_RATIO", "0")]));
    let carried = ask(&none, "GET", "/jobs/1", None).await;
    assert!(carried.len() == 55 && carried.ends_with("-00"), "{carried}");
    let trace = "40000000000000000000000000000004";
    let carried = ask(
        &none,
        "GET",
        "/jobs/1",
        Some(&format!("00-{trace}-{PARENT}-01")),
    )
    .await;
    assert!(carried.ends_with("-01"), "{carried}");
    collector.span(trace, "GET /jobs/{id}");

    let (_, all) = &*SHARED;
    let carried = ask(all, "GET", "/jobs/1", None).await;
    assert!(carried.ends_with("-01"), "{carried}");
    let span = collector.span(&carried[3..35], "GET /jobs/{id}");
    assert!(span.parent_span_id.is_empty());
}

#[tokio::test]
async fn names_are_bounded_and_failures_are_marked() {
    let (collector, service) = &*SHARED;
    let cases = [
        ("5", "GET", "/fail", "GET /fail", "GET", "500"),
        ("6", "GET", "/nowhere/at/all", "GET", "GET", "404"),
        ("7", "BREW", "/version", "HTTP /version", "_OTHER", "405"),
    ];
    for (last, method, path, name, known, status) in cases {
        let trace = format!("5{last:0>31}");
        ask(
            service,
            method,
            path,
            Some(&format!("00-{trace}-{PARENT}-01")),
        )
        .await;
        let span = collector.span(&trace, name);
        let found = attributes(&span.attributes);
        assert_eq!(found["http.request.method"], known);
        assert_eq!(found["http.response.status_code"], status);
        let failed = status == "500";
        assert_eq!(found.contains_key("error.type"), failed);
        assert_eq!(span.status.unwrap().code() == StatusCode::Error, failed);
        if name == "GET" {
            assert_eq!(found["http.route"], "unmatched");
        }
        assert!(!format!("{found:?}").contains("nowhere"));
    }
}
