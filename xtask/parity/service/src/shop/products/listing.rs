//! What a listing of products can be asked for.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Category, Product};
use crate::shop::values::Tag;

// It serialises, for its default to stand in the document.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    #[default]
    Name,
    Price,
    Newest,
}

/// The query of `GET /products`, beside the page.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ProductFilter {
    #[schemars(length(min = 2, max = 40))]
    q: Option<String>,
    category: Option<Category>,
    #[serde(default)]
    #[schemars(length(max = 3))]
    tag: Vec<Tag>,
    in_stock: Option<bool>,
    #[schemars(extend("exclusiveMinimum" = 0))]
    max_price: Option<Decimal>,
    available_on: Option<NaiveDate>,
    #[serde(default)]
    sort: Sort,
}

impl ProductFilter {
    /// Those that are asked for, in the order that is asked for.
    pub(super) fn found(&self, products: Vec<Product>) -> Vec<Product> {
        let mut found: Vec<_> = products.into_iter().filter(|it| self.takes(it)).collect();
        match self.sort {
            Sort::Name => found.sort_by(|one, other| one.name.cmp(&other.name)),
            Sort::Price => found.sort_by_key(|it| it.price),
            Sort::Newest => found.sort_by_key(|it| std::cmp::Reverse(it.created_at)),
        }
        found
    }

    fn takes(&self, it: &Product) -> bool {
        let named = |q: &String| it.name.to_lowercase().contains(&q.to_lowercase());
        self.q.as_ref().is_none_or(named)
            && self.category.is_none_or(|category| it.category == category)
            && self.tag.iter().all(|Tag(wanted)| it.tags.contains(wanted))
            && self.in_stock.is_none_or(|wanted| (it.stock > 0) == wanted)
            && self.max_price.is_none_or(|most| it.price <= most)
            && self.available_on.is_none_or(|on| it.is_ready(on))
    }
}
