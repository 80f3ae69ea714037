//! The compose back end on a real engine, with a service of a hundred lines that does as it is told.
//!
//! It needs an engine and a registry (`DEPLOY_TEST_REGISTRY`, by default localhost:5000). Without one, a test says so and
//! passes, or fails where `DEPLOY_TESTS_REQUIRE` contains `docker`.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in what helps it"
)]

mod beside;
mod files;
mod leftovers;
mod lock;
mod support;
mod swap;
mod unreachable;
