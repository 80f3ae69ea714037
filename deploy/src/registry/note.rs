//! A text that is kept under a tag: an OCI artifact without content, whose annotations say it.
//!
//! It carries no time: the same note has the same bytes, so that a command that is repeated writes nothing new. When it was
//! written, the registry knows.

use std::collections::BTreeMap;

use serde_json::json;

use super::manifest::{Manifest, digest_of};

/// The configuration that stands for none (OCI image specification, "guidance for an empty descriptor").
pub const EMPTY: &[u8] = b"{}";
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const ARTIFACT_TYPE: &str = "application/vnd.idp-lite.note.v1+json";
/// The annotation's key for the reason that a person gave.
pub const REASON: &str = "dev.idp-lite.reason";

/// What to keep.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Note {
    /// By key.
    pub annotations: BTreeMap<String, String>,
}

impl Note {
    /// Why somebody did something.
    pub fn reason(text: &str) -> Self {
        Self::default().with(REASON, text)
    }

    /// Says one more thing.
    #[must_use]
    pub fn with(mut self, key: &str, text: &str) -> Self {
        self.annotations.insert(key.to_owned(), text.to_owned());
        self
    }

    /// As a registry keeps it.
    pub fn manifest(&self) -> Manifest {
        let empty = json!({
            "mediaType": EMPTY_TYPE,
            "digest": digest_of(EMPTY).as_str(),
            "size": EMPTY.len(),
        });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "artifactType": ARTIFACT_TYPE,
            "config": empty,
            "layers": [empty],
            "annotations": self.annotations,
        });
        let bytes = manifest.to_string().into_bytes();
        Manifest {
            digest: digest_of(&bytes),
            bytes,
            media_type: MANIFEST_TYPE.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_note_has_the_same_digest() {
        let note =
            || Note::reason("it answers 500").with("dev.idp-lite.record", "deployed-prod-2-abc");
        assert_eq!(note().manifest().digest, note().manifest().digest);
        assert_ne!(
            note().manifest().digest,
            Note::reason("x").manifest().digest
        );
        let shape = note().manifest().shape();
        assert_eq!(shape.annotations[REASON], "it answers 500");
        // As the specification gives it.
        assert_eq!(
            digest_of(EMPTY).as_str(),
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
    }
}
