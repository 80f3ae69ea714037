//! xtask as a user runs it: the program, its exit code, what it prints, and what it leaves behind.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in what helps it"
)]

mod adopt;
mod bench;
mod create;
mod drift;
mod external;
mod lint;
mod packs;
mod release;
mod selftest;
mod support;
mod template_new;
mod upgrade;
mod upgrade_scripts;
mod verify;
