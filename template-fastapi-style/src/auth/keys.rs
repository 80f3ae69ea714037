//! The issuer's keys: fetched when a token needs them, kept, and fetched again when one is signed with another.
//!
//! Only signatures by a private key count: with a shared secret, whoever can check a token could make one.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::CurrentUser;
use crate::error::ApiError;
use crate::{AppState, version};

/// How long keys are used without asking again: how long one that the issuer has withdrawn may still be good.
const FRESH: Duration = Duration::from_mins(10);
/// How long a key that is not among them is not asked for again, whoever invents names of keys.
const PAUSE: Duration = Duration::from_secs(10);

/// The keys, once they have been fetched.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<Option<Fetched>>>);

struct Fetched {
    at: Instant,
    keys: Arc<JwkSet>,
}

impl Keys {
    /// What the token says, if its issuer has said it, to this service, and it is still true.
    pub(super) async fn verified(
        &self,
        state: &AppState,
        token: &str,
    ) -> Result<CurrentUser, ApiError> {
        let settings = &state.config.settings.auth;
        let (Some(issuer), Some(url)) = (&settings.issuer, &settings.jwks_url) else {
            tracing::debug!("no token is valid without auth.issuer and auth.jwks_url");
            return Err(ApiError::Unauthorized);
        };
        let refused = |error: jsonwebtoken::errors::Error| {
            tracing::debug!(%error, "token refused");
            ApiError::Unauthorized
        };
        let header = decode_header(token).map_err(refused)?;
        let key = self.key(state, url, header.kid.as_deref()).await?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[settings.audience.as_deref().unwrap_or(version::SERVICE)]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        // Also refuses an algorithm that is not of the key's family.
        let decoded = decode(token, &key, &validation).map_err(refused)?;
        Ok(decoded.claims)
    }

    /// The key called `id`; the only one, where a token names none.
    async fn key(
        &self,
        state: &AppState,
        url: &str,
        id: Option<&str>,
    ) -> Result<DecodingKey, ApiError> {
        // Locked while they are fetched: many tokens at once ask once.
        let mut fetched = self.0.lock().await;
        let known = fetched.as_ref().filter(|known| {
            let age = known.at.elapsed();
            age < PAUSE || (age < FRESH && find(&known.keys, id).is_some())
        });
        let keys = if let Some(known) = known {
            known.keys.clone()
        } else {
            let keys = Arc::new(fetch(state, url).await?);
            *fetched = Some(Fetched {
                at: Instant::now(),
                keys: keys.clone(),
            });
            keys
        };
        drop(fetched);
        let key = find(&keys, id).and_then(|key| DecodingKey::from_jwk(key).ok());
        key.ok_or(ApiError::Unauthorized)
    }
}

async fn fetch(state: &AppState, url: &str) -> Result<JwkSet, ApiError> {
    Ok(state.client.get(url).await?.json()?)
}

fn find<'a>(keys: &'a JwkSet, id: Option<&str>) -> Option<&'a Jwk> {
    let shared = |key: &&Jwk| matches!(key.algorithm, AlgorithmParameters::OctetKey(_));
    let mut keys = keys.keys.iter().filter(|key| !shared(key));
    match id {
        Some(id) => keys.find(|key| key.common.key_id.as_deref() == Some(id)),
        None => keys.next(),
    }
}
