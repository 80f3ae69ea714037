//! What was released where, kept as tags of the service's own repository: [`History`] reads them, [`Ledger`] writes them.
//!
//! All state is in the *names* of tags, so that a list of them tells the whole story and is read with one request:
//!
//! | tag | written | names |
//! |---|---|---|
//! | `GITSHA` | once | the image |
//! | `latest-dev` | moves | the image |
//! | `deployed-ENV-SEQ-SHA12` | once | the image: the record of a deployment that was verified |
//! | `ENV` | moves | the image of the newest record that counts; a cache, never read for a decision but one (below) |
//! | `quarantined-ENV-SHA12`, `quarantined-ENV-SHA12-SEQ` | once | a note with the reason |
//! | `lifted-ENV-SHA12-SEQ` | once | a note with the reason |
//!
//! # Quarantine, lifted, and again
//! Tags can't be deleted everywhere (GHCR's API has no way to), so a quarantine is not taken back but outnumbered. It
//! belongs to a record: the first one of a commit in an environment is `quarantined-ENV-SHA12`; `lifted-ENV-SHA12-SEQ` lifts
//! every quarantine up to record SEQ; when the commit is deployed again, as a record with a higher SEQ, and rolled back
//! again, that is `quarantined-ENV-SHA12-SEQ` with the SEQ of that record. A commit is quarantined while its highest
//! quarantine (one without a number counts as the lowest) is above its highest lift.
//!
//! # The record that counts
//! The newest one whose commit is not quarantined. A rollback writes the quarantine just before its own record, so when it
//! dies between both, what it went back to counts already.
//!
//! # Order
//! By SEQ, which is counted up under the environment's lock. No clock is involved. Two records of one SEQ can only be written
//! by a driver that lost its lock; they are ordered by their commit's digits, the same way for every reader.

mod history;
mod store;
mod tag;

pub use history::{History, Quarantine};
pub use store::Ledger;
pub use tag::{LATEST, Lift, Mark, Record, Tag};
