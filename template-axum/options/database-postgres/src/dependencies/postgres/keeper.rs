//! The keeper: a task that brings the database up, notices when it is down, and takes a new URL when the secret is rotated.
//!
//! It holds a connection of its own beside the pool. Bringing up means: connect, migrate, make a pool. Down means: the pool
//! is closed, so that whoever waits for it fails now and nothing of a server that hangs is used again.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Error};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::settings::server;
use super::{DatabaseSettings, State, failure, migrations};
use crate::config::ConfigError;

/// A handler that waits longer than this for a connection makes the keeper look.
pub(super) const SUSPICIOUS: Duration = Duration::from_millis(100);
/// Between two attempts to connect: doubled each time, up to the second.
const SOON: Duration = Duration::from_millis(50);
const LATER: Duration = Duration::from_secs(1);
/// Between two attempts to migrate: what fails once will mostly fail again until somebody has looked.
const RARELY: Duration = Duration::from_secs(15);
/// What was noticed and not yet looked at. More of the same would say nothing new.
const NOTICED: usize = 16;

/// What others want of the keeper.
pub(super) enum Ask {
    /// Say whether the server answers; no reply means that it does not.
    Ready(oneshot::Sender<()>),
    /// A connection of the pool is long in coming.
    Slow,
    /// A connection broke, or could not be opened.
    Broken,
}

pub(super) struct Keeper {
    settings: Arc<DatabaseSettings>,
    url: watch::Receiver<Arc<SecretString>>,
    server: PgConnectOptions,
    state: watch::Sender<State>,
    asks: mpsc::Receiver<Ask>,
}

/// Why the database is not up.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("it cannot be connected to: {0}")]
    Connect(#[from] Error),
    #[error("it did not answer within database.connect_timeout")]
    Silent,
    #[error("{0}")]
    Migrate(#[from] MigrateError),
    #[error("migrations took longer than database.migration_timeout")]
    MigrateSlowly,
}

impl Keeper {
    /// A keeper, what it knows, and how to ask it.
    pub(super) fn new(
        settings: Arc<DatabaseSettings>,
        mut url: watch::Receiver<Arc<SecretString>>,
    ) -> Result<(Self, watch::Receiver<State>, mpsc::Sender<Ask>), ConfigError> {
        let server = server(&url.borrow_and_update().clone())?;
        let (state, known) = watch::channel(State::Down("it was not connected to yet".into()));
        let (tell, asks) = mpsc::channel(NOTICED);
        let keeper = Self {
            settings,
            url,
            server,
            state,
            asks,
        };
        Ok((keeper, known, tell))
    }

    /// Until nobody is left to ask.
    pub(super) async fn run(mut self) {
        let mut pause = SOON;
        loop {
            match self.bring_up().await {
                Ok(own) => {
                    self.up();
                    pause = SOON;
                    match self.watch(own).await {
                        Some(trouble) => self.down(&trouble),
                        None => return,
                    }
                }
                Err(trouble) => {
                    self.down(&trouble);
                    let migrating = matches!(trouble, Trouble::Migrate(_) | Trouble::MigrateSlowly);
                    if migrating {
                        pause = RARELY;
                    }
                    tokio::select! {
                        () = sleep(pause) => pause = (pause * 2).min(LATER),
                        _ = self.url.changed() => self.take_url(),
                        () = gone(&mut self.asks) => return,
                    }
                }
            }
        }
    }

    /// A connection of our own, to a database whose tables are as this version wants them.
    async fn bring_up(&self) -> Result<PgConnection, Trouble> {
        let mut own = self.open().await?;
        // Whoever gives up closes the connection, and with it gives back the lock.
        match timeout(self.settings.migration_timeout, migrations::run(&mut own)).await {
            Ok(Ok(())) => Ok(own),
            Ok(Err(MigrateError::Execute(error))) if failure::is_outage(&error) => {
                Err(error.into())
            }
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Trouble::MigrateSlowly),
        }
    }

    async fn open(&self) -> Result<PgConnection, Trouble> {
        match timeout(self.settings.connect_timeout, self.server.connect()).await {
            Ok(opened) => Ok(opened?),
            Err(_) => Err(Trouble::Silent),
        }
    }

    /// Serves those who ask, until the server is down; nothing, once nobody can ask any more.
    async fn watch(&mut self, mut own: PgConnection) -> Option<Trouble> {
        loop {
            let ask = tokio::select! {
                ask = self.asks.recv() => ask?,
                _ = self.url.changed() => {
                    self.take_url();
                    Ask::Broken
                }
            };
            let patience = self.settings.readiness_timeout;
            let fine = !matches!(ask, Ask::Broken)
                && matches!(timeout(patience, own.ping()).await, Ok(Ok(())));
            if !fine {
                match self.open().await {
                    Ok(opened) => own = opened,
                    Err(Trouble::Connect(error)) if !failure::is_outage(&error) => {
                        tracing::warn!(%error, "the database takes no further connection");
                    }
                    Err(trouble) => return Some(trouble),
                }
            }
            if let Ask::Ready(reply) = ask {
                let _ = reply.send(());
            }
        }
    }

    /// From now on, connections are opened as the rotated secret says. Those that are open go on until their work is done.
    fn take_url(&mut self) {
        let url = self.url.borrow_and_update().clone();
        match server(&url) {
            Ok(server) => self.server = server,
            Err(error) => {
                tracing::error!(%error, "the rotated secret is not taken");
                return;
            }
        }
        tracing::info!("the database's URL was rotated");
        if matches!(*self.state.borrow(), State::Up(_)) {
            self.up();
        }
    }

    fn up(&self) {
        let server = self.settings.for_handlers(&self.server);
        let pool = self.settings.pool().connect_lazy_with(server);
        if let State::Down(_) = self.replace(State::Up(pool)) {
            tracing::info!("the database is up");
        }
    }

    fn down(&self, trouble: &Trouble) {
        let why: Arc<str> = trouble.to_string().into();
        let before = self.replace(State::Down(why.clone()));
        // Once, and not at each attempt.
        if !matches!(before, State::Down(same) if same == why) {
            tracing::error!(error = &*why, "the database is down");
        }
    }

    fn replace(&self, state: State) -> State {
        let before = self.state.send_replace(state);
        if let State::Up(pool) = before.clone() {
            // Those who wait for it look again; those who work go on.
            tokio::spawn(async move { pool.close().await });
        }
        before
    }
}

/// Ends when nobody can ask any more. What is asked meanwhile, nobody answers.
async fn gone(asks: &mut mpsc::Receiver<Ask>) {
    while asks.recv().await.is_some() {}
}
