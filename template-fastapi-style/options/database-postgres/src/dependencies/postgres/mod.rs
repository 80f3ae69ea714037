//! PostgreSQL: a pool of connections that is there while the server is, and work that never waits long for either.
//!
//! [`Database::run`] is the one way in for handlers. While the server is known to be down it fails at once; the
//! [`keeper`] finds out, and finds out when it is back.

mod failure;
mod keeper;
mod migrations;
mod opening;
mod settings;

use std::pin::pin;
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Error, Postgres};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::config::ConfigError;
use crate::error::ApiError;
use crate::metrics::Exporter;
use crate::platform::health::Readiness;
use crate::secrets::Secrets;

use keeper::{Ask, Keeper};
pub use settings::DatabaseSettings;

/// The name in `/health/ready`.
const NAME: &str = "database";

/// The database, up or down. Cloning is cheap.
#[derive(Clone)]
pub struct Database {
    settings: Arc<DatabaseSettings>,
    state: watch::Receiver<State>,
    keeper: mpsc::Sender<Ask>,
}

/// What is known of the server.
#[derive(Clone)]
enum State {
    /// It serves, and its tables are as this version wants them.
    Up(PgPool),
    /// It does not, or not yet, and why.
    Down(Arc<str>),
}

impl Database {
    /// Begins to connect, in the background. Only a URL that cannot be one refuses.
    pub(super) fn connect(
        settings: &DatabaseSettings,
        secrets: &Secrets,
        readiness: &Readiness,
        exporter: &Exporter,
    ) -> Result<Self, ConfigError> {
        let settings = Arc::new(settings.clone());
        let url = secrets.watch(&settings.url).ok_or_else(|| {
            let remedy = "leave the reference as config/default.yaml has it";
            ConfigError::new("database.url", "the secret was not fetched", remedy)
        })?;
        let (keeper, state, asks) = Keeper::new(settings.clone(), url)?;
        tokio::spawn(keeper.run());
        let database = Self {
            settings,
            state,
            keeper: asks,
        };
        database.show(exporter);
        let asked = database.clone();
        readiness.register(NAME, database.settings.readiness_timeout, move || {
            asked.clone().answers()
        });
        Ok(database)
    }

    /// Runs `work` on a connection of its own, for `database.statement_timeout` at most. What keeps the database from
    /// serving, and a server that hangs, is [`ApiError::Unavailable`]; every other error is one of ours.
    ///
    /// A transaction is begun inside, and ends there: `let mut transaction = connection.begin().await?`.
    pub async fn run<T>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, ApiError> {
        let mut lease = self.lease().await?;
        let Some(connection) = lease.0.as_deref_mut() else {
            return Err(ApiError::Unavailable);
        };
        let done = timeout(self.settings.patience(), work(connection)).await;
        let done = done.unwrap_or(Err(Error::PoolTimedOut));
        if done.as_ref().is_err_and(failure::is_broken) {
            self.tell(Ask::Broken);
        } else {
            lease.give_back();
        }
        done.map_err(failure::told)
    }

    async fn lease(&self) -> Result<Lease, ApiError> {
        loop {
            // The keeper has said why it is down.
            let State::Up(pool) = self.state.borrow().clone() else {
                return Err(ApiError::Unavailable);
            };
            let mut closed = pool.close_event();
            match closed.do_until(self.acquire(&pool)).await.flatten() {
                Ok(connection) => return Ok(Lease(Some(connection))),
                // Another has taken its place, or none.
                Err(Error::PoolClosed) => {}
                Err(error) => {
                    self.tell(match error {
                        // None was free, which says nothing of the server.
                        Error::PoolTimedOut => Ask::Slow,
                        _ => Ask::Broken,
                    });
                    return Err(failure::told(error));
                }
            }
        }
    }

    /// A connection, as soon as there is one. The pool would go on trying a server that refuses until the time is up: the
    /// keeper looks before, and closes the pool.
    async fn acquire(&self, pool: &PgPool) -> Result<PoolConnection<Postgres>, Error> {
        let mut acquired = pin!(pool.acquire());
        if let Ok(acquired) = timeout(keeper::SUSPICIOUS, acquired.as_mut()).await {
            return acquired;
        }
        self.tell(Ask::Slow);
        acquired.await
    }

    /// What readiness asks: over the keeper's own connection, so that a busy pool is not taken for a server that is down.
    async fn answers(self) -> Result<(), String> {
        if let State::Down(why) = &*self.state.borrow() {
            return Err(why.to_string());
        }
        let (reply, answer) = oneshot::channel();
        let asked = self.keeper.send(Ask::Ready(reply)).await;
        match (asked, answer.await) {
            (Ok(()), Ok(())) => Ok(()),
            _ => Err("it has stopped answering".to_owned()),
        }
    }

    /// Tells the keeper what was noticed. It may know already.
    fn tell(&self, noticed: Ask) {
        let _ = self.keeper.try_send(noticed);
    }

    fn show(&self, exporter: &Exporter) {
        let gauge = |name, help, read: fn(&PgPool) -> usize| {
            let state = self.state.clone();
            let read = move || match &*state.borrow() {
                State::Up(pool) => u32::try_from(read(pool)).unwrap_or(u32::MAX).into(),
                State::Down(_) => 0.0,
            };
            exporter.recorder.gauge(name, help, Box::new(read));
        };
        gauge("database_up", "Whether the database serves.", |_| 1);
        gauge("database_connections", "Connections of the pool.", |pool| {
            pool.size() as usize
        });
        gauge(
            "database_connections_idle",
            "Connections of the pool that wait for work.",
            PgPool::num_idle,
        );
        gauge(
            "database_connections_max",
            "As many connections as the pool may have.",
            |pool| pool.options().get_max_connections() as usize,
        );
    }
}

/// A connection out of the pool. Unless it is given back, it is closed: work that was cut leaves it in the middle of an
/// answer, and the pool would wait for the rest of that, however long the server takes.
struct Lease(Option<PoolConnection<Postgres>>);

impl Lease {
    fn give_back(&mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.0.take().map(PoolConnection::detach));
    }
}
