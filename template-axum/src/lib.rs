//! The service as a library: `main.rs` and the tests start it through the same door.

pub mod app;
pub mod config;
pub mod dependencies;
pub mod error;
pub mod extract;
pub mod items;
pub mod metrics;
pub mod platform;
pub mod secrets;
mod start;
pub mod version;

pub use app::AppState;
pub use config::{Config, ConfigError};
pub use platform::routes::Routes;
pub use start::{StartError, start};
