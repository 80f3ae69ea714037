//! What a command came to, for whoever reads it next: a person, a program, a job of a workflow.

use serde::Serialize;

use crate::names::{Digest, Image, Pinned};

/// In one word.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The image has its tags.
    Published,
    /// It was deployed, verified and recorded.
    Promoted,
    /// It was recorded already, did not run, and was deployed again.
    Redeployed,
    /// What came before was deployed, verified and recorded; what ran is quarantined.
    RolledBack,
    /// The last record's digest did not run, and was deployed again.
    Reconciled,
    /// A quarantine is over.
    Lifted,
    /// All conditions hold; with `--dry-run`, nothing was done.
    Planned,
    /// All was as asked for already.
    Noop,
    /// It failed, and what ran before runs.
    Restored,
    /// It failed, and nobody knows what runs.
    NotRestored,
    /// Nothing that runs was touched.
    #[default]
    Refused,
    /// It was interrupted by a failure; the text says where.
    Failed,
}

impl Action {
    /// As it stands in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Promoted => "promoted",
            Self::Redeployed => "redeployed",
            Self::RolledBack => "rolled-back",
            Self::Reconciled => "reconciled",
            Self::Lifted => "lifted",
            Self::Planned => "planned",
            Self::Noop => "noop",
            Self::Restored => "restored",
            Self::NotRestored => "not-restored",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// In all its parts. What does not apply is absent, and an empty text among the outputs.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// The digest this was about, or that runs in its place.
    pub digest: Option<Digest>,
    /// The same with its image, as it is deployed.
    pub image_ref: Option<String>,
    /// What counted in the environment before.
    pub previous_digest: Option<Digest>,
    /// The record that stands for it.
    pub record: Option<String>,
    /// Whether something is otherwise than before: for `publish` and `lift` a tag, else what runs.
    pub changed: bool,
    /// In one word.
    pub action: Action,
}

impl Outcome {
    /// About this digest.
    pub fn about(&mut self, image: &Image, digest: &Digest) {
        let pinned = Pinned {
            image: image.clone(),
            digest: digest.clone(),
        };
        self.image_ref = Some(pinned.to_string());
        self.digest = Some(digest.clone());
    }

    /// As names and values, in the order that is documented.
    pub fn pairs(&self) -> [(&'static str, String); 6] {
        let digest = |digest: &Option<Digest>| digest.as_ref().map(ToString::to_string);
        [
            ("digest", digest(&self.digest).unwrap_or_default()),
            ("image-ref", self.image_ref.clone().unwrap_or_default()),
            (
                "previous-digest",
                digest(&self.previous_digest).unwrap_or_default(),
            ),
            ("record", self.record.clone().unwrap_or_default()),
            ("changed", self.changed.to_string()),
            ("action", self.action.name().to_owned()),
        ]
    }
}
