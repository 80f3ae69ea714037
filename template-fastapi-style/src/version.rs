//! Which build this is.

use axum::Json;
use serde_json::{Value, json};

/// The service's name, as in Cargo.toml.
pub const SERVICE: &str = env!("CARGO_PKG_NAME");
/// The service's version, as in Cargo.toml.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// One line about the service, as in Cargo.toml.
pub const DESCRIPTION: &str = env!("CARGO_PKG_DESCRIPTION");

/// `GET /version`. Commit and build time are `unknown` outside a pipeline.
pub async fn show_version() -> Json<Value> {
    Json(json!({
        "service": SERVICE,
        "version": VERSION,
        "commit": option_env!("BUILD_COMMIT").unwrap_or("unknown"),
        "built_at": option_env!("BUILD_TIME").unwrap_or("unknown"),
        "template": "{{template_name}}",
        "template_version": "{{pack_version}}",
    }))
}
