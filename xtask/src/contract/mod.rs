//! The contract that every generated service keeps, checked from outside and by number.

mod client;
mod launch;
