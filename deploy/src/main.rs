//! The command line of the release driver.

fn main() {}
