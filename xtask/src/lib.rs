//! What `cargo xtask` is made of. `main.rs` is its table of contents; fuzz targets and benches come in here too.
//!
//! Only what one of them calls is public, so that the compiler still finds code that nobody calls.

mod adopt;
mod base;
mod bench;
pub mod cli;
pub mod commands;
mod contract;
mod create;
mod diff;
mod drift;
pub mod fuzz;
mod history;
mod interrupt;
mod lint;
mod lock;
mod pack;
mod parallel;
mod parity;
mod process;
mod release;
mod render;
mod report;
mod repository;
mod rules;
mod selftest;
mod service;
mod source_map;
mod sync;
mod tree;
mod upgrade;
mod validate;
mod verify;

pub use interrupt::install as let_ctrl_c_clean_up;
pub use render::{CHILD as RENDER_CHILD, run_child as run_render_child};
