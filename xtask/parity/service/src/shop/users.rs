//! Who calls: dependencies of the shop's own. A handler that asks for [`Staff`] is called for staff, or not at all.
//!
//! The tokens stand in a table, since the twin's do. `src/auth/` shows what verifies real ones.

use aide::openapi::SecurityScheme;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;

use crate::api::{Asked, Described, Input};
use crate::error::ApiError;

/// Any user.
pub(super) struct User {
    role: Role,
}

/// A user who may change products.
pub(super) struct Staff;

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Staff,
    Customer,
}

const TOKENS: [(&str, Role); 2] = [
    ("staff-token", Role::Staff),
    ("customer-token", Role::Customer),
];

impl Input for User {
    fn describe(described: &mut Described<'_>) {
        let scheme = SecurityScheme::Http {
            scheme: "bearer".into(),
            bearer_format: None,
            description: None,
            extensions: [].into_iter().collect(),
        };
        described.security("HTTPBearer", scheme);
        described.fails(StatusCode::UNAUTHORIZED);
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        let header = asked.parts.headers.get(AUTHORIZATION);
        let token = header.and_then(|header| bearer(header.to_str().ok()?));
        let token = token.ok_or(ApiError::Unauthorized)?;
        let known = TOKENS.iter().find(|(known, _)| *known == token);
        match known {
            Some(&(_, role)) => Ok(Some(Self { role })),
            None => Err(ApiError::http(StatusCode::UNAUTHORIZED, "Invalid token")),
        }
    }
}

/// A dependency of a dependency: what it is made of is asked for first.
impl Input for Staff {
    fn describe(described: &mut Described<'_>) {
        User::describe(described);
        described.fails(StatusCode::FORBIDDEN);
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        match User::take(asked).await? {
            Some(user) if user.role != Role::Staff => Err(ApiError::http(
                StatusCode::FORBIDDEN,
                "Not enough permissions",
            )),
            user => Ok(user.map(|_| Self)),
        }
    }
}

/// The token of `Bearer TOKEN`.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
