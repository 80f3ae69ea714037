//! The metrics hook: the platform's edge tells a [`Recorder`] about each finished request, at one call site.
//!
//! `exporter.rs` decides what becomes of it. Labels are bounded whatever a client asks for: the route is the matched
//! pattern or `unmatched`, the method a standard one or `OTHER`.

pub mod exporter;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;

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
    /// Takes note of one finished request.
    fn record(&self, sample: &Sample<'_>);

    /// Shows a value of the service's own, `read` whenever metrics are. The name ends with its unit, as Prometheus has it:
    /// `queue_oldest_message_seconds`.
    fn gauge(&self, name: &'static str, help: &'static str, read: Gauge);
}

/// Reads a value, without blocking.
pub type Gauge = Box<dyn Fn() -> f64 + Send + Sync>;

/// A recorder, and what it serves on the management address.
#[derive(Clone)]
pub struct Exporter {
    /// Where samples go.
    pub recorder: Arc<dyn Recorder>,
    /// Empty, or `/metrics`.
    pub routes: Router,
}
