//! The keeper: a task that brings the database up, notices when it is down, and takes a new URL when the secret is rotated.
//!
//! It holds a connection of its own beside the pool. Bringing up means: connect, migrate, make a pool. Down means: the pool
//! is closed, so that whoever waits for it fails now and nothing of a server that hangs is used again.

use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, timeout};

use super::opening::{Trouble, bring_up, open};
use super::settings::server;
use super::{DatabaseSettings, State, failure};
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
    /// The server as a rotated secret has it, until that was taken.
    rotated: Option<PgConnectOptions>,
    /// When the server last turned away a further connection, and the log was last told.
    refused: Option<Instant>,
    warned: Option<Instant>,
    state: watch::Sender<State>,
    asks: mpsc::Receiver<Ask>,
}

/// A rotated secret that is being tried.
type Attempt = Pin<Box<dyn Future<Output = Result<PgConnection, Trouble>> + Send>>;

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
            rotated: None,
            refused: None,
            warned: None,
            state,
            asks,
        };
        Ok((keeper, known, tell))
    }

    /// Until nobody is left to ask.
    pub(super) async fn run(mut self) {
        let (mut pause, mut attempt) = (SOON, None);
        loop {
            let own = match bring_up(&self.settings, &self.server).await {
                Ok(own) => own,
                Err(trouble) => {
                    if trouble.is_about_migrations() {
                        pause = RARELY;
                    }
                    self.down(&trouble);
                    match self.wait(pause, &mut attempt).await {
                        Some(Some(own)) => own,
                        Some(None) => {
                            pause = (pause * 2).min(LATER);
                            continue;
                        }
                        None => return,
                    }
                }
            };
            (pause, attempt) = (SOON, None);
            self.up();
            match self.watch(own).await {
                Some(trouble) => self.down(&trouble),
                None => return,
            }
        }
    }

    /// Waits until it is time to try again, or gives the connection that a rotated secret has opened meanwhile: neither is
    /// to wait for the other. Nothing, once nobody can ask any more.
    async fn wait(
        &mut self,
        pause: Duration,
        attempt: &mut Option<Attempt>,
    ) -> Option<Option<PgConnection>> {
        let mut over = pin!(sleep(pause));
        if attempt.is_none() {
            *attempt = self.attempt(Duration::ZERO);
        }
        loop {
            tokio::select! {
                () = &mut over => return Some(None),
                tried = outcome(attempt) => match tried {
                    Ok(own) => {
                        self.rotate();
                        return Some(Some(own));
                    }
                    Err(_) => *attempt = self.attempt(LATER),
                },
                changed = self.url.changed() => {
                    changed.ok()?;
                    self.read_url();
                    *attempt = self.attempt(Duration::ZERO);
                }
                () = gone(&mut self.asks) => return None,
            }
        }
    }

    /// Serves those who ask, until the server is down; nothing, once nobody can ask any more.
    async fn watch(&mut self, mut own: PgConnection) -> Option<Trouble> {
        let mut attempt = self.attempt(LATER);
        loop {
            let ask = tokio::select! {
                ask = self.asks.recv() => ask?,
                changed = self.url.changed() => {
                    changed.ok()?;
                    self.read_url();
                    attempt = self.attempt(Duration::ZERO);
                    continue;
                }
                tried = outcome(&mut attempt) => {
                    attempt = match tried {
                        Ok(opened) => {
                            own = opened;
                            self.rotate();
                            self.up();
                            None
                        }
                        Err(trouble) => {
                            let trouble = trouble.to_string();
                            tracing::warn!(error = trouble, "the rotated secret does not work yet");
                            self.attempt(LATER)
                        }
                    };
                    continue;
                }
            };
            if let Err(trouble) = self.look(&mut own, ask).await {
                return Some(trouble);
            }
        }
    }

    /// Looks once for all who have asked by now.
    async fn look(&mut self, own: &mut PgConnection, ask: Ask) -> Result<(), Trouble> {
        let mut asked = vec![ask];
        while let Ok(more) = self.asks.try_recv() {
            asked.push(more);
        }
        let broken = asked.iter().any(|ask| matches!(ask, Ask::Broken));
        let answer = timeout(self.settings.readiness_timeout, own.ping()).await;
        let answers = matches!(answer, Ok(Ok(())));
        if !answers {
            self.open_another(own, false).await?;
        }
        for ask in asked {
            if let Ask::Ready(reply) = ask {
                let _ = reply.send(());
            }
        }
        // That new ones are refused is soon known; to ask more often would only add to it.
        let known = self.refused.is_some_and(|at| at.elapsed() < LATER);
        if answers && broken && !known {
            self.open_another(own, true).await?;
        }
        Ok(())
    }

    /// Opens a connection in place of our own, which `answers` or does not, to see whether the server takes one.
    async fn open_another(&mut self, own: &mut PgConnection, answers: bool) -> Result<(), Trouble> {
        match open(&self.settings, &self.server).await {
            Ok(opened) => {
                *own = opened;
                self.refused = None;
                Ok(())
            }
            Err(Trouble::Connect(error))
                if !failure::is_outage(&error) || answers && failure::is_refusal(&error) =>
            {
                self.refused = Some(Instant::now());
                if self.warned.is_none_or(|at| at.elapsed() >= RARELY) {
                    self.warned = self.refused;
                    tracing::warn!(%error, "the database takes no further connection");
                }
                Ok(())
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Takes note of a rotated secret.
    fn read_url(&mut self) {
        let url = self.url.borrow_and_update().clone();
        match server(&url) {
            Ok(server) => self.rotated = Some(server),
            Err(error) => tracing::error!(%error, "the rotated secret is not taken"),
        }
    }

    /// Tries the rotated secret, where there is one, after a pause and beside all other work.
    fn attempt(&self, pause: Duration) -> Option<Attempt> {
        let server = self.rotated.clone()?;
        let settings = self.settings.clone();
        Some(Box::pin(async move {
            sleep(pause).await;
            bring_up(&settings, &server).await
        }))
    }

    /// The rotated secret works: from now on connections are opened as it says; those at work end it first. While it does
    /// not, it may have come before the server knows it: what is open goes on.
    fn rotate(&mut self) {
        if let Some(server) = self.rotated.take() {
            self.server = server;
            self.refused = None;
            tracing::info!("the database's URL was rotated");
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

/// What becomes of the attempt; never, where there is none.
async fn outcome(attempt: &mut Option<Attempt>) -> Result<PgConnection, Trouble> {
    match attempt {
        Some(attempt) => attempt.await,
        None => pending().await,
    }
}

/// Ends when nobody can ask any more. What is asked meanwhile, nobody answers.
async fn gone(asks: &mut mpsc::Receiver<Ask>) {
    while asks.recv().await.is_some() {}
}

#[cfg(test)]
#[path = "../../../tests/server/mod.rs"]
mod testserver;

#[cfg(test)]
mod tests {
    use sqlx::migrate::Migrate;

    use super::super::Database;
    use super::*;
    use crate::config::SecretRef;
    use crate::error::ApiError;

    fn settings() -> DatabaseSettings {
        let limit = Duration::from_secs(30);
        DatabaseSettings {
            url: SecretRef::from_checked("database-url".to_owned()),
            max_connections: 1,
            acquire_timeout: limit,
            statement_timeout: limit,
            connect_timeout: limit,
            readiness_timeout: limit,
            migration_timeout: limit,
            idle_timeout: limit,
            max_lifetime: limit,
        }
    }

    async fn user(database: &Database) -> Result<String, ApiError> {
        let select = sqlx::query_scalar("SELECT current_user::text");
        database.run(async |on| select.fetch_one(on).await).await
    }

    async fn becomes(database: &Database, wanted: &str) {
        let until = Instant::now() + Duration::from_secs(30);
        while !user(database).await.is_ok_and(|user| user == wanted) {
            assert!(Instant::now() < until, "it never is `{wanted}`");
            sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn a_rotated_secret_is_taken_once_it_works_and_the_one_before_goes_on_until_then() {
        let url = testserver::database().await;
        let first = url::Url::parse(&url).unwrap().username().to_owned();
        let second = format!("second_{}", uuid::Uuid::now_v7().simple());
        let secret = |text: &str| Arc::new(SecretString::from(text.to_owned()));
        let (rotates, watched) = watch::channel(secret(&url));
        let settings = Arc::new(settings());
        let (keeper, state, asks) = Keeper::new(settings.clone(), watched).unwrap();
        let running = tokio::spawn(keeper.run());
        let database = Database {
            settings: settings.clone(),
            state,
            keeper: asks,
        };
        becomes(&database, &first).await;

        rotates.send_replace(secret("postgres://no-url"));
        let mut next = url::Url::parse(&url).unwrap();
        next.set_username(&second).unwrap();
        next.set_password(Some("tests")).unwrap();
        rotates.send_replace(secret(next.as_str()));
        // It has tried, and nobody has noticed.
        assert_eq!(database.clone().answers().await, Ok(()));
        assert_eq!(user(&database).await.unwrap(), first);

        // Nor while it tries a server that does not answer: other work does not wait for that.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = silent.local_addr().unwrap().port();
        let nowhere = format!("postgres://nobody:tests@127.0.0.1:{port}/nowhere");
        rotates.send_replace(secret(&nowhere));
        let _open = silent.accept().await.unwrap();
        let answers = timeout(settings.connect_timeout / 3, database.clone().answers());
        assert_eq!(answers.await, Ok(Ok(())));
        rotates.send_replace(secret(next.as_str()));

        let mut own = PgConnection::connect(&url).await.unwrap();
        // A later version migrates: there is nothing of ours to wait for.
        own.lock().await.unwrap();
        let create = format!("CREATE ROLE {second} LOGIN PASSWORD 'tests' IN ROLE CURRENT_USER");
        let create = sqlx::AssertSqlSafe(create);
        sqlx::raw_sql(create).execute(&mut own).await.unwrap();
        becomes(&database, &second).await;
        let drop = sqlx::AssertSqlSafe(format!("DROP ROLE {second}"));
        sqlx::raw_sql(drop).execute(&mut own).await.unwrap();

        // It ends with those who could ask.
        std::mem::drop(database);
        running.await.unwrap();
    }
}
