//! The lock of an environment: a Lease in its namespace.
//!
//! Only one who creates it, or replaces the very version of it that was read, holds it. Times are the API server's: a
//! creation that is tried and not done carries its clock.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::held::Hold;
use super::super::program::Finished;
use super::super::{BackendError, clock, holder, interrupt};
use super::cluster::Cluster;
use crate::names::Environment;

/// How long a lock outlives a holder of which nothing can be seen, such as one on another machine.
pub(super) const TTL: Duration = Duration::from_mins(2);
/// How often somebody who waits looks again.
const BEAT: Duration = Duration::from_secs(1);
/// How often in a row a lock that is free may be missed before there is something wrong with it.
const MISSES: u32 = 20;
/// The server tells whole seconds.
const GRACE: Duration = Duration::from_secs(2);
const API: &str = "coordination.k8s.io/v1";
const KIND: &str = "Lease";
/// Which process holds it.
const HOLDER: &str = "idp-lite/holder";

/// A Lease that this process holds.
#[derive(Debug)]
pub(super) struct Lease {
    cluster: Cluster,
    environment: Environment,
    name: String,
    owner: String,
    ttl: Duration,
    /// The version of it that is ours.
    version: String,
}

/// A Lease as the cluster shows it.
#[derive(Debug, Deserialize)]
struct Shown {
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
    annotations: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    holder_identity: String,
    lease_duration_seconds: u64,
    renew_time: String,
}

/// Waits for the Lease of that name for at most `wait`.
pub(super) fn acquire(
    cluster: &Cluster,
    environment: Environment,
    name: &str,
    owner: &str,
    wait: Duration,
    ttl: Duration,
) -> Result<Lease, BackendError> {
    let mut lease = Lease {
        cluster: cluster.steady(),
        environment,
        name: name.to_owned(),
        owner: owner.to_owned(),
        ttl,
        version: String::new(),
    };
    let deadline = Instant::now() + wait;
    let mut misses = 0;
    loop {
        // A creation must name no version.
        lease.version.clear();
        let now = lease.now()?;
        if lease.write("create", now, Some(owner))? {
            return Ok(lease);
        }
        let other = lease.shown()?;
        if let Some(other) = &other
            && (other.free() || now >= other.expires())
        {
            lease.version.clone_from(&other.metadata.resource_version);
            if lease.write("replace", now, Some(owner))? {
                return Ok(lease);
            }
        }
        // Somebody else was faster, though not so often.
        let busy = other.filter(|other| !other.free() && now < other.expires());
        let Some(busy) = busy else {
            misses += 1;
            if misses < MISSES {
                continue;
            }
            return Err(BackendError::Unreachable(format!(
                "the lock {name} cannot be taken, though nobody holds it: see `kubectl get lease {name} --output yaml` in {}",
                lease.cluster.place()
            )));
        };
        misses = 0;
        if Instant::now() >= deadline {
            let remaining = busy.expires().duration_since(now).unwrap_or_default();
            return Err(BackendError::Locked {
                environment,
                owner: busy.spec.holder_identity,
                remaining: remaining.as_secs(),
            });
        }
        if interrupt::heeded() {
            return Err(BackendError::Unreachable(format!(
                "interrupted while waiting for the lock {name}: nothing was changed"
            )));
        }
        thread::sleep(BEAT);
    }
}

impl Shown {
    /// Whether it was given back, or its holder has certainly ended.
    fn free(&self) -> bool {
        let holder = self.metadata.annotations.get(HOLDER);
        self.spec.holder_identity.is_empty() || holder.is_some_and(|holder| holder::gone(holder))
    }

    /// By the server's clock. One without a time is as old as can be: nobody of ours wrote it.
    fn expires(&self) -> SystemTime {
        let renewed = clock::moment(&self.spec.renew_time).unwrap_or(SystemTime::UNIX_EPOCH);
        renewed + Duration::from_secs(self.spec.lease_duration_seconds) + GRACE
    }
}

impl Lease {
    /// The server's clock.
    fn now(&self) -> Result<SystemTime, BackendError> {
        // Of no version, which a creation must not have.
        let body = json!({
            "apiVersion": API,
            "kind": KIND,
            "metadata": {"generateName": "idp-clock-"},
        })
        .to_string();
        let args = [
            "create",
            "--dry-run=server",
            "--filename=-",
            "--output=json",
        ];
        let finished = self.cluster.kubectl_reading(&args, &body)?;
        let shown = serde_json::from_str::<Shown>(&finished.stdout).ok();
        shown
            .and_then(|shown| clock::moment(&shown.metadata.creation_timestamp?))
            .ok_or_else(|| self.refused("does not tell its time", &finished))
    }

    /// Whether this process holds it from now on. It does not where it is there already, or is another than was read.
    fn write(
        &mut self,
        verb: &str,
        now: SystemTime,
        owner: Option<&str>,
    ) -> Result<bool, BackendError> {
        let body = self.body(now, owner);
        let args = [verb, "--filename=-", "--output=json"];
        let finished = self.cluster.kubectl_reading(&args, &body)?;
        if finished.success {
            let shown: Shown = serde_json::from_str(&finished.stdout)
                .map_err(|_| self.refused("answers in an unknown shape", &finished))?;
            self.version = shown.metadata.resource_version;
            return Ok(true);
        }
        let said = |reason| finished.stderr.contains(reason);
        // Not the namespace, which is a matter of its own.
        let vanished = said("(NotFound)") && said("leases.coordination.k8s.io");
        if said("(AlreadyExists)") || said("(Conflict)") || vanished {
            return Ok(false);
        }
        Err(self.refused("cannot hold the lock", &finished))
    }

    fn shown(&self) -> Result<Option<Shown>, BackendError> {
        let args = [
            "get",
            "lease",
            &self.name,
            "--ignore-not-found",
            "--output=json",
        ];
        let finished = self.cluster.kubectl(&args)?;
        if finished.success && finished.stdout.trim().is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&finished.stdout)
            .map(Some)
            .map_err(|_| self.refused("does not show the lock", &finished))
    }

    /// Without an owner, it is given back.
    fn body(&self, now: SystemTime, owner: Option<&str>) -> String {
        let mut body: Value = json!({
            "apiVersion": API,
            "kind": KIND,
            "metadata": {"name": self.name},
            "spec": {
                "leaseDurationSeconds": self.ttl.as_secs().max(1),
                "renewTime": humantime::format_rfc3339_micros(now).to_string(),
            },
        });
        if let Some(owner) = owner {
            body["spec"]["holderIdentity"] = owner.into();
        }
        if !self.version.is_empty() {
            body["metadata"]["resourceVersion"] = self.version.as_str().into();
        }
        if let Some(identity) = holder::identity() {
            body["metadata"]["annotations"] = json!({HOLDER: identity});
        }
        body.to_string()
    }

    fn refused(&self, what: &str, finished: &Finished) -> BackendError {
        BackendError::Unreachable(format!(
            "{} {what} `{}` ({}): the namespace has to exist, and you need create, get and update on leases",
            self.cluster.place(),
            self.name,
            finished.reason()
        ))
    }
}

impl Hold for Lease {
    fn renew(&mut self) -> Result<(), BackendError> {
        let now = self.now()?;
        let owner = self.owner.clone();
        if self.write("replace", now, Some(&owner))? {
            return Ok(());
        }
        let other = self.shown()?;
        Err(BackendError::Locked {
            environment: self.environment,
            owner: other.map_or_else(
                || format!("nobody any more: the lock of `{owner}` is gone"),
                |other| other.spec.holder_identity,
            ),
            remaining: self.ttl.as_secs(),
        })
    }

    fn give_back(&mut self) {
        // Left with no holder, since kubectl cannot delete one version of a thing and no other.
        let _ = self.write("replace", SystemTime::UNIX_EPOCH, None);
    }
}
