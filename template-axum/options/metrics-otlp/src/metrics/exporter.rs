//! The OTLP exporter: metrics and spans, pushed to a collector with the OpenTelemetry SDK.
//!
//! Requests never wait for it. Both gather in bounded memory, and threads of the SDK's own send them; what a collector
//! does not take is lost, and the log says so once.

mod courier;
mod settings;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{
    MetricExporter, Protocol, RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use opentelemetry_sdk::resource::TelemetryResourceDetector;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanLimits,
};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use uuid::Uuid;

pub use settings::TelemetrySettings;

use super::span::{self, Tracer};
use super::{Closing, Exporter, Gauge, Recorder, Sample};
use crate::config::{Config, ConfigError};
use crate::platform::context::Context;
use crate::platform::in_flight::InFlight;
use crate::platform::routes::Routes;
use crate::secrets::Secrets;
use crate::version::{SERVICE, VERSION};
use courier::Courier;

/// Upper bounds in seconds: from what a lean handler takes to what the request time-out allows.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// How many spans may wait to be sent, and how many are sent together. One more is dropped, and counted.
const WAITING: usize = 8192;
const TOGETHER: usize = 512;
/// How long the end of the process waits for the collector.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Requests that are counted together: those of one route, method and status.
struct Kind {
    method: &'static str,
    status: u16,
    attributes: Vec<KeyValue>,
}

impl Kind {
    fn is_of(&self, sample: &Sample<'_>) -> bool {
        self.method == sample.method && self.status == sample.status
    }
}

struct Otlp {
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
    meter: Meter,
    duration: Histogram<f64>,
    courier: Arc<Courier>,
    /// By route. What has been counted before is found without making attributes of it again.
    known: RwLock<BTreeMap<String, Vec<Kind>>>,
}

/// The exporter of this build.
pub fn new(
    config: &Config,
    secrets: &Secrets,
    in_flight: InFlight,
) -> Result<Exporter, ConfigError> {
    let otlp = Otlp::new(config, secrets, in_flight).map_err(|problem| {
        let remedy = "give it an address that can be sent to, and the process room for threads";
        ConfigError::new("telemetry.endpoint", problem, remedy)
    })?;
    let tracer = Tracer::new(otlp.tracers.tracer(SERVICE));
    Ok(Exporter {
        recorder: Arc::new(otlp),
        routes: Routes::new(),
        tracer: Some(tracer),
    })
}

impl Otlp {
    /// Everything that `OTEL_*` variables could set is set here, so that they set nothing. Only compression is not: no
    /// algorithm for it is built in.
    ///
    /// Nothing is tried twice: a retry would hold up what gathers behind it, and the end of the process. So a try that
    /// fails is telemetry that is lost, and the log can say so at once.
    fn new(config: &Config, secrets: &Secrets, in_flight: InFlight) -> Result<Self, String> {
        let settings = &config.settings.telemetry;
        let courier = Arc::new(Courier::new(settings, secrets).map_err(|error| error.to_string())?);
        let (traces, metrics) = (
            format!("{}/v1/traces", settings.endpoint),
            format!("{}/v1/metrics", settings.endpoint),
        );
        let spans = SpanExporter::builder()
            .with_http()
            .with_shared_http_client(courier.clone())
            .with_endpoint(traces)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(settings.export_timeout)
            .with_retry_policy(RetryPolicy::disabled())
            .build()
            .map_err(|error| error.to_string())?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(WAITING)
            .with_max_export_batch_size(TOGETHER)
            .with_scheduled_delay(settings.export_interval)
            .build();
        let resource = resource(config);
        let tracers = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_span_limits(SpanLimits::default())
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                settings.sample_ratio,
            ))))
            .with_span_processor(
                BatchSpanProcessor::builder(spans)
                    .with_batch_config(batches)
                    .build(),
            )
            .build();
        let values = MetricExporter::builder()
            .with_temporality(Temporality::Cumulative)
            .with_http()
            .with_shared_http_client(courier.clone())
            .with_endpoint(metrics)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(settings.export_timeout)
            .with_retry_policy(RetryPolicy::disabled())
            .build()
            .map_err(|error| error.to_string())?;
        let reader = PeriodicReader::builder(values)
            .with_interval(settings.export_interval)
            .build();
        let meters = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(reader)
            .build();
        let meter = meters.meter(SERVICE);
        let duration = meter
            .f64_histogram("http.server.request.duration")
            .with_description("Time to the start of the response")
            .with_unit("s")
            .with_boundaries(BUCKETS.to_vec())
            .build();
        meter
            .i64_observable_up_down_counter("http.server.active_requests")
            .with_description("Requests being served")
            .with_unit("{request}")
            .with_callback(move |now| {
                now.observe(i64::try_from(in_flight.now()).unwrap_or(i64::MAX), &[]);
            })
            .build();
        Ok(Self {
            tracers,
            meters,
            meter,
            duration,
            courier,
            known: RwLock::default(),
        })
    }

    /// Takes note of a kind of request that none was seen of before.
    fn learn(&self, sample: &Sample<'_>) {
        let mut attributes = vec![
            KeyValue::new("http.request.method", span::method(sample.method)),
            KeyValue::new("http.route", sample.route.to_owned()),
            KeyValue::new("http.response.status_code", i64::from(sample.status)),
        ];
        if sample.status >= 500 {
            attributes.push(KeyValue::new("error.type", sample.status.to_string()));
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let route = known.entry(sample.route.to_owned()).or_default();
        if !route.iter().any(|kind| kind.is_of(sample)) {
            route.push(Kind {
                method: sample.method,
                status: sample.status,
                attributes,
            });
        }
    }

    /// Counts a request, if one of its kind was seen before.
    fn count(&self, sample: &Sample<'_>) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let route = known.get(sample.route).map_or(&[][..], Vec::as_slice);
        let Some(kind) = route.iter().find(|kind| kind.is_of(sample)) else {
            return false;
        };
        self.duration
            .record(sample.latency.as_secs_f64(), &kind.attributes);
        true
    }
}

/// Who sends. The instance is one run of one process: without it, figures of replicas would overwrite each other.
fn resource(config: &Config) -> Resource {
    Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes([
            KeyValue::new("service.name", SERVICE),
            KeyValue::new("service.version", VERSION),
            KeyValue::new("service.instance.id", Uuid::now_v7().to_string()),
            KeyValue::new("deployment.environment.name", config.environment.name()),
        ])
        .build()
}

impl Recorder for Otlp {
    fn record(&self, sample: &Sample<'_>) {
        if !self.count(sample) {
            self.learn(sample);
            self.count(sample);
        }
        Context::with_current(|context| {
            if let Some(span) = context.span() {
                span.end(sample);
            }
        });
    }

    fn gauge(&self, name: &'static str, help: &'static str, read: Gauge) {
        self.meter
            .f64_observable_gauge(name)
            .with_description(help)
            .with_callback(move |now| {
                // A panic would end the thread that sends all metrics; the panic hook has logged it.
                if let Ok(value) = catch_unwind(AssertUnwindSafe(&read)) {
                    now.observe(value, &[]);
                }
            })
            .build();
    }

    fn close(&self) -> Closing {
        let (tracers, meters) = (self.tracers.clone(), self.meters.clone());
        let courier = self.courier.clone();
        Box::pin(async move {
            // Each waits for what its thread sends, and would do so for longer than this does.
            let traces = spawn_blocking(move || tracers.shutdown_with_timeout(LAST_WORDS * 2));
            let metrics = spawn_blocking(move || meters.shutdown());
            let sent = timeout(LAST_WORDS, async { (traces.await, metrics.await) }).await;
            if sent.is_err() {
                courier.failed(
                    courier::TRACES | courier::METRICS,
                    "no answer before the end",
                );
            }
            courier.close();
        })
    }
}

impl Drop for Otlp {
    /// Without [`Recorder::close`] the start has failed, or a test has ended: the SDK's last words would only hold it up.
    fn drop(&mut self) {
        self.courier.close();
    }
}
