//! Metrics as they arrive.

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;

use crate::collector::{Received, attributes};
use crate::service::{SHARED, ask};

fn number(received: &Received, name: &str) -> Option<Value> {
    let points = match received.metrics.get(name)?.data.as_ref()? {
        Data::Gauge(gauge) => &gauge.data_points,
        Data::Sum(sum) => &sum.data_points,
        _ => return None,
    };
    points.first()?.value
}

#[tokio::test]
async fn requests_are_counted_by_pattern_in_seconds() {
    let (collector, service) = &*SHARED;
    for _ in 0..3 {
        ask(service, "GET", "/refuse/something", None).await;
    }
    let point = collector.eventually(|received| {
        let metric = received.metrics.get("http.server.request.duration")?;
        assert_eq!(metric.unit, "s");
        let Some(Data::Histogram(histogram)) = &metric.data else {
            panic!("{metric:?} is no histogram");
        };
        let of_pattern = |point: &&_| {
            let point: &opentelemetry_proto::tonic::metrics::v1::HistogramDataPoint = point;
            attributes(&point.attributes)["http.route"] == "/refuse/{what}"
        };
        let point = histogram.data_points.iter().find(of_pattern)?;
        (point.count == 3).then(|| point.clone())
    });
    let known = attributes(&point.attributes);
    assert_eq!(known["http.request.method"], "GET");
    assert_eq!(known["http.response.status_code"], "422");
    assert!(!known.contains_key("error.type"));
    assert!(point.explicit_bounds.contains(&0.001) && point.explicit_bounds.contains(&10.0));
    assert!(
        point
            .sum
            .is_some_and(|seconds| seconds > 0.0 && seconds < 30.0)
    );
}

#[tokio::test]
async fn values_are_read_when_they_are_sent() {
    let (collector, _) = &*SHARED;
    let gauge = collector.eventually(|received| number(received, "queue_oldest_message_seconds"));
    assert_eq!(gauge, Value::AsDouble(7.5));
    let active = collector.eventually(|received| number(received, "http.server.active_requests"));
    assert!(matches!(active, Value::AsInt(0..=100)));
    // Its neighbour's panic is its neighbour's alone, every time.
    assert!(number(&collector.received(), "broken_ratio").is_none());
}
