//! `cargo xtask`: creates services, validates templates and proves both end to end.

mod pack;
mod report;

fn main() {}
