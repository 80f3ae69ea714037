//! Items in the database.
//!
//! Identifiers are made here and sort by time, and a list is read in their order. So each item that is there from a
//! listing's beginning to its end is on one of its pages, once. One that is created meanwhile may be on one; where several
//! instances create, it may also come to stand on a page that was read already.

use axum::extract::FromRef;
use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::model::{Content, Item, Precondition};
use crate::AppState;
use crate::dependencies::Database;
use crate::error::ApiError;

#[derive(Clone)]
pub(crate) struct Store(Database);

/// The columns, in the order in which every statement here names them.
type Row = (Uuid, String, i64, i64, DateTime<Utc>, DateTime<Utc>);

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.dependencies.items.clone()
    }
}

impl Store {
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }

    pub(super) async fn create(&self, content: Content) -> Result<Item, ApiError> {
        let sql = "INSERT INTO items (id, name, quantity) VALUES ($1, $2, $3) \
                   RETURNING id, name, quantity, version, created_at, updated_at";
        let insert = query_as(sql)
            .bind(Uuid::now_v7())
            .bind(content.name.as_ref().to_owned())
            .bind(i64::from(content.quantity));
        item(self.0.run(async |to| insert.fetch_one(to).await).await?)
    }

    pub(super) async fn get(&self, id: Uuid) -> Result<Item, ApiError> {
        let sql =
            "SELECT id, name, quantity, version, created_at, updated_at FROM items WHERE id = $1";
        let select = query_as(sql).bind(id);
        let found = self.0.run(async |from| select.fetch_optional(from).await);
        item(found.await?.ok_or(ApiError::NotFound("item"))?)
    }

    /// Up to `limit` items after the one named, oldest first (identifiers sort by time), and whether more follow.
    pub(super) async fn list(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<(Vec<Item>, bool), ApiError> {
        let sql = "SELECT id, name, quantity, version, created_at, updated_at FROM items \
                   WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2";
        // One more than wanted says whether there are more.
        let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let select = query_as(sql).bind(after).bind(one_more);
        let rows = self
            .0
            .run(async |from| select.fetch_all(from).await)
            .await?;
        let more = rows.len() > limit;
        let items = rows.into_iter().take(limit).map(item);
        Ok((items.collect::<Result<_, _>>()?, more))
    }

    pub(super) async fn replace(
        &self,
        id: Uuid,
        content: Content,
        allowed: &Precondition,
    ) -> Result<Item, ApiError> {
        // The database judges the version and changes it in one step: of two who read the same one, one is too late.
        let sql = "UPDATE items SET name = $3, quantity = $4, version = version + 1, updated_at = now() \
                   WHERE id = $1 AND ($2::bigint[] IS NULL OR version = ANY ($2)) \
                   RETURNING id, name, quantity, version, created_at, updated_at";
        let update = query_as(sql)
            .bind(id)
            .bind(versions(allowed))
            .bind(content.name.as_ref().to_owned())
            .bind(i64::from(content.quantity));
        match self
            .0
            .run(async |to| update.fetch_optional(to).await)
            .await?
        {
            Some(row) => item(row),
            None => Err(self.refusal(id).await?),
        }
    }

    pub(super) async fn delete(&self, id: Uuid, allowed: &Precondition) -> Result<(), ApiError> {
        let sql =
            "DELETE FROM items WHERE id = $1 AND ($2::bigint[] IS NULL OR version = ANY ($2))";
        let delete = query(sql).bind(id).bind(versions(allowed));
        let deleted = self.0.run(async |from| delete.execute(from).await).await?;
        match deleted.rows_affected() {
            0 => Err(self.refusal(id).await?),
            _ => Ok(()),
        }
    }

    /// Why a change found nothing to change.
    async fn refusal(&self, id: Uuid) -> Result<ApiError, ApiError> {
        let select = query_scalar("SELECT EXISTS (SELECT FROM items WHERE id = $1)").bind(id);
        let there = self
            .0
            .run(async |from| select.fetch_one(from).await)
            .await?;
        Ok(if there {
            ApiError::PreconditionFailed
        } else {
            ApiError::NotFound("item")
        })
    }
}

/// What the statements compare with; nothing allows every version. One that no row can have is left out.
fn versions(allowed: &Precondition) -> Option<Vec<i64>> {
    let Precondition::OneOf(versions) = allowed else {
        return None;
    };
    let possible = versions
        .iter()
        .filter_map(|&version| version.try_into().ok());
    Some(possible.collect())
}

/// The item of a row. The table's checks are those of the model, so one that does not fit is a fault of ours.
fn item((id, name, quantity, version, created_at, updated_at): Row) -> Result<Item, ApiError> {
    let unfit =
        |problem| ApiError::Internal(format!("item {id} in the database: {problem}").into());
    Ok(Item {
        id,
        content: Content {
            name: name.try_into().map_err(unfit)?,
            quantity: quantity.try_into().map_err(unfit)?,
        },
        version: u64::try_from(version).map_err(|_| unfit("a version below 0"))?,
        created_at,
        updated_at,
    })
}
