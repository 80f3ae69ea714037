//! Secrets from HashiCorp Vault or OpenBao: the KV v2 engine over HTTP, by a token or an AppRole.
//!
//! Not through a client library: three calls are needed, and the libraries bring an HTTP stack and a TLS of their own.

mod api;
mod login;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use super::{Fetch, NotFetched, SecretProvider};
use crate::config::{Auth, Config, ConfigError, Environment};
use api::Api;
use login::{Login, Session};

/// The shortest wait before the vault is asked again, however short its leases are.
const SHORTEST: Duration = Duration::from_millis(200);

struct Vault {
    api: Api,
    login: Login,
    /// `MOUNT/data/PATH`, where the secrets are.
    folder: String,
    field: String,
    /// What the vault has let us in with last.
    session: Mutex<Option<Session>>,
    /// Paths that a fresh session could not read either, where the vault does not tell a session whether it is good.
    refused: Mutex<BTreeSet<String>>,
}

pub(super) fn open(config: &Config) -> Result<Arc<dyn SecretProvider>, ConfigError> {
    let settings = &config.settings.secrets.vault;
    let refuse = |key: &str, problem: &str, remedy: &str| {
        config.refuse(&format!("secrets.vault.{key}"), problem, remedy)
    };
    let form = "write https://HOST:PORT";
    let Some(address) = &settings.address else {
        let problem = "not set, and the provider `vault` needs it";
        return Err(refuse("address", problem, form));
    };
    let uri: Uri = address
        .parse()
        .map_err(|_| refuse("address", "not an address", form))?;
    let host = uri.host().unwrap_or_default();
    let userinfo = uri.authority().is_some_and(|it| it.as_str().contains('@'));
    if host.is_empty() || userinfo || uri.path() != "/" || uri.query().is_some() {
        return Err(refuse("address", "not a plain https://HOST:PORT", form));
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if config.environment == Environment::Dev || is_this_machine(host) => {}
        Some("http") => {
            let problem = "http:// would send secrets to another machine in the clear";
            let remedy = "use https://, or an agent on this machine";
            return Err(refuse("address", problem, remedy));
        }
        _ => return Err(refuse("address", "neither https:// nor http://", form)),
    }
    if settings.auth == Auth::AppRole && settings.role_id.is_none() {
        let problem = "not set, and `auth: approle` needs it";
        return Err(refuse("role_id", problem, "set it to the id of the role"));
    }
    for (key, value, may_be_empty) in [
        ("mount", &settings.mount, false),
        ("path", &settings.path, true),
        ("auth_mount", &settings.auth_mount, false),
    ] {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let empty = value.trim_matches('/').is_empty();
        if !value.chars().all(plain)
            || value.split('/').any(|part| part == "..")
            || (empty && !may_be_empty)
        {
            let remedy = "write words of letters, digits, `-`, `_` and `.`, joined by `/`";
            return Err(refuse(key, "not a path of a vault", remedy));
        }
    }
    let namespace = settings.namespace.as_deref();
    let api = Api::new(
        address,
        namespace,
        settings.timeout,
        settings.ca_file.clone(),
    );
    let api = api.ok_or_else(|| {
        let remedy = "write the path of the namespace, in plain text";
        refuse("namespace", "not the value of a header", remedy)
    })?;
    let folder = format!(
        "{}/data/{}",
        settings.mount.trim_matches('/'),
        settings.path
    );
    Ok(Arc::new(Vault {
        api,
        login: Login::new(config),
        folder: folder.trim_end_matches('/').to_owned(),
        field: settings.field.clone(),
        session: Mutex::default(),
        refused: Mutex::default(),
    }))
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl SecretProvider for Vault {
    fn fetch<'a>(&'a self, name: &'a str) -> Fetch<'a> {
        Box::pin(self.read(name))
    }

    fn pace(&self, refresh: Duration) -> Option<Duration> {
        let due = self.held().and_then(|session| session.due_in());
        Some(due.map_or(refresh, |due| due.max(SHORTEST).min(refresh)))
    }
}

/// What a KV v2 engine answers, as far as it matters.
#[derive(Deserialize)]
struct Versioned {
    data: Version,
}

#[derive(Deserialize)]
struct Version {
    data: serde_json::Map<String, serde_json::Value>,
}

impl Vault {
    async fn read(&self, name: &str) -> Result<secrecy::SecretString, NotFetched> {
        let path = format!("{}/{name}", self.folder);
        let held = self.held();
        let mut session = self.session(held.as_ref()).await?;
        let mut answer = self.api.get(&path, &session.token).await?;
        // The token may have been revoked, or a file may hold a newer one.
        if answer.status == StatusCode::FORBIDDEN
            && held.is_some_and(|held| held.is(&session))
            && self.may_help(&session, &path).await?
        {
            session = self.keep(self.login.anew(&self.api).await?);
            answer = self.api.get(&path, &session.token).await?;
            if answer.status == StatusCode::FORBIDDEN
                && !login::is_good(&self.api, &session.token).await?
            {
                locked(&self.refused).insert(path.clone());
            }
        }
        if answer.status == StatusCode::OK {
            locked(&self.refused).remove(&path);
        }
        let place = format!("path {path} at {}", self.api.address());
        let refused = |problem: String, remedy: String| NotFetched {
            place: place.clone(),
            problem,
            remedy,
            passing: false,
        };
        match answer.status {
            StatusCode::OK => {}
            StatusCode::FORBIDDEN => {
                let remedy =
                    format!("give its policy `read` on {path}, and check that the token is valid");
                return Err(refused("forbidden (403)".to_owned(), remedy));
            }
            StatusCode::NOT_FOUND => {
                let remedy = "put it there, or check mount, path and namespace in secrets.vault";
                return Err(refused("missing (404)".to_owned(), remedy.to_owned()));
            }
            status => {
                let remedy = "check secrets.vault.address and mount".to_owned();
                return Err(refused(
                    format!("answered with status {}", status.as_u16()),
                    remedy,
                ));
            }
        }
        let field = &self.field;
        let mut found = answer.json::<Versioned>().map(|found| found.data.data);
        match found.as_mut().and_then(|data| data.remove(field)) {
            Some(serde_json::Value::String(secret)) if !secret.is_empty() => Ok(secret.into()),
            _ => {
                let problem = format!("without a text in its field `{field}`");
                let remedy =
                    format!("put the secret into the field `{field}`, or set secrets.vault.field");
                Err(refused(problem, remedy))
            }
        }
    }

    /// Whether a path that the session may not read may be read by another one. Each login makes a token, and may spend one
    /// of the uses of the role's secret: there is none for a path that the policy forbids, round after round.
    async fn may_help(&self, session: &Session, path: &str) -> Result<bool, NotFetched> {
        if self.login.is_free() {
            return Ok(true);
        }
        let good = login::is_good(&self.api, &session.token).await?;
        Ok(!good && !locked(&self.refused).contains(path))
    }

    /// A session that is good for a while: the one held, renewed or begun anew where that is due.
    async fn session(&self, held: Option<&Session>) -> Result<Session, NotFetched> {
        match held {
            Some(held) if !held.is_due() => Ok(held.clone()),
            Some(held) => Ok(self.keep(self.login.renewed(&self.api, held).await?)),
            None => Ok(self.keep(self.login.anew(&self.api).await?)),
        }
    }

    fn keep(&self, session: Session) -> Session {
        *locked(&self.session) = Some(session.clone());
        session
    }

    fn held(&self) -> Option<Session> {
        locked(&self.session).clone()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The vault's own secret, which it cannot keep itself: from a variable, or else from a file that is read each time.
struct Zero {
    name: &'static str,
    variable: Option<secrecy::SecretString>,
    file: PathBuf,
    environment: Environment,
}

impl Zero {
    fn new(name: &'static str, config: &Config) -> Self {
        let variable = config.variables.get(&super::env::variable(name));
        Self {
            name,
            variable: variable.cloned(),
            file: config.settings.secrets.directory.join(name),
            environment: config.environment,
        }
    }

    fn read(&self) -> Result<secrecy::SecretString, NotFetched> {
        let secret = match &self.variable {
            Some(secret) => secret.clone(),
            None => super::file::read(&self.file).map_err(|error| {
                let place = format!(
                    "environment variable {}, or {}",
                    super::env::variable(self.name),
                    error.place
                );
                NotFetched::missing(place, format!("not set, and the file {}", error.problem))
            })?,
        };
        super::refuse_placeholder(secret, self.name, self.environment)
    }
}
