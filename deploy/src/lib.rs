//! The release driver: publish, promote by digest, roll back. Its state lives in the registry, next to the bytes.
#![expect(
    clippy::must_use_candidate,
    reason = "the program's own library: nobody else calls it, and what nobody uses is found by other lints"
)]

pub mod backend;
pub mod driver;
pub mod error;
mod failpoint;
pub mod ledger;
pub mod names;
pub mod outcome;
pub mod registry;
pub mod report;
