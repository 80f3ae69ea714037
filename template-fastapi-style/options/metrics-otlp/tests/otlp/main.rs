//! What a collector sees of the service, and what the service's callers see of a collector that is gone.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod collector;
mod metrics;
mod process;
mod service;
mod settings;
mod spans;
