//! Every key of the configuration and its type. A value that cannot be used cannot be spelled.
#![expect(
    missing_docs,
    reason = "config/default.yaml documents the keys, for those who set them too"
)]

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderValue;
use bytesize::ByteSize;
use serde::Deserialize;
use tracing_subscriber::filter::Targets;

use crate::api::DocsSettings;
use crate::auth::AuthSettings;
use crate::dependencies::DatabaseSettings;
use crate::metrics::exporter::TelemetrySettings;
use crate::secrets::Provider;

use super::forms::{self, Auth, Format, SecretRef};

/// The whole configuration; config/default.yaml explains each key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct Settings {
    pub server: ServerSettings,
    pub management: ManagementSettings,
    pub log: LogSettings,
    pub cors: CorsSettings,
    pub docs: DocsSettings,
    pub auth: AuthSettings,
    pub secrets: SecretsSettings,
    pub client: ClientSettings,
    pub database: DatabaseSettings,
    #[serde(default)]
    pub telemetry: TelemetrySettings,
}

/// The public address, its limits and its end.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct ServerSettings {
    pub host: IpAddr,
    #[serde(deserialize_with = "forms::port")]
    pub port: u16,
    #[serde(deserialize_with = "forms::delay")]
    pub drain_delay: Duration,
    #[serde(deserialize_with = "forms::delay")]
    pub shutdown_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub request_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub header_timeout: Duration,
    pub body_limit: ByteSize,
    #[serde(deserialize_with = "forms::count")]
    pub max_in_flight: usize,
}

impl ServerSettings {
    /// What to listen on.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }
}

/// The address for probes and metrics.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct ManagementSettings {
    pub host: IpAddr,
    #[serde(deserialize_with = "forms::port")]
    pub port: u16,
    pub token: Option<SecretRef>,
}

impl ManagementSettings {
    /// What to listen on.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }
}

/// What is logged, and how.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct LogSettings {
    #[serde(deserialize_with = "forms::targets")]
    pub level: Targets,
    #[serde(deserialize_with = "forms::format")]
    pub format: Format,
}

/// Which browser origins may call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct CorsSettings {
    /// As `https://app.example.com`; empty means no CORS at all.
    #[serde(deserialize_with = "forms::origins")]
    pub allowed_origins: Vec<HeaderValue>,
}

/// Where secrets come from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct SecretsSettings {
    pub provider: Provider,
    pub directory: PathBuf,
    #[serde(deserialize_with = "forms::limit")]
    pub refresh: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub start_deadline: Duration,
    pub vault: VaultSettings,
}

/// The provider `vault`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct VaultSettings {
    pub address: Option<String>,
    pub namespace: Option<String>,
    pub mount: String,
    pub path: String,
    pub field: String,
    #[serde(deserialize_with = "forms::auth")]
    pub auth: Auth,
    pub auth_mount: String,
    pub role_id: Option<String>,
    pub ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "forms::limit")]
    pub timeout: Duration,
}

/// Calls to other services.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct ClientSettings {
    #[serde(deserialize_with = "forms::limit")]
    pub connect_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub try_timeout: Duration,
    #[serde(deserialize_with = "forms::limit")]
    pub timeout: Duration,
    #[serde(deserialize_with = "forms::retries")]
    pub retries: usize,
}
