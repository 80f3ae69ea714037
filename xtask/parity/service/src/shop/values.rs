//! Values that several models are made of, each with its rules.
//!
//! What stands behind three slashes is told in the document; behind two, it is for us.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

// More than nothing, of at most eight digits, two of them after the point.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[schemars(inline)]
#[schemars(extend("exclusiveMinimum" = 0, "x-max-digits" = 8, "x-decimal-places" = 2))]
pub(super) struct Money(Decimal);

impl Money {
    /// With two places, whatever way it was written.
    pub(super) fn cents(self) -> Decimal {
        let mut amount = self.0;
        amount.rescale(2);
        amount
    }
}

// An address of mail.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[schemars(inline)]
pub(super) struct Email(
    #[schemars(length(max = 254), regex(pattern = r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$"))]
    pub(super)  String,
);

// A word to find products by.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[schemars(inline)]
pub(super) struct Tag(#[schemars(length(min = 1, max = 20))] pub(super) String);

// Where we deliver to.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Country {
    #[default]
    De,
    Fr,
    Nl,
}

#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub(super) struct Address {
    #[schemars(length(min = 1, max = 100))]
    pub(super) street: String,
    #[schemars(length(min = 1, max = 60))]
    pub(super) city: String,
    #[schemars(regex(pattern = "^[0-9]{4,6}$"))]
    pub(super) postcode: String,
    #[serde(default)]
    pub(super) country: Country,
}

/// The `detail` of a 409 that programs tell apart.
#[derive(Serialize)]
pub(super) struct Conflict {
    pub(super) code: &'static str,
    pub(super) message: String,
}
