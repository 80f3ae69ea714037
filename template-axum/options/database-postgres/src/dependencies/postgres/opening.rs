//! Opening a connection of the keeper's own, and what can be in the way of it.

use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Error};
use tokio::time::timeout;

use super::{DatabaseSettings, failure, migrations};

/// Why the database is not up.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("it cannot be connected to: {0}")]
    Connect(#[from] Error),
    #[error("it did not answer within database.connect_timeout")]
    Silent,
    #[error("{0}")]
    Migrate(#[from] MigrateError),
    #[error("migrations took longer than database.migration_timeout")]
    MigrateSlowly,
}

impl Trouble {
    /// Whether the server answers, and its tables are not as they should be.
    pub(super) fn is_about_migrations(&self) -> bool {
        matches!(self, Self::Migrate(_) | Self::MigrateSlowly)
    }
}

/// A connection of the keeper's own, to a database whose tables are as this version wants them.
pub(super) async fn bring_up(
    settings: &DatabaseSettings,
    server: &PgConnectOptions,
) -> Result<PgConnection, Trouble> {
    let mut own = open(settings, server).await?;
    // Whoever gives up closes the connection, and with it gives back the lock.
    match timeout(settings.migration_timeout, migrations::run(&mut own)).await {
        Ok(Ok(())) => Ok(own),
        Ok(Err(MigrateError::Execute(error))) if failure::is_outage(&error) => Err(error.into()),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Trouble::MigrateSlowly),
    }
}

pub(super) async fn open(
    settings: &DatabaseSettings,
    server: &PgConnectOptions,
) -> Result<PgConnection, Trouble> {
    let server = settings.for_keeper(server);
    match timeout(settings.connect_timeout, server.connect()).await {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(Trouble::Silent),
    }
}
