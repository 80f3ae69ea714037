//! What a product is: as the staff enters it, as it is changed, and as it is shown.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::shop::values::{Money, Tag};

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::shop) enum Category {
    Books,
    Garden,
    Kitchen,
    Toys,
}

#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[expect(clippy::struct_field_names, reason = "a number goes with its unit")]
pub(in crate::shop) struct Dimensions {
    #[schemars(range(min = 1, max = 5000))]
    width_mm: u32,
    #[schemars(range(min = 1, max = 5000))]
    height_mm: u32,
    #[schemars(range(min = 1, max = 5000))]
    depth_mm: Option<u32>,
}

/// A product as the staff enters it. Unknown fields are refused: a typo must not be lost.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({"sku": "KIT-0100", "name": "Kettle", "category": "kitchen", "price": "24.90"}))]
pub(in crate::shop) struct ProductIn {
    #[schemars(regex(pattern = "^[A-Z]{3}-[0-9]{4}$"), example = &"KIT-0100")]
    pub(in crate::shop) sku: String,
    #[schemars(length(min = 1, max = 120), example = &"Kettle")]
    pub(in crate::shop) name: String,
    #[schemars(length(max = 500))]
    pub(in crate::shop) description: Option<String>,
    pub(in crate::shop) category: Category,
    #[schemars(example = &"24.90")]
    pub(in crate::shop) price: Money,
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub(in crate::shop) stock: u32,
    #[schemars(extend("multipleOf" = 10))]
    pub(in crate::shop) reorder_at: Option<u64>,
    #[serde(default)]
    #[schemars(length(max = 8))]
    pub(in crate::shop) tags: Vec<Tag>,
    pub(in crate::shop) dimensions: Option<Dimensions>,
    /// Free key-value pairs.
    #[serde(default)]
    pub(in crate::shop) attributes: BTreeMap<String, String>,
    pub(in crate::shop) available_from: Option<NaiveDate>,
}

/// The fields to change. One that is absent or null is left as it is.
#[derive(Deserialize, JsonSchema)]
pub(in crate::shop) struct ProductPatch {
    #[schemars(length(min = 1, max = 120))]
    pub(in crate::shop) name: Option<String>,
    pub(in crate::shop) price: Option<Money>,
    #[schemars(range(min = 0, max = 1_000_000))]
    pub(in crate::shop) stock: Option<u32>,
    #[schemars(length(max = 8))]
    pub(in crate::shop) tags: Option<Vec<Tag>>,
}

// A product as it is stored and shown.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProductOut")]
pub(in crate::shop) struct Product {
    pub(in crate::shop) id: Uuid,
    pub(in crate::shop) version: u64,
    pub(in crate::shop) sku: String,
    pub(in crate::shop) name: String,
    pub(in crate::shop) description: Option<String>,
    pub(in crate::shop) category: Category,
    pub(in crate::shop) price: Decimal,
    pub(in crate::shop) stock: u32,
    pub(in crate::shop) reorder_at: Option<u64>,
    pub(in crate::shop) tags: Vec<String>,
    pub(in crate::shop) dimensions: Option<Dimensions>,
    pub(in crate::shop) attributes: BTreeMap<String, String>,
    pub(in crate::shop) available_from: Option<NaiveDate>,
    pub(in crate::shop) created_at: DateTime<Utc>,
    pub(in crate::shop) updated_at: DateTime<Utc>,
}

impl Product {
    /// What the staff has entered, under an id, at a version and a time.
    pub(in crate::shop) fn new(id: Uuid, entered: ProductIn, now: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 1,
            sku: entered.sku,
            name: entered.name,
            description: entered.description,
            category: entered.category,
            price: entered.price.cents(),
            stock: entered.stock,
            reorder_at: entered.reorder_at,
            tags: texts(entered.tags),
            dimensions: entered.dimensions,
            attributes: entered.attributes,
            available_from: entered.available_from,
            created_at: now,
            updated_at: now,
        }
    }

    /// Entered anew.
    pub(in crate::shop) fn replace(&mut self, entered: ProductIn, now: DateTime<Utc>) {
        *self = Self {
            version: self.version + 1,
            created_at: self.created_at,
            ..Self::new(self.id, entered, now)
        };
    }

    /// Changed where something was given.
    pub(in crate::shop) fn change(&mut self, patch: ProductPatch, now: DateTime<Utc>) {
        let ProductPatch {
            name,
            price,
            stock,
            tags,
        } = patch;
        if name.is_none() && price.is_none() && stock.is_none() && tags.is_none() {
            return;
        }
        *self = Self {
            version: self.version + 1,
            name: name.unwrap_or_else(|| self.name.clone()),
            price: price.map_or(self.price, Money::cents),
            stock: stock.unwrap_or(self.stock),
            tags: tags.map_or_else(|| self.tags.clone(), texts),
            updated_at: now,
            ..self.clone()
        };
    }

    /// Whether it can be had on that day.
    pub(in crate::shop) fn is_ready(&self, on: NaiveDate) -> bool {
        self.available_from.is_none_or(|from| from <= on)
    }
}

fn texts(tags: Vec<Tag>) -> Vec<String> {
    tags.into_iter().map(|Tag(text)| text).collect()
}
