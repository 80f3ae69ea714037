//! `cargo xtask`: creates services, validates templates and proves both end to end.

mod contract;
mod pack;
mod report;

fn main() {}
