//! The metrics hook: the platform's edge tells a [`Recorder`] about each finished request, at one call site.
//!
//! `exporter.rs` decides what becomes of it. Labels are bounded whatever a client asks for: the route is the matched
//! pattern or `unmatched`, the method a standard one or `OTHER`.
//!
//! `span.rs` decides whether a request has a span that is exported.

pub mod exporter;
pub mod span;

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use span::Tracer;

use crate::platform::routes::Routes;

/// One finished request.
pub struct Sample<'a> {
    /// A standard method, or `OTHER`.
    pub method: &'static str,
    /// The matched pattern, or `unmatched`.
    pub route: &'a str,
    /// The status of the response; 499 where the client left before it.
    pub status: u16,
    /// From the end of the request's header to the start of the response.
    pub latency: Duration,
}

/// Counts requests. Called on the hot path: it must not block.
pub trait Recorder: Send + Sync {
    /// Takes note of one finished request, as a part of that request: its context is the current one.
    fn record(&self, sample: &Sample<'_>);

    /// Shows a value of the service's own, `read` whenever metrics are. The name ends with its unit, as Prometheus has it:
    /// `queue_oldest_message_seconds`.
    fn gauge(&self, name: &'static str, help: &'static str, read: Gauge);

    /// Sends what has gathered, at the end of the process. Takes a second or two at most.
    fn close(&self) -> Closing {
        Box::pin(ready(()))
    }
}

/// The end of a recorder under way.
pub type Closing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The span of a caller, as its `traceparent` names it: well formed, in lower-case hexadecimal digits.
pub struct Parent<'a> {
    /// 32 digits.
    pub trace_id: &'a str,
    /// 16 digits.
    pub span_id: &'a str,
    /// 2 digits; the last bit says whether the caller's span is exported.
    pub flags: &'a str,
    /// What vendors add, as sent.
    pub state: Option<&'a str>,
}

/// Reads a value, without blocking.
pub type Gauge = Box<dyn Fn() -> f64 + Send + Sync>;

/// A recorder, and what it serves on the management address.
#[derive(Clone)]
pub struct Exporter {
    /// Where samples go.
    pub recorder: Arc<dyn Recorder>,
    /// Empty, or `/metrics`.
    pub routes: Routes<()>,
    /// None where no spans are exported.
    pub tracer: Option<Tracer>,
}
