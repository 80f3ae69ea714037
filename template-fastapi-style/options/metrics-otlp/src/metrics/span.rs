//! Spans: one for each request, exported; those that handlers make with `tracing` become its children.

use std::borrow::Cow;
use std::sync::OnceLock;

use opentelemetry::context::FutureExt;
use opentelemetry::global::{BoxedSpan, BoxedTracer};
use opentelemetry::trace::noop::NoopTracer;
use opentelemetry::trace::{
    SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId,
    TraceState,
};
use opentelemetry::{Context as Active, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context as LayerContext;
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;

use super::{Parent, Sample};
use crate::platform::context::traceparent;

/// What handlers' own spans are made with. One a process, as the subscriber that sees them is.
static OWN: OnceLock<BoxedTracer> = OnceLock::new();

/// What the SDK says to no purpose: over and over while a collector is down, where the exporter says it once, and of an
/// `OTEL_*` variable that it ignores, as all of them are.
const NEEDLESS: [&str; 6] = [
    "BatchSpanProcessor.ExportError",
    "PeriodicReader.ExportError",
    "Export.Failed.DeadlineExceeded",
    "Export.Failed.Exhausted",
    "Export.Failed.NonRetryable",
    "Exporter.Config.InvalidEnvironmentVariable",
];

/// Begins spans.
#[derive(Clone, Debug)]
pub struct Tracer(SdkTracer);

/// The span of one request. Once that ends it goes to the exporter, if it is sampled.
#[derive(Debug)]
pub struct Span(Active);

impl Tracer {
    /// The tracer of an exporter. That of the process's first one makes handlers' own spans too.
    pub(super) fn new(tracer: SdkTracer) -> Self {
        OWN.get_or_init(|| BoxedTracer::new(Box::new(tracer.clone())));
        Self(tracer)
    }

    /// Begins the span of a request that is about to be served; none once the exporter is closed.
    ///
    /// It tells the route, never the path or the query: those may hold what is nobody else's business.
    pub(crate) fn begin(
        &self,
        parent: Option<Parent<'_>>,
        method: &'static str,
        route: &str,
    ) -> Option<Span> {
        let verb = if method == "OTHER" { "HTTP" } else { method };
        let name = match route {
            "unmatched" => Cow::Borrowed(verb),
            route => Cow::Owned([verb, " ", route].concat()),
        };
        // With room for the status, and for the type of an error.
        let mut attributes = Vec::with_capacity(4);
        attributes.push(KeyValue::new("http.request.method", self::method(method)));
        attributes.push(KeyValue::new("http.route", route.to_owned()));
        let span = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Server)
            .with_attributes(attributes)
            .start_with_context(&self.0, &remote(parent));
        let active = Active::new().with_span(span);
        active.has_active_span().then_some(Span(active))
    }
}

/// The method as semantic conventions have it.
pub(super) fn method(method: &'static str) -> &'static str {
    if method == "OTHER" { "_OTHER" } else { method }
}

fn remote(parent: Option<Parent<'_>>) -> Active {
    let context = parent.and_then(|parent| {
        let flags = u8::from_str_radix(parent.flags, 16).ok()?;
        let state = parent.state.and_then(|state| state.parse().ok());
        Some(SpanContext::new(
            TraceId::from_hex(parent.trace_id).ok()?,
            SpanId::from_hex(parent.span_id).ok()?,
            TraceFlags::new(flags),
            true,
            state.unwrap_or(TraceState::NONE),
        ))
    });
    context.map_or_else(Active::new, |context| {
        Active::new().with_remote_span_context(context)
    })
}

impl Span {
    /// `00-<trace id>-<span id>-<flags>`: the ids that are exported.
    pub(crate) fn traceparent(&self) -> [u8; 55] {
        let span = self.0.span();
        let context = span.span_context();
        // A UUID is as long as a trace id, or as a span id, zeros and the flags. To format the ids themselves takes 1 500
        // instructions.
        let (mut trace_id, mut rest) = (Uuid::encode_buffer(), Uuid::encode_buffer());
        let trace_id = Uuid::from_bytes(context.trace_id().to_bytes())
            .simple()
            .encode_lower(&mut trace_id);
        let span_id = u64::from_be_bytes(context.span_id().to_bytes());
        let rest = Uuid::from_u64_pair(span_id, context.trace_flags().to_u8().into())
            .simple()
            .encode_lower(&mut rest);
        traceparent(trace_id, &rest[..16], &rest[30..])
    }

    /// Ends with the request.
    pub(super) fn end(&self, sample: &Sample<'_>) {
        let span = self.0.span();
        if !span.is_recording() {
            return;
        }
        span.set_attribute(KeyValue::new(
            "http.response.status_code",
            i64::from(sample.status),
        ));
        if sample.status >= 500 {
            span.set_attribute(KeyValue::new("error.type", sample.status.to_string()));
            span.set_status(Status::error(""));
        }
        span.end();
    }

    /// To be attached while the request is served.
    fn active(span: Option<&Self>) -> Active {
        span.map_or_else(Active::new, |span| span.0.clone())
    }
}

/// `future`, with `span` as the parent of the spans it makes.
pub(crate) fn within<F: Future>(
    span: Option<&Span>,
    future: F,
) -> impl Future<Output = F::Output> + use<F> {
    future.with_context(Span::active(span))
}

/// Runs `part` with `span` as the parent of the spans it makes.
pub(crate) fn entered<T>(span: Option<&Span>, part: impl FnOnce() -> T) -> T {
    let _attached = Span::active(span).attach();
    part()
}

/// What the process's log does beside writing lines: it takes the spans that handlers make, and keeps the SDK from
/// saying what nobody needs.
pub(crate) fn layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let spans = tracing_opentelemetry::layer()
        .with_tracer(Own)
        .with_threads(false)
        .with_tracked_inactivity(false);
    Quiet.and_then(spans)
}

struct Quiet;

impl<S: Subscriber> Layer<S> for Quiet {
    fn enabled(&self, metadata: &Metadata<'_>, _: LayerContext<'_, S>) -> bool {
        !(metadata.target().starts_with("opentelemetry") && NEEDLESS.contains(&metadata.name()))
    }
}

/// The tracer of the process, which is made after its subscriber.
struct Own;

impl opentelemetry::trace::Tracer for Own {
    type Span = BoxedSpan;

    fn build_with_context(&self, builder: SpanBuilder, parent: &Active) -> BoxedSpan {
        match OWN.get() {
            Some(tracer) => tracer.build_with_context(builder, parent),
            None => {
                BoxedTracer::new(Box::new(NoopTracer::new())).build_with_context(builder, parent)
            }
        }
    }
}
