//! Orders, and the stock that they take.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Memory, Shop, conflict, now};
use crate::error::ApiError;
use crate::shop::orders::{Order, OrderIn, OrderLine, OrderLineIn, OrderStatus, Receipt};

const FIRST_NUMBER: u64 = 1001;

impl Shop {
    pub(in crate::shop) fn orders(&self) -> Vec<Order> {
        self.memory().orders.clone()
    }

    pub(in crate::shop) fn order(&self, number: u64) -> Result<Order, ApiError> {
        self.memory().order(number).cloned()
    }

    /// Takes the stock of all lines, or of none.
    pub(in crate::shop) fn place_order(
        &self,
        store_id: u32,
        mut sent: OrderIn,
    ) -> Result<Order, ApiError> {
        let mut memory = self.memory();
        let mut taken = BTreeMap::new();
        let mut lines = Vec::new();
        for line in std::mem::take(&mut sent.lines) {
            lines.push(memory.priced(line, &mut taken)?);
        }
        for (id, quantity) in taken {
            memory.product(id)?.stock -= quantity;
        }
        Ok(memory.add_order(store_id, lines, sent))
    }

    pub(in crate::shop) fn cancel_order(
        &self,
        number: u64,
        reason: Option<String>,
    ) -> Result<Order, ApiError> {
        let mut memory = self.memory();
        let order = memory.order(number)?;
        let refused = match order.status {
            OrderStatus::Placed => None,
            OrderStatus::Shipped => Some("Order is shipped"),
            OrderStatus::Cancelled => Some("Order is cancelled"),
        };
        if let Some(detail) = refused {
            return Err(ApiError::http(StatusCode::CONFLICT, detail));
        }
        order.status = OrderStatus::Cancelled;
        order.cancel_reason = reason;
        Ok(order.clone())
    }

    pub(in crate::shop) fn send(&self, receipt: Receipt) {
        self.memory().outbox.push(receipt);
    }

    pub(in crate::shop) fn outbox(&self) -> Vec<Receipt> {
        self.memory().outbox.clone()
    }
}

impl Memory {
    fn order(&mut self, number: u64) -> Result<&mut Order, ApiError> {
        let order = self.orders.iter_mut().find(|it| it.number == number);
        order.ok_or_else(|| ApiError::http(StatusCode::NOT_FOUND, "Order not found"))
    }

    /// A line at today's price, if there is enough beside what earlier lines have taken.
    fn priced(
        &mut self,
        line: OrderLineIn,
        taken: &mut BTreeMap<Uuid, u32>,
    ) -> Result<OrderLine, ApiError> {
        let product = self.product(line.product_id)?;
        let taken = taken.entry(product.id).or_default();
        *taken += line.quantity;
        if product.stock < *taken {
            let message = format!("{} left of {}", product.stock, product.sku);
            return Err(conflict("out_of_stock", message));
        }
        Ok(OrderLine {
            product_id: line.product_id,
            quantity: line.quantity,
            unit_price: product.price,
            line_total: product.price * Decimal::from(line.quantity),
            engraving: line.engraving,
        })
    }

    pub(super) fn add_order(
        &mut self,
        store_id: u32,
        lines: Vec<OrderLine>,
        sent: OrderIn,
    ) -> Order {
        let last = self.orders.last();
        let number = last.map_or(FIRST_NUMBER, |last| last.number + 1);
        let order = Order::new(number, store_id, lines, sent, now());
        self.orders.push(order.clone());
        order
    }
}
