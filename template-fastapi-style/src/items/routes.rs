//! `/api/v1/items`: list, create, read, replace, delete.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{Content, Item, Precondition};
use super::store::Store;
use crate::api::{Api, Created, Headers, NoContent};
use crate::error::ApiError;
use crate::pagination::{Page, cursor};

const MISSING: StatusCode = StatusCode::NOT_FOUND;
const STALE: StatusCode = StatusCode::PRECONDITION_FAILED;

/// An answer with the item's version as its `ETag`.
type Tagged<T> = ([(HeaderName, String); 1], T);

/// Paths stand here in full: a search for one finds it.
pub fn routes() -> Api {
    Api::new()
        .get("/api/v1/items", list_items)
        .post("/api/v1/items", create_item)
        .get("/api/v1/items/{id}", read_item)
        .fails(&[MISSING])
        .put("/api/v1/items/{id}", replace_item)
        .about(
            "`If-Match` names the version that was read: of two who change it, the second is told.",
        )
        .fails(&[MISSING, STALE, StatusCode::PRECONDITION_REQUIRED])
        .delete("/api/v1/items/{id}", delete_item)
        .fails(&[MISSING, STALE])
        .tag("items")
}

/// A page of items, oldest first.
#[derive(JsonSchema, Serialize)]
struct ItemPage {
    items: Vec<Item>,
    /// Asks for the page after this one; null on the last.
    next_cursor: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Conditions {
    /// Versions as in `ETag`, or `*`.
    if_match: Option<String>,
}

async fn list_items(
    State(store): State<Store>,
    Query(page): Query<Page>,
) -> Result<Json<ItemPage>, ApiError> {
    let (items, more) = store.list(page.after(), page.limit()).await?;
    let next_cursor = items.last().filter(|_| more).map(|last| cursor(last.id));
    Ok(Json(ItemPage { items, next_cursor }))
}

async fn create_item(
    State(store): State<Store>,
    Json(content): Json<Content>,
) -> Result<Tagged<Created<Item>>, ApiError> {
    let item = store.create(content).await?;
    tracing::info!(item_id = %item.id, "item created");
    let created = Created {
        location: format!("/api/v1/items/{}", item.id),
        value: item,
    };
    Ok((tag(created.value.version), created))
}

async fn read_item(
    State(store): State<Store>,
    Path(id): Path<Uuid>,
) -> Result<Tagged<Json<Item>>, ApiError> {
    let item = store.get(id).await?;
    Ok((tag(item.version), Json(item)))
}

async fn replace_item(
    State(store): State<Store>,
    Path(id): Path<Uuid>,
    Headers(conditions): Headers<Conditions>,
    Json(content): Json<Content>,
) -> Result<Tagged<Json<Item>>, ApiError> {
    let allowed = allowed(&conditions).ok_or(ApiError::PreconditionRequired)?;
    let item = store.replace(id, content, &allowed).await?;
    Ok((tag(item.version), Json(item)))
}

async fn delete_item(
    State(store): State<Store>,
    Path(id): Path<Uuid>,
    Headers(conditions): Headers<Conditions>,
) -> Result<NoContent, ApiError> {
    let allowed = allowed(&conditions).unwrap_or(Precondition::Any);
    store.delete(id, &allowed).await?;
    Ok(NoContent)
}

fn tag(version: u64) -> [(HeaderName, String); 1] {
    [(ETAG, etag(version))]
}

fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// What `If-Match` asks for, if it is there. A tag that is none of ours matches nothing.
fn allowed(conditions: &Conditions) -> Option<Precondition> {
    let tags = conditions.if_match.as_ref()?.split(',').map(str::trim);
    let mut versions = Vec::new();
    for tag in tags {
        match tag {
            "*" => return Some(Precondition::Any),
            tag => versions.extend(version(tag)),
        }
    }
    Some(Precondition::OneOf(versions))
}

/// The version behind an entity tag, such as `"7"`.
fn version(tag: &str) -> Option<u64> {
    let version = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(version) == tag).then_some(version)
}
