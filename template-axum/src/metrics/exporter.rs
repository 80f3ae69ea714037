//! No exporter: samples are dropped, nothing is served.

use std::sync::Arc;

use axum::Router;

use super::{Exporter, Recorder, Sample};
use crate::platform::in_flight::InFlight;

struct Dropped;

impl Recorder for Dropped {
    fn record(&self, _: &Sample<'_>) {}
}

/// The exporter of this build.
pub fn new(_: InFlight) -> Exporter {
    Exporter {
        recorder: Arc::new(Dropped),
        routes: Router::new(),
    }
}
