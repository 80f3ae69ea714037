//! `/orders`: list, place, read, cancel; and `/outbox`.

mod model;
mod payment;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::page::{Listing, Page};
use super::store::Shop;
use super::users::User;
use crate::api::{Api, Created, Headers};
use crate::error::ApiError;

pub(super) use model::{Buyer, Order, OrderIn, OrderLine, OrderLineIn, OrderStatus, Receipt};
pub(super) use payment::{Payment, Transfer};

const MISSING: StatusCode = StatusCode::NOT_FOUND;
const CONFLICT: StatusCode = StatusCode::CONFLICT;

pub(super) fn routes() -> Api {
    Api::new()
        .get("/orders", list_orders)
        .post("/orders", place_order)
        .fails(&[MISSING, CONFLICT])
        .get("/orders/{number}", get_order)
        .fails(&[MISSING])
        .post("/orders/{number}/cancellation", cancel_order)
        .fails(&[MISSING, CONFLICT])
        .get("/outbox", list_receipts)
        .documented(|operation| operation.summary = Some("Receipts that were sent".into()))
        .tag("orders")
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct OrderPath {
    #[schemars(range(min = 1))]
    pub(super) number: u64,
}

#[derive(Deserialize, JsonSchema)]
struct OrderFilter {
    #[serde(default)]
    status: Vec<OrderStatus>,
    deliver_from: Option<NaiveDate>,
    deliver_to: Option<NaiveDate>,
}

#[derive(Deserialize, JsonSchema)]
struct Store {
    #[schemars(range(min = 1, max = 999))]
    x_store_id: u32,
}

#[derive(Deserialize, JsonSchema)]
struct CancellationIn {
    #[schemars(length(min = 3, max = 100))]
    reason: String,
}

impl OrderFilter {
    fn takes(&self, it: &Order) -> bool {
        let from = |from| it.deliver_on.is_some_and(|on| on >= from);
        let to = |to| it.deliver_on.is_some_and(|on| on <= to);
        (self.status.is_empty() || self.status.contains(&it.status))
            && self.deliver_from.is_none_or(from)
            && self.deliver_to.is_none_or(to)
    }
}

async fn list_orders(
    State(shop): State<Shop>,
    _: User,
    Query(page): Query<Page>,
    Query(filter): Query<OrderFilter>,
) -> Json<Listing<Order>> {
    let mut found = shop.orders();
    found.retain(|it| filter.takes(it));
    Json(page.of(found))
}

async fn place_order(
    State(shop): State<Shop>,
    Headers(store): Headers<Store>,
    Json(sent): Json<OrderIn>,
) -> Result<Created<Order>, ApiError> {
    let order = shop.place_order(store.x_store_id, sent)?;
    let receipt = order.receipt();
    // Once the answer is on its way. A process that ends takes such a task with it.
    tokio::spawn(async move { shop.send(receipt) });
    Ok(Created {
        location: format!("/orders/{}", order.number),
        value: order,
    })
}

async fn get_order(
    State(shop): State<Shop>,
    Path(OrderPath { number }): Path<OrderPath>,
) -> Result<Json<Order>, ApiError> {
    shop.order(number).map(Json)
}

/// The body may be left out.
async fn cancel_order(
    State(shop): State<Shop>,
    Path(OrderPath { number }): Path<OrderPath>,
    Json(body): Json<Option<CancellationIn>>,
) -> Result<Json<Order>, ApiError> {
    shop.cancel_order(number, body.map(|body| body.reason))
        .map(Json)
}

async fn list_receipts(State(shop): State<Shop>) -> Json<Vec<Receipt>> {
    Json(shop.outbox())
}
