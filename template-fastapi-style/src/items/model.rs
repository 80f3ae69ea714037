//! What an item is. Bounds stand in the types: they are checked, and told in the document.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An item as it is stored and shown.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(super) struct Item {
    pub(super) id: Uuid,
    #[serde(flatten)]
    pub(super) content: Content,
    /// Counts changes, from 1.
    pub(super) version: u64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// What a client says about an item.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ItemContent", example = Content::example())]
pub(super) struct Content {
    /// What people call it.
    #[schemars(length(min = 1, max = 120), regex(pattern = r"^[^\x00]*$"))]
    pub(super) name: Name,
    /// How many there are.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub(super) quantity: Quantity,
}

impl Content {
    fn example() -> Self {
        Self {
            name: Name("bolt".into()),
            quantity: Quantity(3),
        }
    }
}

/// Which versions of an item a client is willing to change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Precondition {
    /// Whichever it has.
    Any,
    /// One of those that it has read.
    OneOf(Vec<u64>),
}

/// 1 to 120 characters, none of them NUL, which no database takes as text.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(try_from = "String")]
#[schemars(inline)]
pub(super) struct Name(String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.chars().count() {
            1..=120 if !name.contains('\0') => Ok(Self(name)),
            _ => Err("a name has 1 to 120 characters, none of them NUL"),
        }
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// 0 to 1,000,000.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(try_from = "i64")]
#[schemars(inline)]
pub(super) struct Quantity(u32);

impl TryFrom<i64> for Quantity {
    type Error = &'static str;

    fn try_from(quantity: i64) -> Result<Self, Self::Error> {
        match u32::try_from(quantity) {
            Ok(quantity @ 0..=1_000_000) => Ok(Self(quantity)),
            _ => Err("a quantity is 0 to 1000000"),
        }
    }
}

impl From<Quantity> for i64 {
    fn from(quantity: Quantity) -> Self {
        quantity.0.into()
    }
}
