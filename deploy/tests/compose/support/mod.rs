//! What the tests stand on.

pub mod again;
pub mod docker;
pub mod load;
pub mod place;
pub mod shop;

pub use again::Again;
pub use load::Load;
pub use place::Place;
pub use shop::{Behaviour, shop};
