//! Rust sources as a tree of modules: what each declares and includes, and which files a crate reaches.
//!
//! Reads declarations only, without a parser of the whole language, so that nothing a source holds can exhaust it.

mod follow;
mod references;
mod tokens;

pub use follow::follow;
pub use references::{Reference, ReferenceKind, references};
