//! One repository of an OCI registry, over its HTTP API: tags, manifests by their bytes, labels, notes.
//!
//! It knows nothing of releases. It never deletes, and never builds a manifest for an image: a tag is given by sending the
//! bytes again that the digest was made of, so that the digest stays.

mod auth;
mod challenge;
mod client;
mod credentials;
mod error;
mod failure;
mod http;
mod labels;
mod manifest;
mod note;
mod retry;
mod secret;
mod tags;
mod transport;

pub use client::Client;
pub use error::RegistryError;
pub use labels::Labels;
pub use manifest::{Manifest, digest_of};
pub use note::{Note, REASON};
pub use retry::Pace;
