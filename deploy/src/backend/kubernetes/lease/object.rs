//! A Lease that this process holds, or is about to.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::super::super::held::Hold;
use super::super::super::program::Finished;
use super::super::super::{BackendError, holder};
use super::super::cluster::Cluster;
use super::shown::{HOLDER, Shown};
use crate::names::Environment;

const API: &str = "coordination.k8s.io/v1";
const KIND: &str = "Lease";

/// A Lease that this process holds.
#[derive(Debug)]
pub(in super::super) struct Lease {
    cluster: Cluster,
    environment: Environment,
    name: String,
    owner: String,
    ttl: Duration,
    /// The version of it that is ours.
    version: String,
}

impl Lease {
    pub(super) fn new(
        cluster: &Cluster,
        environment: Environment,
        name: &str,
        owner: &str,
        ttl: Duration,
    ) -> Self {
        Self {
            cluster: cluster.steady(),
            environment,
            name: name.to_owned(),
            owner: owner.to_owned(),
            ttl,
            version: String::new(),
        }
    }

    /// What is written next replaces this version of it, and no other; or is the first.
    pub(super) fn stands_on(&mut self, other: Option<&Shown>) {
        self.version = other.map_or_else(String::new, |other| other.version().to_owned());
    }

    /// The server's clock.
    pub(super) fn now(&self) -> Result<SystemTime, BackendError> {
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
            .and_then(|shown| shown.created())
            .ok_or_else(|| self.refused("does not tell its time", &finished))
    }

    /// Whether this process holds it from now on. It does not where it is there already, or is another than was read.
    pub(super) fn write(
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
            self.stands_on(Some(&shown));
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

    pub(super) fn shown(&self) -> Result<Option<Shown>, BackendError> {
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
                |other| other.owner(),
            ),
            remaining: self.ttl.as_secs(),
        })
    }

    fn give_back(&mut self) {
        // Left with no holder, since kubectl cannot delete one version of a thing and no other.
        let _ = self.write("replace", SystemTime::UNIX_EPOCH, None);
    }
}
