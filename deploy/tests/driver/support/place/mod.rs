//! Where a world's service runs: behind the back end `command`, or on a real engine.
//!
//! It knows what runs, past the driver, and is told what goes wrong from now on.

pub mod command;
pub mod compose;
mod engine;
mod shop;

pub use command::Command;
pub use compose::Compose;

/// What deploys in a world.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum On {
    /// A script that keeps its state in files.
    Command,
    /// Docker Compose on the engine of this machine.
    Compose,
}

/// A version, for a place: its name, and the digest of its image.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// `A`, `B` or `C`.
    pub name: char,
    /// As the registry has it.
    pub digest: &'a str,
}

/// See above.
pub trait Place: Send + Sync {
    /// What the driver has to find in its environment.
    fn variables(&self) -> Vec<(&'static str, String)>;

    /// The digest that runs in an environment.
    fn runs(&self, environment: &str) -> Option<String>;

    /// Somebody starts a version there, without the driver.
    fn start_by_hand(&self, environment: &str, digest: &str);

    /// What runs there dies, and does not come back.
    fn take_away(&self, environment: &str);

    /// From now on this goes wrong: `down`, or `unready` with a version.
    fn wrong(&self, what: &str, version: Option<Version<'_>>);

    /// An engine comes back. A version that is bad stays bad.
    fn mend(&self);

    /// Deploying this version takes some seconds.
    fn slow(&self, version: Version<'_>, seconds: &str);

    /// Whether a version's deployment to an environment has begun.
    fn begun(&self, environment: &str, version: Version<'_>) -> bool;

    /// What is wrong whatever was asked for, once the last command has ended by itself.
    fn broken(&self) -> Vec<String>;
}
