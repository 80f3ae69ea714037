//! The example resource. The README's "Delete the example" removes this folder, its test and two lines elsewhere.

mod model;
mod routes;
mod store;

pub use routes::routes;
pub(crate) use store::Store;
