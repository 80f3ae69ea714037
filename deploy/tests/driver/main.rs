//! The driver as a program, on a real registry, with a back end whose state is a folder; where a fault is injected, with
//! containers on an engine as well.
//!
//! With `--features failpoints`, the driver is also killed before each of its steps. `DEPLOY_TESTS_REQUIRE=registry,failpoints`
//! makes it a failure that something is missing for a test: `registry`, `failpoints`, `docker`, `faketime`, `tls`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, also in what helps it"
)]

mod faults;
mod login;
mod stories;
mod support;
mod tls;
