//! Items in memory, gone with the process: where a database would be.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::Utc;
use uuid::Uuid;

use super::model::{Content, Item};
use crate::error::ApiError;

/// Whether a version is one that the client may change.
pub(super) type Precondition<'a> = &'a dyn Fn(u64) -> bool;

#[derive(Clone, Default)]
pub(super) struct Store(Arc<RwLock<BTreeMap<Uuid, Item>>>);

impl Store {
    pub(super) fn create(&self, content: Content) -> Item {
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
        item
    }

    pub(super) fn get(&self, id: Uuid) -> Result<Item, ApiError> {
        self.read()
            .get(&id)
            .cloned()
            .ok_or(ApiError::NotFound("item"))
    }

    /// Up to `limit` items after the one named, oldest first (identifiers sort by time), and whether more follow.
    pub(super) fn list(&self, after: Option<Uuid>, limit: usize) -> (Vec<Item>, bool) {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let items = self.read();
        let mut found = items
            .range((start, Bound::Unbounded))
            .map(|(_, item)| item.clone());
        let page = found.by_ref().take(limit).collect();
        (page, found.next().is_some())
    }

    pub(super) fn replace(
        &self,
        id: Uuid,
        content: Content,
        allowed: Precondition,
    ) -> Result<Item, ApiError> {
        let mut items = self.write();
        let item = items.get_mut(&id).ok_or(ApiError::NotFound("item"))?;
        if !allowed(item.version) {
            return Err(ApiError::PreconditionFailed);
        }
        *item = Item {
            content,
            version: item.version + 1,
            updated_at: Utc::now(),
            ..item.clone()
        };
        Ok(item.clone())
    }

    pub(super) fn delete(&self, id: Uuid, allowed: Precondition) -> Result<(), ApiError> {
        let mut items = self.write();
        let item = items.get(&id).ok_or(ApiError::NotFound("item"))?;
        if !allowed(item.version) {
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
