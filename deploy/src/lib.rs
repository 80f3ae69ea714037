//! The release driver: publish, promote by digest, roll back. Its state lives in the registry, next to the bytes.

pub mod backend;
pub mod names;
