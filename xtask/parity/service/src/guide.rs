//! The right-hand sides of docs/from-fastapi.md: they compile, and the document that they make is looked at.
#![expect(
    dead_code,
    unreachable_pub,
    clippy::unused_async,
    reason = "read, and not run"
)]

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::AppState;
use crate::api::{Api, Asked, Created, Described, Headers, Input, NoContent};
use crate::auth::CurrentUser;
use crate::error::ApiError;
use crate::pagination::Page;
use crate::platform::context;

// --- routes
async fn root() -> Json<&'static str> {
    Json("hello")
}

pub fn routes() -> Api {
    Api::new().get("/hello", root)
}

// --- path
async fn read_item(Path(item_id): Path<u32>) -> Json<u32> {
    Json(item_id)
}

// --- path-struct
#[derive(Deserialize, JsonSchema)]
struct Line {
    order_id: Uuid,
    #[schemars(range(min = 1))]
    number: u32,
}

async fn read_line(Path(line): Path<Line>) -> Json<u32> {
    Json(line.number)
}

// --- query
#[derive(Deserialize, JsonSchema)]
struct Search {
    #[schemars(length(min = 2, max = 40))]
    q: Option<String>,
    #[serde(default)]
    tag: Vec<String>,
    #[serde(default)]
    sort: Sort,
    since: Option<NaiveDate>,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Sort {
    #[default]
    Name,
    Price,
}

async fn search(Query(search): Query<Search>) -> Json<Vec<String>> {
    Json(search.tag)
}

// --- body
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    #[schemars(length(min = 1, max = 80))]
    customer: String,
    #[schemars(length(min = 1, max = 20))]
    lines: Vec<NewLine>,
    #[serde(default)]
    gift: bool,
    note: Option<String>,
    deliver_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize, JsonSchema)]
struct NewLine {
    #[schemars(regex(pattern = r"^[A-Z]{3}-[0-9]{4}$"))]
    sku: String,
    #[schemars(range(min = 1, max = 100))]
    quantity: u32,
}

async fn create_order(Json(order): Json<NewOrder>) -> Json<usize> {
    Json(order.lines.len())
}

// --- union
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Payment {
    Card {
        #[schemars(length(min = 12, max = 19))]
        number: String,
    },
    Transfer {
        iban: String,
    },
}

// --- rule
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Even(String);

impl TryFrom<String> for Even {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.chars().count().is_multiple_of(2) {
            Ok(Self(text))
        } else {
            Err("an even number of letters is wanted")
        }
    }
}

// --- response
#[derive(JsonSchema, Serialize)]
struct Order {
    id: Uuid,
    placed_at: DateTime<Utc>,
}

async fn place_order(Json(order): Json<NewOrder>) -> Result<Created<Order>, ApiError> {
    let order = Order {
        id: Uuid::now_v7(),
        placed_at: order.deliver_at.unwrap_or_else(Utc::now),
    };
    Ok(Created {
        location: format!("/orders/{}", order.id),
        value: order,
    })
}

async fn delete_order(Path(_id): Path<Uuid>) -> NoContent {
    NoContent
}

// --- errors
#[derive(Serialize)]
struct OutOfStock {
    code: &'static str,
    left: u32,
}

async fn reserve(Path(id): Path<u32>) -> Result<NoContent, ApiError> {
    match id {
        0 => Err(ApiError::NotFound("article")),
        1 => Err(ApiError::http(StatusCode::CONFLICT, "Already reserved")),
        left => Err(ApiError::http(
            StatusCode::CONFLICT,
            OutOfStock {
                code: "out_of_stock",
                left,
            },
        )),
    }
}

fn reservations() -> Api {
    Api::new()
        .post("/reservations/{id}", reserve)
        .about("Takes one article off the shelf.")
        .fails(&[StatusCode::NOT_FOUND, StatusCode::CONFLICT])
        .tag("reservations")
}

// --- headers
#[derive(Deserialize, JsonSchema)]
struct Version {
    #[schemars(range(min = 1))]
    x_expected_version: u32,
}

async fn replace(Headers(version): Headers<Version>) -> Json<u32> {
    Json(version.x_expected_version)
}

// --- depends
struct Tenant(String);

impl Input for Tenant {
    fn describe(described: &mut Described<'_>) {
        described.fails(StatusCode::BAD_REQUEST);
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        let host = asked.parts.headers.get("host");
        let tenant = host.and_then(|host| host.to_str().ok()?.split_once('.'));
        match tenant {
            Some((tenant, _)) => Ok(Some(Self(tenant.to_owned()))),
            None => Err(ApiError::http(StatusCode::BAD_REQUEST, "Unknown tenant")),
        }
    }
}

async fn list_orders(tenant: Tenant, Query(page): Query<Page>) -> Json<(String, usize)> {
    Json((tenant.0, page.limit()))
}

// --- user
async fn purge(user: CurrentUser) -> Result<NoContent, ApiError> {
    user.needs("orders:purge")?;
    Ok(NoContent)
}

// --- background
async fn notify(Json(address): Json<String>) -> Json<&'static str> {
    context::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1)).await;
        tracing::info!(address, "mail sent");
    });
    Json("soon")
}

// --- state
async fn environment(State(state): State<AppState>) -> Json<String> {
    Json(state.config.environment.name().to_owned())
}
