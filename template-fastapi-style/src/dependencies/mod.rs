//! What the service stands on: connections to databases, queues and other services, made at start.
//!
//! None is needed yet. A dependency of your own is a field here, and a readiness check that [`Dependencies::connect`]
//! registers.

use serde::Deserialize;

use crate::config::{Config, ConfigError};
use crate::items::Store;
use crate::metrics::Exporter;
use crate::platform::health::Readiness;
use crate::secrets::Secrets;

/// The section `database` of the configuration: without a database there is none.
pub type DatabaseSettings = Option<NoDatabase>;

/// A section without keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct NoDatabase {}

/// What handlers reach beyond the process. Cloning is cheap.
#[derive(Clone)]
pub struct Dependencies {
    /// The items, in memory.
    pub(crate) items: Store,
}

impl Dependencies {
    /// Connects, and registers a readiness check for each connection. What is down at start is waited for, unready; what
    /// is configured wrongly refuses to start.
    #[expect(clippy::unused_async, reason = "most dependencies are connected to")]
    pub async fn connect(
        _config: &Config,
        _secrets: &Secrets,
        _readiness: &Readiness,
        _exporter: &Exporter,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            items: Store::default(),
        })
    }
}
