//! xtask as a user runs it: the program, its exit code, what it prints, and what it leaves behind.

mod create;
mod support;
mod verify;
