//! The contract that every generated service keeps, checked from outside and by number.
//!
//! One suite for a local process and for a container under a compose profile. A check starts the service (or borrows a
//! running one), sends what a caller would, right or wrong, and says what it saw. Checks know nothing of a service's
//! code: whoever breaks a layer sees the named check fail.

mod bao;
mod browser;
mod check;
mod checks;
pub mod client;
mod collector;
mod fault;
mod launch;
mod numbers;
mod protobuf;
mod reply;
mod running;
mod subject;

pub use check::{Check, Need, Outcome};
pub use checks::all;
pub use collector::Collector;
pub use fault::Fault;
pub use launch::{Compose, Instance, Launcher, Postgres, Process, Setup};
pub use numbers::{NUMBERS, position};
#[cfg(test)]
pub use running::eventually;
pub use subject::Subject;

/// The source of a binary that is the service with fault routes mounted: `examples/probe.rs` of a rendered copy.
pub const PROBE: &str = include_str!("probe.rs.txt");

/// Runs the checks in order; where `only` names any, those of its numbers and names. `observer` hears of each one as it
/// ends.
pub fn run(subject: &Subject, only: &[String], observer: &mut dyn FnMut(&'static Check, Outcome)) {
    for check in all() {
        if !only.is_empty() && !only.iter().any(|only| check.answers_to(only)) {
            continue;
        }
        let missing = check.needs.iter().find_map(|need| need.missing(subject));
        let outcome = match missing {
            Some(reason) => Outcome::Skipped(reason),
            None => subject.conclude((check.run)(subject), check.remedy),
        };
        observer(check, outcome);
    }
    subject.stop();
}
