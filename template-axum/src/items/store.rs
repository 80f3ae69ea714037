//! Items in memory, gone with the process: where a database would be.
#![expect(clippy::unused_async, reason = "a database would be awaited")]

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::extract::FromRef;
use chrono::Utc;
use uuid::Uuid;

use super::model::{Content, Item, Precondition};
use crate::AppState;
use crate::error::ApiError;

#[derive(Clone, Default)]
pub(crate) struct Store(Arc<RwLock<BTreeMap<Uuid, Item>>>);

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.dependencies.items.clone()
    }
}

impl Store {
    pub(super) async fn create(&self, content: Content) -> Result<Item, ApiError> {
        // Locked before the identifier is made: whoever pages meanwhile must not pass by one that is yet to come.
        let mut items = self.write();
        let now = Utc::now();
        let item = Item {
            id: Uuid::now_v7(),
            content,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        items.insert(item.id, item.clone());
        Ok(item)
    }

    pub(super) async fn get(&self, id: Uuid) -> Result<Item, ApiError> {
        self.read()
            .get(&id)
            .cloned()
            .ok_or(ApiError::NotFound("item"))
    }

    /// Up to `limit` items after the one named, oldest first (identifiers sort by time), and whether more follow.
    pub(super) async fn list(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<(Vec<Item>, bool), ApiError> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let items = self.read();
        let mut found = items
            .range((start, Bound::Unbounded))
            .map(|(_, item)| item.clone());
        let page = found.by_ref().take(limit).collect();
        Ok((page, found.next().is_some()))
    }

    pub(super) async fn replace(
        &self,
        id: Uuid,
        content: Content,
        allowed: &Precondition,
    ) -> Result<Item, ApiError> {
        let mut items = self.write();
        let item = items.get_mut(&id).ok_or(ApiError::NotFound("item"))?;
        if !holds(allowed, item.version) {
            return Err(ApiError::PreconditionFailed);
        }
        item.content = content;
        item.version += 1;
        item.updated_at = Utc::now();
        Ok(item.clone())
    }

    pub(super) async fn delete(&self, id: Uuid, allowed: &Precondition) -> Result<(), ApiError> {
        let mut items = self.write();
        let item = items.get(&id).ok_or(ApiError::NotFound("item"))?;
        if !holds(allowed, item.version) {
            return Err(ApiError::PreconditionFailed);
        }
        items.remove(&id);
        Ok(())
    }

    // A handler that panicked cannot have left the map half changed.
    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<Uuid, Item>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<Uuid, Item>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an item of this version may be changed.
fn holds(allowed: &Precondition, version: u64) -> bool {
    match allowed {
        Precondition::Any => true,
        Precondition::OneOf(versions) => versions.contains(&version),
    }
}
