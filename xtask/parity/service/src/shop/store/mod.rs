//! The shop's memory, where a database would be.
//!
//! Ids are counted and the clock stands still, so that the same requests give the same answers as the twin's.

mod orders;
mod seed;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::FromRef;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::customers::{Customer, CustomerIn};
use super::orders::{Order, Receipt};
use super::products::{Product, ProductIn, ProductPatch};
use super::values::Conflict;
use crate::AppState;
use crate::error::ApiError;

/// All that the shop knows. Cloning is cheap.
#[derive(Clone)]
pub struct Shop(Arc<Mutex<Memory>>);

/// In order of creation, which listings rely on.
#[derive(Default)]
struct Memory {
    ids: u128,
    products: Vec<Product>,
    customers: Vec<Customer>,
    orders: Vec<Order>,
    outbox: Vec<Receipt>,
}

impl FromRef<AppState> for Shop {
    fn from_ref(state: &AppState) -> Self {
        state.dependencies.shop.clone()
    }
}

impl Shop {
    pub(super) fn products(&self) -> Vec<Product> {
        self.memory().products.clone()
    }

    pub(super) fn product(&self, id: Uuid) -> Result<Product, ApiError> {
        self.memory().product(id).cloned()
    }

    pub(super) fn add_product(&self, entered: ProductIn) -> Result<Product, ApiError> {
        let mut memory = self.memory();
        memory.sku_is_free(&entered.sku, None)?;
        let product = Product::new(memory.next_id(), entered, now());
        memory.products.push(product.clone());
        Ok(product)
    }

    pub(super) fn replace_product(
        &self,
        id: Uuid,
        version: u64,
        entered: ProductIn,
    ) -> Result<Product, ApiError> {
        let mut memory = self.memory();
        let current = memory.product(id)?.version;
        if current != version {
            let message = format!("The product is at version {current}");
            return Err(conflict("stale", message));
        }
        memory.sku_is_free(&entered.sku, Some(id))?;
        let product = memory.product(id)?;
        product.replace(entered, now());
        Ok(product.clone())
    }

    pub(super) fn change_product(
        &self,
        id: Uuid,
        patch: ProductPatch,
    ) -> Result<Product, ApiError> {
        let mut memory = self.memory();
        let product = memory.product(id)?;
        product.change(patch, now());
        Ok(product.clone())
    }

    pub(super) fn delete_product(&self, id: Uuid) -> Result<(), ApiError> {
        let mut memory = self.memory();
        memory.product(id)?;
        memory.products.retain(|it| it.id != id);
        Ok(())
    }

    pub(super) fn add_customer(&self, entered: CustomerIn) -> Result<Customer, ApiError> {
        let mut memory = self.memory();
        if memory
            .customers
            .iter()
            .any(|it| it.email == entered.email.0)
        {
            return Err(ApiError::http(
                StatusCode::CONFLICT,
                "Email already registered",
            ));
        }
        let customer = Customer::new(memory.next_id(), entered, now());
        memory.customers.push(customer.clone());
        Ok(customer)
    }

    // A handler that panicked cannot have left a list half changed.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn next_id(&mut self) -> Uuid {
        // A version 4 UUID of zeros; the counter fills its last digits.
        const BASE: u128 = 0x4000_8000_0000_0000_0000;
        self.ids += 1;
        Uuid::from_u128(BASE + self.ids)
    }

    fn product(&mut self, id: Uuid) -> Result<&mut Product, ApiError> {
        let product = self.products.iter_mut().find(|it| it.id == id);
        product.ok_or_else(|| ApiError::http(StatusCode::NOT_FOUND, "Product not found"))
    }

    /// Nobody has it, or `but` has.
    fn sku_is_free(&self, sku: &str, but: Option<Uuid>) -> Result<(), ApiError> {
        let mut others = self.products.iter().filter(|it| Some(it.id) != but);
        if others.any(|it| it.sku == sku) {
            return Err(conflict("sku_taken", format!("SKU {sku} is in use")));
        }
        Ok(())
    }
}

fn conflict(code: &'static str, message: String) -> ApiError {
    ApiError::http(StatusCode::CONFLICT, Conflict { code, message })
}

/// 15 January 2026, 09:30.
const fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(1_768_469_400_000_000_000)
}
