//! `POST /shipping/quotes`.

use std::collections::BTreeMap;

use axum::Json;
use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::values::{Country, Money};
use crate::api::Api;

pub(super) fn routes() -> Api {
    Api::new()
        .post("/shipping/quotes", quote_shipping)
        .tag("shipping")
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "shape", rename_all = "lowercase")]
#[schemars(inline)]
enum Parcel {
    Box(Cuboid),
    Tube(Tube),
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Box")]
#[expect(dead_code, reason = "sizes are checked, and cost nothing")]
struct Cuboid {
    #[schemars(range(max = 1000), extend("exclusiveMinimum" = 0, "multipleOf" = 0.5))]
    weight_kg: f64,
    #[schemars(range(min = 1))]
    width_mm: u64,
    #[schemars(range(min = 1))]
    height_mm: u64,
    #[schemars(range(min = 1))]
    depth_mm: u64,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "sizes are checked, and cost nothing")]
struct Tube {
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 100))]
    weight_kg: f64,
    #[schemars(range(min = 1))]
    length_mm: u64,
    #[schemars(range(min = 1))]
    diameter_mm: u64,
}

// Inline, for its values to be told as a literal's and not as an enum's.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Service {
    #[default]
    Standard,
    Express,
}

#[derive(Deserialize, JsonSchema)]
struct QuoteIn {
    #[schemars(length(min = 1, max = 10))]
    parcels: Vec<Parcel>,
    destination: Country,
    #[serde(default)]
    service: Service,
    pickup_at: DateTime<FixedOffset>,
    #[serde(default)]
    insured: BTreeMap<String, Money>,
    reference: Option<Uuid>,
}

#[derive(JsonSchema, Serialize)]
struct QuoteOut {
    reference: Option<Uuid>,
    destination: Country,
    service: Service,
    pickup_at: DateTime<FixedOffset>,
    parcels: usize,
    weight_kg: f64,
    insured: Decimal,
    price: Decimal,
}

async fn quote_shipping(Json(asked): Json<QuoteIn>) -> Json<QuoteOut> {
    let weights = asked.parcels.iter().map(|parcel| match parcel {
        Parcel::Box(it) => it.weight_kg,
        Parcel::Tube(it) => it.weight_kg,
    });
    let insured: Decimal = asked.insured.values().map(|it| it.cents()).sum();
    let mut insured_cents = insured;
    insured_cents.rescale(2);
    let base = match asked.service {
        Service::Standard => Decimal::new(490, 2),
        Service::Express => Decimal::new(990, 2),
    };
    Json(QuoteOut {
        reference: asked.reference,
        destination: asked.destination,
        service: asked.service,
        pickup_at: asked.pickup_at,
        parcels: asked.parcels.len(),
        weight_kg: weights.fold(0.0, |sum, weight| sum + weight),
        insured: insured_cents,
        price: base * Decimal::from(asked.parcels.len()),
    })
}
