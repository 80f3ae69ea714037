//! `/products`: list, create, read, replace, change, delete; and `/categories`.

mod listing;
mod model;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::listing::ProductFilter;
use super::page::{Listing, Page};
use super::store::Shop;
use super::users::Staff;
use crate::api::{Api, Created, Headers, NoContent};
use crate::error::ApiError;

pub(super) use model::{Category, Product, ProductIn, ProductPatch};

const MISSING: StatusCode = StatusCode::NOT_FOUND;
const CONFLICT: StatusCode = StatusCode::CONFLICT;

pub(super) fn routes() -> Api {
    Api::new()
        .get("/products", list_products)
        .documented(|operation| operation.summary = Some("List products".into()))
        .post("/products", create_product)
        .fails(&[CONFLICT])
        .get("/products/{product_id}", get_product)
        .fails(&[MISSING])
        .put("/products/{product_id}", replace_product)
        .fails(&[MISSING, CONFLICT])
        .patch("/products/{product_id}", change_product)
        .fails(&[MISSING])
        .delete("/products/{product_id}", delete_product)
        .fails(&[MISSING])
        .get("/products/{product_id}/availability", get_availability)
        .fails(&[MISSING])
        .get("/categories/{category}", get_category)
        .tag("products")
}

#[derive(Deserialize, JsonSchema)]
struct Expected {
    #[schemars(range(min = 1))]
    x_expected_version: u64,
}

#[derive(Deserialize, JsonSchema)]
struct Wanted {
    on: NaiveDate,
    #[schemars(range(min = 1, max = 100))]
    quantity: u32,
}

#[derive(JsonSchema, Serialize)]
struct Availability {
    product_id: Uuid,
    on: NaiveDate,
    available: bool,
    left: u32,
}

#[derive(JsonSchema, Serialize)]
struct CategoryOut {
    category: Category,
    products: usize,
    cheapest: Option<Decimal>,
}

async fn list_products(
    State(shop): State<Shop>,
    Query(page): Query<Page>,
    Query(filter): Query<ProductFilter>,
) -> Json<Listing<Product>> {
    Json(page.of(filter.found(shop.products())))
}

async fn create_product(
    State(shop): State<Shop>,
    _: Staff,
    Json(entered): Json<ProductIn>,
) -> Result<Created<Product>, ApiError> {
    let product = shop.add_product(entered)?;
    Ok(Created {
        location: format!("/products/{}", product.id),
        value: product,
    })
}

async fn get_product(
    State(shop): State<Shop>,
    Path(product_id): Path<Uuid>,
) -> Result<Json<Product>, ApiError> {
    shop.product(product_id).map(Json)
}

async fn replace_product(
    State(shop): State<Shop>,
    _: Staff,
    Path(product_id): Path<Uuid>,
    Headers(expected): Headers<Expected>,
    Json(entered): Json<ProductIn>,
) -> Result<Json<Product>, ApiError> {
    let version = expected.x_expected_version;
    shop.replace_product(product_id, version, entered).map(Json)
}

async fn change_product(
    State(shop): State<Shop>,
    _: Staff,
    Path(product_id): Path<Uuid>,
    Json(patch): Json<ProductPatch>,
) -> Result<Json<Product>, ApiError> {
    shop.change_product(product_id, patch).map(Json)
}

async fn delete_product(
    State(shop): State<Shop>,
    _: Staff,
    Path(product_id): Path<Uuid>,
) -> Result<NoContent, ApiError> {
    shop.delete_product(product_id)?;
    Ok(NoContent)
}

async fn get_availability(
    State(shop): State<Shop>,
    Path(product_id): Path<Uuid>,
    Query(Wanted { on, quantity }): Query<Wanted>,
) -> Result<Json<Availability>, ApiError> {
    let product = shop.product(product_id)?;
    Ok(Json(Availability {
        product_id,
        on,
        available: product.is_ready(on) && product.stock >= quantity,
        left: product.stock,
    }))
}

async fn get_category(
    State(shop): State<Shop>,
    Path(category): Path<Category>,
) -> Json<CategoryOut> {
    let products = shop.products();
    let prices = products.iter().filter(|it| it.category == category);
    let prices: Vec<Decimal> = prices.map(|it| it.price).collect();
    Json(CategoryOut {
        category,
        products: prices.len(),
        cheapest: prices.into_iter().min(),
    })
}
