//! What deploys: one interface, one file an implementation, chosen in one place.
//!
//! Nothing above this module knows what runs a service; nothing below it knows of records, tags or promotion.

mod choose;
mod clock;
mod command;
pub mod compose;
mod held;
mod holder;
pub mod interrupt;
pub mod kubernetes;
mod program;

use std::time::Duration;

pub use choose::{DEFAULT, open};

use crate::names::{Commit, Digest, Environment, Pinned};

/// Runs one service in its environments.
///
/// Each method names the environment; an implementation keeps no state between calls, since the next command may run on
/// another machine.
pub trait Backend {
    /// Waits for the environment's lock for at most `wait`, and holds it until what is returned is dropped.
    ///
    /// The lock lives where the environment lives, names its owner, and expires by that place's own clock: one whose owner
    /// died does not block the same command for longer than it has to.
    ///
    /// # Errors
    /// [`BackendError::Locked`] when somebody else holds it still; [`BackendError::Unreachable`].
    fn lock(
        &self,
        environment: Environment,
        owner: &str,
        wait: Duration,
    ) -> Result<Box<dyn Lock>, BackendError>;

    /// Makes `image` what runs in `environment`, and returns once it is ready.
    ///
    /// A version that does not become ready never takes the place of the running one.
    ///
    /// # Errors
    /// [`BackendError::NotReady`] when it does not get there: what ran before runs still, or [`Backend::running`] says
    /// otherwise.
    fn deploy(&self, environment: Environment, image: &Pinned) -> Result<(), BackendError>;

    /// The digest that runs in `environment`, if anything does.
    ///
    /// # Errors
    /// [`BackendError::Unreachable`].
    fn running(&self, environment: Environment) -> Result<Option<Digest>, BackendError>;

    /// Whether what runs in `environment` is ready and says of itself (`/version`) that it is `commit`.
    ///
    /// # Errors
    /// [`BackendError::NotReady`] saying which of both it is not.
    fn verify(&self, environment: Environment, commit: &Commit) -> Result<(), BackendError>;
}

/// A lock that is held; dropped, it is given back.
pub trait Lock {
    /// Whether it is still held: after its expiry somebody else may have taken it.
    ///
    /// # Errors
    /// [`BackendError::Locked`] when it was lost.
    fn renew(&mut self) -> Result<(), BackendError>;
}

/// Why a back end did not do what it was asked for. The text is one line that names place and remedy.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// Somebody else deploys here.
    #[error(
        "{environment} is locked by {owner}, {remaining} s left; the same command waits, or try again later"
    )]
    Locked {
        /// What is locked.
        environment: Environment,
        /// Who holds it.
        owner: String,
        /// Seconds until it expires by itself.
        remaining: u64,
    },
    /// The version is not ready, or is another one.
    #[error("{0}")]
    NotReady(String),
    /// The engine, or the cluster, does not answer, or its program is missing.
    #[error("{0}")]
    Unreachable(String),
    /// The service's own files don't allow it, such as a missing compose file.
    #[error("{0}")]
    Unusable(String),
}
