//! How the service gets in, and stays in: a token that somebody made, or one that an AppRole gives; renewed ahead of its end.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::api::{Answer, Api};
use super::{SHORTEST, Zero};
use crate::config::{Auth, Config};
use crate::secrets::NotFetched;

/// A token, and how long it lasts.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) token: SecretString,
    /// Two thirds into its time, and its end; nothing for a token that does not end.
    lasts: Option<(Instant, Instant)>,
    renewable: bool,
}

impl Session {
    fn new(token: SecretString, lease: &Lease) -> Self {
        let left = Duration::from_secs(lease.seconds);
        let now = Instant::now();
        let due = now.checked_add(left / 3 * 2);
        Self {
            token,
            lasts: due.zip(now.checked_add(left)).filter(|_| !left.is_zero()),
            renewable: lease.renewable,
        }
    }

    pub(super) fn is_due(&self) -> bool {
        self.lasts.is_some_and(|(due, _)| due <= Instant::now())
    }

    /// How long until the vault is to be asked for more time; where it was asked and gave none, half of what is left each
    /// time. Nothing for a token that does not end, and for one that has: there is nothing left to keep.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let now = Instant::now();
        let (due, end) = self.lasts?;
        if due > now {
            return Some(due - now);
        }
        Some(end.saturating_duration_since(now) / 2).filter(|half| *half >= SHORTEST)
    }

    #[expect(clippy::disallowed_methods, reason = "compares, and shows nobody")]
    pub(super) fn is(&self, other: &Self) -> bool {
        self.token.expose_secret() == other.token.expose_secret()
    }
}

/// How long a token lasts, as the several calls have it.
#[derive(Default, Deserialize)]
struct Lease {
    #[serde(rename = "lease_duration", alias = "ttl")]
    seconds: u64,
    renewable: bool,
}

#[derive(Deserialize)]
struct Granted {
    auth: Grant,
}

#[derive(Deserialize)]
struct Grant {
    client_token: String,
    #[serde(flatten)]
    lease: Lease,
}

#[derive(Deserialize)]
struct LookedUp {
    data: Lease,
}

/// How the service gets in.
pub(super) struct Login {
    /// The mount and the role's id; nothing for a token.
    role: Option<(String, String)>,
    zero: Zero,
}

impl Login {
    pub(super) fn new(config: &Config) -> Self {
        let settings = &config.settings.secrets.vault;
        let mount = settings.auth_mount.trim_matches('/').to_owned();
        let role_id = settings.role_id.clone().unwrap_or_default();
        let (name, role) = match settings.auth {
            Auth::Token => ("vault-token", None),
            Auth::AppRole => ("vault-secret-id", Some((mount, role_id))),
        };
        Self {
            role,
            zero: Zero::new(name, config),
        }
    }

    /// Whether getting in anew costs the vault nothing: no token is made, and none of the uses of a role's secret is spent.
    pub(super) fn is_free(&self) -> bool {
        self.role.is_none()
    }

    /// A session that owes nothing to the one before.
    pub(super) async fn anew(&self, api: &Api) -> Result<Session, NotFetched> {
        let zero = self.zero.read()?;
        let Some((mount, role_id)) = &self.role else {
            return given(api, zero).await;
        };
        let path = format!("auth/{mount}/login");
        let body = credentials(role_id, &zero);
        let answer = api.call(Method::POST, &path, None, body.into()).await?;
        granted(&answer).ok_or_else(|| NotFetched {
            place: format!("the login at {}/v1/{path}", api.address()),
            problem: format!("refused (status {})", answer.status.as_u16()),
            remedy: format!(
                "check secrets.vault.role_id, and the secret `{}`",
                self.zero.name
            ),
            passing: false,
        })
    }

    /// The same token for longer; a new one where the vault gives no more of that.
    pub(super) async fn renewed(&self, api: &Api, held: &Session) -> Result<Session, NotFetched> {
        if !held.renewable {
            return self.anew(api).await;
        }
        let path = "auth/token/renew-self";
        let body = "{}".into();
        let answer = api
            .call(Method::POST, path, Some(&held.token), body)
            .await?;
        // Near the end of a token's longest life each renewal gives less, and the last one nothing.
        match granted(&answer).filter(|renewed| renewed.lasts.is_some()) {
            Some(renewed) => Ok(renewed),
            None => self.anew(api).await,
        }
    }
}

/// A token that somebody made: the vault says how long it lasts, where the token's policy lets it ask.
async fn given(api: &Api, token: SecretString) -> Result<Session, NotFetched> {
    let lease = looked_up(api, &token).await?;
    Ok(Session::new(token, &lease.unwrap_or_default()))
}

/// What the vault says of a token: nothing where the token is no good, or its policy does not let it ask.
async fn looked_up(api: &Api, token: &SecretString) -> Result<Option<Lease>, NotFetched> {
    let answer = api.get("auth/token/lookup-self", token).await?;
    let found = answer.json::<LookedUp>().map(|found| found.data);
    Ok(found.filter(|_| answer.status == StatusCode::OK))
}

/// Whether the vault says that a token is good.
pub(super) async fn is_good(api: &Api, token: &SecretString) -> Result<bool, NotFetched> {
    Ok(looked_up(api, token).await?.is_some())
}

fn granted(answer: &Answer) -> Option<Session> {
    let Granted { auth } = answer.json().filter(|_| answer.status == StatusCode::OK)?;
    Some(Session::new(auth.client_token.into(), &auth.lease))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a role's secret leaves for the vault that made it"
)]
fn credentials(role_id: &str, secret_id: &SecretString) -> String {
    json!({ "role_id": role_id, "secret_id": secret_id.expose_secret() }).to_string()
}
