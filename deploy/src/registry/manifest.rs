//! A manifest: its bytes, and the digest that is made of them. It is read here only as far as a label needs it.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::names::Digest;

/// The media types of manifests that are understood: single images and indexes, OCI's and Docker's.
pub const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// What a tag or a digest names.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// As the registry keeps them: sent again, they have the same digest.
    pub bytes: Vec<u8>,
    /// What the registry says it is.
    pub media_type: String,
    /// Made of the bytes, and never taken from a header.
    pub digest: Digest,
}

/// The parts of a manifest that lead to its labels.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shape {
    /// Where the configuration of a single image is.
    pub config: Option<Descriptor>,
    /// The images of an index.
    pub manifests: Vec<Descriptor>,
    /// What its maker wrote on it.
    pub annotations: std::collections::BTreeMap<String, String>,
}

/// Points at other bytes.
#[derive(Deserialize)]
pub struct Descriptor {
    /// Which.
    pub digest: String,
    /// What an index says of an image's platform.
    pub platform: Option<Platform>,
}

/// Where an image of an index runs.
#[derive(Deserialize)]
pub struct Platform {
    /// `unknown` for what is no image, such as an attestation.
    pub os: String,
}

impl Manifest {
    /// Reads what is needed; a manifest of another shape has nothing of it.
    pub fn shape(&self) -> Shape {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }
}

impl Shape {
    /// The image of an index that stands for all: the first that is one. Its labels are those of its siblings, which were
    /// built from the same commit.
    pub fn image(&self) -> Option<&Descriptor> {
        self.manifests
            .iter()
            .find(|found| found.platform.as_ref().is_none_or(|on| on.os != "unknown"))
    }
}

/// The digest of some bytes.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest::of_hash(&Sha256::digest(bytes).into())
}
