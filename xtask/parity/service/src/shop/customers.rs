//! `POST /customers`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::Shop;
use super::values::{Address, Email};
use crate::api::{Api, Status};
use crate::error::ApiError;

pub(super) fn routes() -> Api {
    Api::new()
        .post("/customers", register_customer)
        .fails(&[StatusCode::CONFLICT])
        .tag("customers")
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct CustomerIn {
    #[schemars(example = &"ada@example.org")]
    pub(super) email: Email,
    #[schemars(length(min = 8, max = 64))]
    #[expect(
        dead_code,
        reason = "a shop that signs customers in would keep its hash"
    )]
    password: String,
    #[schemars(length(min = 1, max = 80))]
    full_name: String,
    birthday: Option<NaiveDate>,
    #[serde(default)]
    newsletter: bool,
    #[serde(default)]
    #[schemars(range(min = 0, max = 50), extend("multipleOf" = 5))]
    discount_percent: u8,
    #[serde(default)]
    #[schemars(length(max = 3))]
    addresses: Vec<Address>,
}

/// The customer as others may see it: what is no field here cannot get out.
#[derive(Clone, JsonSchema, Serialize)]
#[schemars(rename = "CustomerOut")]
pub(super) struct Customer {
    id: Uuid,
    pub(super) email: String,
    full_name: String,
    birthday: Option<NaiveDate>,
    newsletter: bool,
    discount_percent: u8,
    addresses: Vec<Address>,
    registered_at: DateTime<Utc>,
}

impl Customer {
    pub(super) fn new(id: Uuid, entered: CustomerIn, now: DateTime<Utc>) -> Self {
        Self {
            id,
            email: entered.email.0,
            full_name: entered.full_name,
            birthday: entered.birthday,
            newsletter: entered.newsletter,
            discount_percent: entered.discount_percent,
            addresses: entered.addresses,
            registered_at: now,
        }
    }
}

async fn register_customer(
    State(shop): State<Shop>,
    Json(entered): Json<CustomerIn>,
) -> Result<Status<201, Json<Customer>>, ApiError> {
    let customer = shop.add_customer(entered)?;
    Ok(Status(Json(customer)))
}
