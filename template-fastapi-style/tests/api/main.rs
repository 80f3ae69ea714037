//! The service from outside: through its router, through a socket, and as a process.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod auth;
mod backing;
mod check;
mod client;
mod command;
mod config;
mod correlation;
mod document;
mod edge;
mod envelope;
mod headers;
mod health;
mod items;
mod secrets;
mod shutdown;
mod support;
