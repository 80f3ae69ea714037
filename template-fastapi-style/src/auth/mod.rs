//! Who calls: a handler that asks for a [`CurrentUser`] is called with one, or not at all.

mod keys;

use aide::openapi::SecurityScheme;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::{Api, Asked, Described, Input};
use crate::error::ApiError;

pub use keys::Keys;

/// The section `auth` of the configuration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct AuthSettings {
    /// The claim `iss` of a valid token.
    pub issuer: Option<String>,
    /// The claim `aud` of a valid token, if it is not the service's name.
    pub audience: Option<String>,
    /// Where the issuer's keys are.
    pub jwks_url: Option<String>,
}

/// Whom a valid bearer token speaks of.
#[derive(Clone, Debug, Deserialize)]
pub struct CurrentUser {
    /// The claim `sub`: who it is, to the issuer.
    #[serde(rename = "sub")]
    pub subject: String,
    /// The claim `scope`, as it stands in the token: words with spaces between.
    #[serde(default)]
    pub scope: String,
    /// All other claims.
    #[serde(flatten)]
    pub claims: Map<String, Value>,
}

impl CurrentUser {
    /// 403, unless the token has this scope.
    pub fn needs(&self, scope: &str) -> Result<(), ApiError> {
        let has = self.scope.split(' ').any(|one| one == scope);
        if has {
            Ok(())
        } else {
            Err(ApiError::Forbidden)
        }
    }
}

impl Input for CurrentUser {
    fn describe(described: &mut Described<'_>) {
        let scheme = SecurityScheme::Http {
            scheme: "bearer".into(),
            bearer_format: Some("JWT".into()),
            description: None,
            extensions: [].into_iter().collect(),
        };
        described.security("HTTPBearer", scheme);
        for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
            described.fails(status);
        }
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        let header = asked.parts.headers.get(AUTHORIZATION);
        let token = header.and_then(|header| bearer(header.to_str().ok()?));
        let token = token.ok_or(ApiError::Unauthorized)?.to_owned();
        let claims = asked.state.keys.verified(&asked.state, &token).await?;
        Ok(Some(claims))
    }
}

/// The token of `Bearer TOKEN`; the scheme's case is nobody's business (RFC 9110).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Who a token speaks of, told to its bearer.
#[derive(JsonSchema, Serialize)]
struct Me {
    subject: String,
    scopes: Vec<String>,
}

/// `GET /api/v1/me`.
pub fn routes() -> Api {
    Api::new().get("/api/v1/me", read_me).tag("users")
}

async fn read_me(user: CurrentUser) -> Json<Me> {
    let scopes = user.scope.split_whitespace().map(str::to_owned).collect();
    Json(Me {
        subject: user.subject,
        scopes,
    })
}
