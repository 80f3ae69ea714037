//! What the service stands on: connections to databases, queues and other services, made at start.
//!
//! A dependency of your own is a field here, and a readiness check that [`Dependencies::connect`] registers.

mod postgres;

use crate::config::{Config, ConfigError};
use crate::items::Store;
use crate::metrics::Exporter;
use crate::platform::health::Readiness;
use crate::secrets::Secrets;

pub use postgres::{Database, DatabaseSettings};

/// What handlers reach beyond the process. Cloning is cheap.
#[derive(Clone)]
pub struct Dependencies {
    /// The database, up or down.
    pub database: Database,
    /// The items, in the database.
    pub(crate) items: Store,
}

impl Dependencies {
    /// Connects, and registers a readiness check for each connection. What is down at start is waited for, unready; what
    /// is configured wrongly refuses to start.
    #[expect(clippy::unused_async, reason = "other dependencies may be awaited")]
    pub async fn connect(
        config: &Config,
        secrets: &Secrets,
        readiness: &Readiness,
        exporter: &Exporter,
    ) -> Result<Self, ConfigError> {
        let database = Database::connect(&config.settings.database, secrets, readiness, exporter)?;
        Ok(Self {
            items: Store::new(database.clone()),
            database,
        })
    }
}
