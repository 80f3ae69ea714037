//! Secrets: fetched at start through one provider, kept fresh while the service runs, held in a type that cannot be printed.
//!
//! A new provider is one file here and one line in [`PROVIDERS`].

mod env;
mod file;
mod refresh;
mod vault;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::{Config, ConfigError, Environment, SecretRef, report};
use crate::metrics::Exporter;
use crate::platform::health::Readiness;

pub(crate) use env::PREFIX;

/// What `secrets.provider` can say.
const PROVIDERS: &[Registered] = &[
    ("env", env::open),
    ("file", file::open),
    ("vault", vault::open),
];

/// Secrets that begin like this, and URLs whose password does, stand in `.env.example` and nowhere else.
const PLACEHOLDER: &str = "dev-only-";

/// Opens a provider without asking it anything; refuses settings that it cannot work with.
type Registered = (
    &'static str,
    fn(&Config) -> Result<Arc<dyn SecretProvider>, ConfigError>,
);

/// The provider that `secrets.provider` names.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Provider(&'static Registered);

impl TryFrom<String> for Provider {
    type Error = String;

    fn try_from(wanted: String) -> Result<Self, String> {
        let found = PROVIDERS.iter().find(|(name, _)| *name == wanted);
        let known: Vec<&str> = PROVIDERS.iter().map(|(name, _)| *name).collect();
        found
            .map(Self)
            .ok_or_else(|| format!("there is no provider `{wanted}`, only {}", known.join(", ")))
    }
}

/// A fetch under way.
pub type Fetch<'a> = Pin<Box<dyn Future<Output = Result<SecretString, NotFetched>> + Send + 'a>>;

/// A place that secrets come from.
pub trait SecretProvider: Send + Sync {
    /// Fetches one secret by its name.
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a>;

    /// How long to wait before asking again: `refresh`, or less where something of the provider's own, such as a lease, ends
    /// sooner. `None`: what it gave can not change while the service runs.
    fn pace(&self, _refresh: Duration) -> Option<Duration> {
        None
    }
}

/// Why a secret did not come, and from where it should have. None of the texts may hold anything of a secret.
#[derive(Debug)]
pub struct NotFetched {
    /// Where the provider looked, such as a path.
    pub place: String,
    /// What is the matter there, such as "not set": it follows the place and "is".
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
    /// Whether it may be better shortly, such as when a server is down: then a start waits.
    pub passing: bool,
}

impl NotFetched {
    /// Nothing there, and nothing will be until somebody puts it there.
    pub fn missing(place: impl Into<String>, problem: impl Into<String>) -> Self {
        let place = place.into();
        Self {
            remedy: format!("provide {place}"),
            problem: problem.into(),
            place,
            passing: false,
        }
    }
}

/// The secrets that the configuration refers to, each with its present value. Cloning is cheap.
#[derive(Clone)]
pub struct Secrets(Arc<Held>);

struct Held {
    values: BTreeMap<SecretRef, watch::Sender<Arc<SecretString>>>,
    provider: Arc<dyn SecretProvider>,
    refresh: Duration,
    environment: Environment,
}

impl Secrets {
    /// Fetches every secret that the effective configuration refers to; one that is missing refuses to start. A provider that
    /// is down is waited for, until `secrets.start_deadline` has passed.
    pub async fn fetch(config: &Config) -> Result<Self, ConfigError> {
        let settings = &config.settings.secrets;
        let provider = open(config)?;
        let mut held = Held {
            values: BTreeMap::new(),
            provider,
            refresh: settings.refresh,
            environment: config.environment,
        };
        let deadline = Instant::now() + settings.start_deadline;
        for leaf in report::leaves(&config.layered) {
            let Some(name) = leaf.secret else { continue };
            let Provider((provider, _)) = settings.provider;
            let fetched = refresh::patiently(&held, &name, deadline).await;
            let secret = fetched.map_err(|error| {
                let NotFetched { place, problem, .. } = error;
                let problem = format!(
                    "secret `{name}` not fetched by provider `{provider}`: {place} is {problem}"
                );
                ConfigError::new(&leaf.key, problem, error.remedy)
            })?;
            let (current, _) = watch::channel(Arc::new(secret));
            held.values.insert(SecretRef::from_checked(name), current);
        }
        Ok(Self(Arc::new(held)))
    }

    /// From now on asks a provider whose secrets can change, tells holders, and says in readiness and metrics how old values
    /// are while it does not answer.
    pub(crate) fn keep_fresh(&self, readiness: &Readiness, exporter: &Exporter) {
        let rotates = self.0.provider.pace(self.0.refresh).is_some();
        if rotates && !self.0.values.is_empty() {
            refresh::start(&self.0, readiness, exporter);
        }
    }

    /// A secret as it is now, for the code that hands it on. `None` only for a reference that is not in the configuration.
    /// Ask again each time: a provider may rotate it.
    pub fn get(&self, reference: &SecretRef) -> Option<Arc<SecretString>> {
        let current = self.0.values.get(reference)?;
        Some(current.borrow().clone())
    }

    /// For a holder that keeps something made with the secret, such as a pool of connections: tells when to make it anew.
    /// `changed()` of it ends in an error only when the secrets are gone, which is when the service is.
    pub fn watch(&self, reference: &SecretRef) -> Option<watch::Receiver<Arc<SecretString>>> {
        self.0.values.get(reference).map(watch::Sender::subscribe)
    }

    /// Whether `candidate` is the secret; takes the same time wherever the two differ.
    #[expect(
        clippy::disallowed_methods,
        reason = "the holder compares, so that nobody else has to see"
    )]
    pub fn matches(&self, reference: &SecretRef, candidate: &str) -> bool {
        let Some(secret) = self.get(reference) else {
            return false;
        };
        let (secret, candidate) = (secret.expose_secret().as_bytes(), candidate.as_bytes());
        let difference = secret
            .iter()
            .zip(candidate)
            .fold(0, |difference, (a, b)| difference | (a ^ b));
        secret.len() == candidate.len() && std::hint::black_box(difference) == 0
    }
}

/// The provider that the configuration names. It has been asked nothing yet, so that this can check a configuration.
pub(crate) fn open(config: &Config) -> Result<Arc<dyn SecretProvider>, ConfigError> {
    let Provider((_, open)) = config.settings.secrets.provider;
    open(config)
}

/// A placeholder of dev is no secret anywhere else.
fn refuse_placeholder(
    secret: SecretString,
    name: &str,
    environment: Environment,
) -> Result<SecretString, NotFetched> {
    if environment == Environment::Dev || !is_placeholder(&secret) {
        return Ok(secret);
    }
    Err(NotFetched {
        place: format!("the value of `{name}`"),
        problem: format!("a placeholder of dev ({PLACEHOLDER}…)"),
        remedy: format!("provide a real one for {}", environment.name()),
        passing: false,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the holder looks, so that nobody else has to"
)]
fn is_placeholder(secret: &SecretString) -> bool {
    let secret = secret.expose_secret();
    secret.starts_with(PLACEHOLDER)
        || password(secret).is_some_and(|it| it.starts_with(PLACEHOLDER))
}

/// The password in a URL such as `postgres://USER:PASSWORD@HOST/DATABASE`.
fn password(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}
