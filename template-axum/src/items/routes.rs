//! `/api/v1/items`: list, create, read, replace, delete.

use axum::extract::State;
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{Content, Item, Precondition};
use super::store::Store;
use crate::Routes;
use crate::error::ApiError;
use crate::extract::{Json, Path, Query};

const DEFAULT_LIMIT: usize = 20;

/// Paths stand here in full: a search for one finds it, and a nested router would write each request's path anew.
pub fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/items", get(list).post(create))
        .route("/api/v1/items/{id}", get(read).put(replace).delete(remove))
}

#[derive(Deserialize)]
struct Page {
    limit: Option<usize>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Listing {
    items: Vec<Item>,
    next_cursor: Option<String>,
}

async fn list(
    State(store): State<Store>,
    Query(page): Query<Page>,
) -> Result<Json<Listing>, ApiError> {
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=100).contains(&limit) {
        return Err(ApiError::Unprocessable("limit is 1 to 100".into()));
    }
    let after = page
        .cursor
        .map(|cursor| parse_cursor(&cursor))
        .transpose()?;
    let (items, more) = store.list(after, limit).await?;
    let next_cursor = items
        .last()
        .filter(|_| more)
        .map(|last| last.id.simple().to_string());
    Ok(Json(Listing { items, next_cursor }))
}

async fn create(
    State(store): State<Store>,
    Json(content): Json<Content>,
) -> Result<impl IntoResponse, ApiError> {
    let item = store.create(content).await?;
    tracing::info!(item_id = %item.id, "item created");
    Ok((
        StatusCode::CREATED,
        [
            (LOCATION, format!("/api/v1/items/{}", item.id)),
            (ETAG, etag(item.version)),
        ],
        Json(item),
    ))
}

async fn read(
    State(store): State<Store>,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, ApiError> {
    let item = store.get(id).await?;
    Ok(([(ETAG, etag(item.version))], Json(item)))
}

async fn replace(
    State(store): State<Store>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Json(content): Json<Content>,
) -> Result<impl IntoResponse, ApiError> {
    let precondition = if_match(&headers).ok_or(ApiError::PreconditionRequired)?;
    let item = store.replace(id, content, &precondition).await?;
    Ok(([(ETAG, etag(item.version))], Json(item)))
}

async fn remove(
    State(store): State<Store>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let precondition = if_match(&headers).unwrap_or(Precondition::Any);
    store.delete(id, &precondition).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// What `If-Match` asks for, if it is there. A tag that is none of ours matches nothing.
fn if_match(headers: &HeaderMap) -> Option<Precondition> {
    let mut versions = Vec::new();
    let values = headers.get_all(IF_MATCH);
    for tag in values
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
    {
        match tag.trim() {
            "*" => return Some(Precondition::Any),
            tag => versions.extend(version(tag)),
        }
    }
    headers
        .contains_key(IF_MATCH)
        .then_some(Precondition::OneOf(versions))
}

/// The version behind an entity tag, such as `"7"`.
fn version(tag: &str) -> Option<u64> {
    let version = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(version) == tag).then_some(version)
}

fn parse_cursor(cursor: &str) -> Result<Uuid, ApiError> {
    let plain = cursor.len() == 32 && cursor.bytes().all(|b| b.is_ascii_hexdigit());
    let id = plain.then(|| Uuid::try_parse(cursor).ok()).flatten();
    id.ok_or_else(|| ApiError::Unprocessable("cursor is not one that a listing has given".into()))
}
