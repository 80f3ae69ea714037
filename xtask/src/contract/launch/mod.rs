//! How a service under test is started: as a process here, or as a container under a compose profile.
//!
//! Launchers know how to start, stop and listen to a service. They judge nothing, and whatever they started is gone
//! when its [`Instance`] is dropped.

mod announcement;
mod compose;
mod docker;
mod lines;
mod postgres;
mod proc;
mod process;
mod setup;
mod workdir;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;

use crate::process::finish::Finished;
use serde_json::Value;

pub use compose::Compose;
pub use postgres::{NOWHERE, Postgres, Power};
pub use proc::status_field;
pub use process::Process;
pub use setup::{Edit, Setup};

/// A signal that asks a service to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `SIGTERM`: what an orchestrator sends.
    Term,
    /// `SIGINT`: what Ctrl-C sends.
    Int,
}

/// A way to start one service.
pub trait Launcher {
    /// Starts it, and returns once it said that it listens.
    fn launch(&self, setup: &Setup) -> Result<Box<dyn Instance>>;

    /// Runs it with arguments until it ends, or for a while; with none it serves, so it is meant to refuse.
    fn run(&self, args: &[&str], setup: &Setup) -> Result<Finished>;

    /// The URL of a database that is new and empty, for a service with a database that runs outside a container.
    fn database(&self) -> Result<Option<String>>;

    /// Whether it runs in a container, where a check has no files and no ports of the host.
    fn in_container(&self) -> bool;
}

/// A service that runs. It is gone when this is dropped.
pub trait Instance {
    /// Where it serves its callers, as seen from here.
    fn public(&self) -> SocketAddr;

    /// Where it serves its operators, as seen from here.
    fn management(&self) -> SocketAddr;

    /// What it wrote so far, standard output and standard error together.
    fn log_lines(&self) -> Vec<String>;

    /// Sends a signal to its first process.
    fn signal(&self, signal: Signal) -> Result<()>;

    /// Its exit code, or nothing when it still runs after `timeout`. A process that a signal ended counts as 128 + signal.
    fn wait(&self, timeout: Duration) -> Result<Option<i32>>;

    /// Runs the same binary beside it, under the same configuration.
    fn run(&self, args: &[&str]) -> Result<Finished>;

    /// Does something to the database behind it, which has to be its own: see [`Setup::alone`].
    fn database(&self, power: Power) -> Result<()>;

    /// What the engine thinks of its health, where an engine runs it and the image has a health check.
    fn health(&self) -> Result<Option<String>>;

    /// Bytes of memory that it has resident, where this can be seen.
    fn memory(&self) -> Result<Option<u64>>;

    /// How many files and sockets it has open, where this machine lets us look.
    fn open_files(&self) -> Option<usize>;

    /// What the engine says of its container, where one runs it.
    fn container(&self) -> Result<Option<Value>>;
}
