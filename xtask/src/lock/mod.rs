//! Lock files over options: one template file that renders to the very lock file cargo would write.
//!
//! Cargo refuses a lock file with an entry that nothing uses (`--locked`), and rewrites one whose entries are out of
//! order. A service's own entry stands where its name sorts, and options add and remove crates. So the template ships
//! `Cargo.lock.liquid`, composed from the lock files of all combinations: an entry carries the combinations it belongs
//! to, and between any two entries stands the service's own, if its name sorts there.

mod compose;
mod parse;
mod resolve;

pub use compose::compose;
pub use parse::{Block, Lock, blocks, crate_names};
pub use resolve::{Mode, refresh, settle};

/// The file in a template.
pub const FILE: &str = "Cargo.lock.liquid";
