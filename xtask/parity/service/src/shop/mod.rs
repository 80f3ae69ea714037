//! A small shop, the twin of one in FastAPI: products, customers, orders and shipping, one file each.

mod customers;
mod events;
mod images;
mod orders;
mod page;
mod products;
mod shipping;
mod store;
mod users;
mod values;

use aide::openapi::Info;

use crate::api::Api;

pub use store::Shop;

/// All routes of the shop.
pub fn routes() -> Api {
    products::routes()
        .merge(images::routes())
        .merge(customers::routes())
        .merge(orders::routes())
        .merge(events::routes())
        .merge(shipping::routes())
}

/// What its document says about it.
pub fn info() -> Info {
    Info {
        title: "Shop".into(),
        description: Some("A small shop, written twice.".into()),
        version: "1.0.0".into(),
        ..Info::default()
    }
}
