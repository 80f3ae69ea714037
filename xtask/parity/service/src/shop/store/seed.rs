//! The shop on its first day: four products and two orders.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Memory, Shop, now};
use crate::shop::orders::{Buyer, OrderIn, OrderLine, OrderStatus, Payment, Transfer};
use crate::shop::products::{Category, Product};
use crate::shop::values::{Address, Country, Email};

/// SKU, name, category, cents, stock and tags.
type Row = (
    &'static str,
    &'static str,
    Category,
    i64,
    u32,
    &'static [&'static str],
);

#[rustfmt::skip]
const PRODUCTS: [Row; 4] = [
    ("BOO-0001", "Atlas of Rivers", Category::Books, 39_90, 12, &["maps", "gift"]),
    ("GAR-0002", "Garden Hose", Category::Garden, 24_50, 0, &["water"]),
    ("KIT-0003", "Bread Knife", Category::Kitchen, 18_00, 250, &["steel", "gift"]),
    ("KIT-0004", "Café Press", Category::Kitchen, 45_00, 7, &[]),
];

impl Default for Shop {
    fn default() -> Self {
        let mut memory = Memory::default();
        for (sku, name, category, cents, stock, tags) in PRODUCTS {
            let product = Product {
                id: memory.next_id(),
                version: 1,
                sku: sku.into(),
                name: name.into(),
                description: None,
                category,
                price: Decimal::new(cents, 2),
                stock,
                reorder_at: None,
                tags: tags.iter().map(|&tag| tag.into()).collect(),
                dimensions: None,
                attributes: BTreeMap::new(),
                available_from: None,
                created_at: now(),
                updated_at: now(),
            };
            memory.products.push(product);
        }
        for status in [OrderStatus::Placed, OrderStatus::Shipped] {
            let knives = memory.products.get(2).map(two_of);
            memory.add_order(1, knives.into_iter().collect(), order());
            if let Some(order) = memory.orders.last_mut() {
                order.status = status;
            }
        }
        Self(Arc::new(Mutex::new(memory)))
    }
}

fn two_of(product: &Product) -> OrderLine {
    OrderLine {
        product_id: product.id,
        quantity: 2,
        unit_price: product.price,
        line_total: product.price * Decimal::TWO,
        engraving: None,
    }
}

fn order() -> OrderIn {
    OrderIn {
        buyer: Buyer {
            name: "Ada".into(),
            email: Email("ada@example.org".into()),
            phone: None,
        },
        lines: Vec::new(),
        payment: Payment::Transfer(Transfer {
            iban: "DE02120300000000202051".into(),
        }),
        ship_to: Address {
            street: "Main St 1".into(),
            city: "Berlin".into(),
            postcode: "10115".into(),
            country: Country::De,
        },
        deliver_on: NaiveDate::from_ymd_opt(2026, 1, 20),
        requested_at: None,
        gift: false,
        note: None,
    }
}
