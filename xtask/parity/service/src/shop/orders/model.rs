//! What an order is: as a customer sends it, and as it is shown.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::payment::{Payment, PaymentOut};
use crate::shop::values::{Address, Email};

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::shop) enum OrderStatus {
    Placed,
    Shipped,
    Cancelled,
}

#[derive(Clone, Deserialize, JsonSchema, Serialize)]
pub(in crate::shop) struct Buyer {
    #[schemars(length(min = 1, max = 80))]
    pub(in crate::shop) name: String,
    pub(in crate::shop) email: Email,
    #[schemars(regex(pattern = r"^\+?[0-9 ]{6,20}$"))]
    pub(in crate::shop) phone: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
pub(in crate::shop) struct OrderLineIn {
    pub(in crate::shop) product_id: Uuid,
    #[schemars(range(min = 1, max = 100))]
    pub(in crate::shop) quantity: u32,
    #[schemars(length(max = 30))]
    pub(in crate::shop) engraving: Option<String>,
}

/// An order as a customer sends it. Unknown fields are ignored: old apps send more than we read.
#[derive(Deserialize, JsonSchema)]
pub(in crate::shop) struct OrderIn {
    pub(in crate::shop) buyer: Buyer,
    #[schemars(length(min = 1, max = 20))]
    pub(in crate::shop) lines: Vec<OrderLineIn>,
    pub(in crate::shop) payment: Payment,
    pub(in crate::shop) ship_to: Address,
    pub(in crate::shop) deliver_on: Option<NaiveDate>,
    pub(in crate::shop) requested_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(in crate::shop) gift: bool,
    #[schemars(length(max = 200))]
    pub(in crate::shop) note: Option<String>,
}

#[derive(Clone, JsonSchema, Serialize)]
#[schemars(rename = "OrderLineOut")]
pub(in crate::shop) struct OrderLine {
    pub(in crate::shop) product_id: Uuid,
    pub(in crate::shop) quantity: u32,
    pub(in crate::shop) unit_price: Decimal,
    pub(in crate::shop) line_total: Decimal,
    pub(in crate::shop) engraving: Option<String>,
}

// An order as it is stored and shown.
#[derive(Clone, JsonSchema, Serialize)]
#[schemars(rename = "OrderOut")]
pub(in crate::shop) struct Order {
    pub(in crate::shop) number: u64,
    pub(in crate::shop) status: OrderStatus,
    pub(in crate::shop) store_id: u32,
    pub(in crate::shop) buyer: Buyer,
    pub(in crate::shop) lines: Vec<OrderLine>,
    pub(in crate::shop) payment: PaymentOut,
    pub(in crate::shop) ship_to: Address,
    pub(in crate::shop) deliver_on: Option<NaiveDate>,
    pub(in crate::shop) requested_at: Option<DateTime<Utc>>,
    pub(in crate::shop) gift: bool,
    pub(in crate::shop) note: Option<String>,
    pub(in crate::shop) total: Decimal,
    pub(in crate::shop) placed_at: DateTime<Utc>,
    pub(in crate::shop) cancel_reason: Option<String>,
}

// What was sent to a buyer.
#[derive(Clone, JsonSchema, Serialize)]
pub(in crate::shop) struct Receipt {
    pub(in crate::shop) order: u64,
    pub(in crate::shop) to: String,
    pub(in crate::shop) text: String,
}

impl Order {
    /// What was ordered, at the prices of its lines.
    pub(in crate::shop) fn new(
        number: u64,
        store_id: u32,
        lines: Vec<OrderLine>,
        sent: OrderIn,
        placed_at: DateTime<Utc>,
    ) -> Self {
        Self {
            number,
            status: OrderStatus::Placed,
            store_id,
            buyer: sent.buyer,
            total: lines.iter().map(|line| line.line_total).sum(),
            lines,
            payment: sent.payment.into(),
            ship_to: sent.ship_to,
            deliver_on: sent.deliver_on,
            requested_at: sent.requested_at,
            gift: sent.gift,
            note: sent.note,
            placed_at,
            cancel_reason: None,
        }
    }

    /// For its buyer.
    pub(in crate::shop) fn receipt(&self) -> Receipt {
        Receipt {
            order: self.number,
            to: self.buyer.email.0.clone(),
            text: format!("Your order over {}", self.total),
        }
    }
}
