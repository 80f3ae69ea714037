//! The service on a real PostgreSQL: what it does when the server stops, hangs, fills up, or was there before it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod items;
mod migrations;
mod outage;
mod proxy;
#[path = "../server/mod.rs"]
mod server;
mod support;
mod url;
