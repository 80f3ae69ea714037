//! What the management address serves: a copy of the health endpoints, and whatever the metrics exporter has.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use super::edge::Edge;
use super::health;
use crate::app::AppState;
use crate::error::ApiError;

/// The routes of the management address.
pub fn router(state: &AppState) -> Edge {
    let asked = from_fn_with_state(state.clone(), authorised);
    let exporter = state.exporter.routes.clone();
    let routes = health::routes()
        .with_state(state.clone())
        .merge(exporter.map(|router| router.layer(asked)));
    Edge::private(state.clone(), routes)
}

/// Asks for `Authorization: Bearer` when `management.token` is set.
async fn authorised(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if let Some(token) = &state.config.settings.management.token {
        let given = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        if !given.is_some_and(|(_, given)| state.secrets.matches(token, given)) {
            return Err(ApiError::Unauthorized);
        }
    }
    Ok(next.run(request).await)
}
