//! Pages of a listing, as every listing has them: `?limit=` and `?cursor=`.

use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

const DEFAULT_LIMIT: u32 = 20;

/// The query of a listing.
#[derive(Deserialize, JsonSchema)]
pub struct Page {
    /// How many at most.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 100))]
    limit: u32,
    /// `next_cursor` of the page before; without it, the first page.
    #[schemars(regex(pattern = "^[0-9a-fA-F]{32}$"))]
    cursor: Option<String>,
}

fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

impl Page {
    /// How many to answer with at most.
    pub fn limit(&self) -> usize {
        self.limit as usize
    }

    /// What the page begins after. That a cursor is one which a listing has given, its pattern sees to.
    pub fn after(&self) -> Option<Uuid> {
        let cursor = self.cursor.as_deref()?;
        Uuid::try_parse(cursor).ok()
    }
}

/// The cursor of the page after the one that ends with `last`. Opaque to clients.
pub fn cursor(last: Uuid) -> String {
    last.simple().to_string()
}
