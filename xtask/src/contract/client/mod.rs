//! A small HTTP/1.1 client that can send wrong things: requests are written by hand, answers are read by `httparse`.
//!
//! It never waits without a deadline, never follows, retries or corrects anything, and knows nothing of the service.

mod connection;
mod request;
mod response;

pub use connection::{Connection, PATIENCE};
pub use request::Request;
pub use response::Response;
