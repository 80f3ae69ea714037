//! What an item is. A value outside its bounds cannot be made.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An item as it is stored and shown.
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an item")]
pub(super) struct Content {
    name: Name,
    quantity: Quantity,
}

/// Which versions of an item a client is willing to change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Precondition {
    /// Whichever it has.
    Any,
    /// One of those that it has read.
    OneOf(Vec<u64>),
}

impl Precondition {
    /// Whether an item of this version may be changed.
    pub(super) fn holds(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }
}

/// 1 to 120 characters.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.chars().count() {
            1..=120 => Ok(Self(name)),
            _ => Err("a name has 1 to 120 characters"),
        }
    }
}

/// 0 to 1,000,000.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(try_from = "u64")]
struct Quantity(u64);

impl TryFrom<u64> for Quantity {
    type Error = &'static str;

    fn try_from(quantity: u64) -> Result<Self, Self::Error> {
        match quantity {
            0..=1_000_000 => Ok(Self(quantity)),
            _ => Err("a quantity is 0 to 1000000"),
        }
    }
}
