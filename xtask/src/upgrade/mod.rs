//! `upgrade`: brings a service to another version of what it was made from, with its own changes kept.

pub mod migrate;
