//! The service as a library: `main.rs` and the tests start it through the same door.
#![deny(clippy::disallowed_types)]

pub mod api;
#[expect(clippy::disallowed_types, reason = "serves the documented routes")]
pub mod app;
pub mod auth;
pub mod config;
pub mod dependencies;
pub mod error;
pub mod items;
#[expect(
    clippy::disallowed_types,
    reason = "metrics are none of the document's"
)]
pub mod metrics;
pub mod pagination;
#[expect(
    clippy::disallowed_types,
    reason = "its probes and metrics are none of the document's"
)]
pub mod platform;
pub mod secrets;
#[expect(clippy::disallowed_types, reason = "serves whatever it is given")]
mod start;
pub mod version;

pub use app::AppState;
pub use config::{Config, ConfigError};
#[expect(clippy::disallowed_types, reason = "for tests, which have no document")]
pub use platform::routes::Routes;
pub use start::{StartError, start};
