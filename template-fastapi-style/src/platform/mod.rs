//! What surrounds every handler, whatever the service does.

mod access;
mod aside;
pub mod client;
mod clock;
pub mod context;
mod cors;
pub mod edge;
pub mod health;
pub mod healthcheck;
pub mod in_flight;
mod line;
pub mod logging;
pub mod management;
mod pieces;
pub mod routes;
pub mod server;
pub mod serving;
pub mod sink;
pub mod transport;
mod wire;
