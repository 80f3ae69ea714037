//! The driver as a program, on a real registry, with a back end whose state is a folder.

mod faults;
mod stories;
mod support;
