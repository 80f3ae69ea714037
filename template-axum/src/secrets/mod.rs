//! Secrets: fetched at start through one provider, held in a type that cannot be printed.
//!
//! A new provider is one file here and one line in [`PROVIDERS`].

mod env;
mod file;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::watch;

use crate::config::{Config, ConfigError, Environment, SecretRef, report};

/// What `secrets.provider` can say.
const PROVIDERS: &[Registered] = &[("env", env::open), ("file", file::open)];

/// Secrets that begin like this stand in `.env.example` and nowhere else.
const PLACEHOLDER: &str = "dev-only-";

type Registered = (&'static str, fn(&Config) -> Box<dyn SecretProvider + '_>);

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
}

/// Why a secret did not come, and from where it should have.
pub struct NotFetched {
    /// Where the provider looked, such as a path.
    pub place: String,
    /// What it found there, such as "not set".
    pub problem: String,
}

/// The secrets that the configuration refers to, each with its present value. Cloning is cheap.
#[derive(Clone)]
pub struct Secrets(Arc<BTreeMap<SecretRef, watch::Sender<Arc<SecretString>>>>);

impl Secrets {
    /// Fetches every secret that the effective configuration refers to; one that is missing refuses to start.
    pub async fn fetch(config: &Config) -> Result<Self, ConfigError> {
        let Provider((provider_name, open)) = config.settings.secrets.provider;
        let provider = open(config);
        let mut secrets = BTreeMap::new();
        for leaf in report::leaves(&config.layered) {
            let Some(name) = leaf.secret else { continue };
            let secret = provider
                .fetch(&name)
                .await
                .map_err(|NotFetched { place, problem }| {
                    let problem = format!(
                        "secret `{name}` not found by provider `{provider_name}`: {place} is {problem}"
                    );
                    ConfigError::new(&leaf.key, problem, format!("provide {place}"))
                })?;
            if config.environment != Environment::Dev && is_placeholder(&secret) {
                let problem = format!("secret `{name}` is a placeholder of dev ({PLACEHOLDER}…)");
                return Err(ConfigError::new(
                    leaf.key,
                    problem,
                    format!("provide a real one for {}", config.environment.name()),
                ));
            }
            let (current, _) = watch::channel(Arc::new(secret));
            secrets.insert(SecretRef::from_checked(name), current);
        }
        Ok(Self(Arc::new(secrets)))
    }

    /// A secret as it is now, for the code that hands it on. `None` only for a reference that is not in the configuration.
    /// Ask again each time: a provider may rotate it.
    pub fn get(&self, reference: &SecretRef) -> Option<Arc<SecretString>> {
        self.0
            .get(reference)
            .map(|current| current.borrow().clone())
    }

    /// For a holder that keeps something made with the secret, such as a pool of connections: tells when to make it anew.
    /// `changed()` of it ends in an error only when the secrets are gone, which is when the service is.
    pub fn watch(&self, reference: &SecretRef) -> Option<watch::Receiver<Arc<SecretString>>> {
        self.0.get(reference).map(watch::Sender::subscribe)
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

#[expect(
    clippy::disallowed_methods,
    reason = "the holder looks, so that nobody else has to"
)]
fn is_placeholder(secret: &SecretString) -> bool {
    secret.expose_secret().starts_with(PLACEHOLDER)
}
