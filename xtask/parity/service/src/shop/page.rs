//! A page of a listing, as every listing of the shop has it: `?limit=` and `?offset=`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const DEFAULT_LIMIT: usize = 20;

/// Which part of a listing is asked for.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Page {
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 100))]
    limit: usize,
    #[serde(default)]
    offset: usize,
}

fn default_limit() -> usize {
    DEFAULT_LIMIT
}

// A part of a listing, and how much there is. The document calls it after what it holds: `ProductPage`.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "{T}Page")]
pub(super) struct Listing<T> {
    items: Vec<T>,
    total: usize,
    limit: usize,
    offset: usize,
}

impl Page {
    /// This page of all that was found.
    pub(super) fn of<T>(&self, found: Vec<T>) -> Listing<T> {
        let total = found.len();
        let items = found.into_iter().skip(self.offset).take(self.limit);
        Listing {
            items: items.collect(),
            total,
            limit: self.limit,
            offset: self.offset,
        }
    }
}
