//! How an order is paid: one of several models, told apart by `kind`.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::shop::values::Money;

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[schemars(inline)]
pub(in crate::shop) enum Payment {
    Card(Card),
    Transfer(Transfer),
    Voucher(Voucher),
}

// A payment as it is shown.
#[derive(Clone, JsonSchema, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[schemars(inline)]
pub(in crate::shop) enum PaymentOut {
    Card(CardOut),
    Transfer(Transfer),
    Voucher(Voucher),
}

#[derive(Deserialize, JsonSchema)]
pub(in crate::shop) struct Card {
    #[schemars(regex(pattern = "^[0-9]{12,19}$"))]
    number: String,
    #[schemars(length(min = 2, max = 80))]
    holder: String,
    #[expect(dead_code, reason = "a shop that is paid would send it on")]
    expires: NaiveDate,
}

#[derive(Clone, JsonSchema, Serialize)]
pub(in crate::shop) struct CardOut {
    holder: String,
    last_digits: String,
}

#[derive(Clone, Deserialize, JsonSchema, Serialize)]
pub(in crate::shop) struct Transfer {
    #[schemars(length(min = 15, max = 34))]
    pub(in crate::shop) iban: String,
}

#[derive(Clone, Deserialize, JsonSchema, Serialize)]
pub(in crate::shop) struct Voucher {
    code: Uuid,
    amount: Money,
}

/// A card's number never comes back.
impl From<Payment> for PaymentOut {
    fn from(payment: Payment) -> Self {
        match payment {
            Payment::Card(card) => Self::Card(CardOut {
                holder: card.holder,
                last_digits: card.number.chars().skip(card.number.len() - 4).collect(),
            }),
            Payment::Transfer(transfer) => Self::Transfer(transfer),
            Payment::Voucher(voucher) => Self::Voucher(voucher),
        }
    }
}
