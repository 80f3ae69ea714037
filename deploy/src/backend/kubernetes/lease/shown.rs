//! A Lease as the cluster shows it.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::Deserialize;

use super::super::super::{clock, holder};

/// The server tells whole seconds.
const GRACE: Duration = Duration::from_secs(2);
/// Which process holds it.
pub(super) const HOLDER: &str = "idp-lite/holder";

/// A Lease as the cluster shows it.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    metadata: Metadata,
    #[serde(default)]
    spec: Spec,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    resource_version: String,
    #[serde(default)]
    creation_timestamp: Option<String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    holder_identity: String,
    lease_duration_seconds: u64,
    renew_time: String,
}

impl Shown {
    /// Whether it was given back, or its holder has certainly ended.
    pub(super) fn free(&self) -> bool {
        let holder = self.metadata.annotations.get(HOLDER);
        self.spec.holder_identity.is_empty() || holder.is_some_and(|holder| holder::gone(holder))
    }

    /// By the server's clock. One without a time is as old as can be: nobody of ours wrote it.
    pub(super) fn expires(&self) -> SystemTime {
        let renewed = clock::moment(&self.spec.renew_time).unwrap_or(SystemTime::UNIX_EPOCH);
        renewed + Duration::from_secs(self.spec.lease_duration_seconds) + GRACE
    }

    /// Which version of it this is.
    pub(super) fn version(&self) -> &str {
        &self.metadata.resource_version
    }

    /// Who holds it, for people.
    pub(super) fn owner(&self) -> String {
        self.spec.holder_identity.clone()
    }

    /// When it was created, or would have been.
    pub(super) fn created(&self) -> Option<SystemTime> {
        clock::moment(self.metadata.creation_timestamp.as_deref()?)
    }
}
