//! The lock's container and the one that renewed it last.

use std::time::{Duration, SystemTime};

use super::super::super::BackendError;
use super::super::super::held::Hold;
use super::super::container::{Container, inspect, remove};
use super::super::engine::Engine;
use super::{RENEWS, anchor, name, seen};
use crate::names::Environment;

/// The lock, as far as it was renewed.
#[derive(Debug)]
pub(in super::super) struct Renewed {
    pub(super) environment: Environment,
    pub(super) project: String,
    pub(super) owner: String,
    /// The id of its container.
    pub(super) id: String,
    pub(super) ttl: Duration,
    /// By the engine's clock.
    expires: SystemTime,
    /// How often it was renewed, and by which container the last time.
    count: u64,
    last: Option<String>,
}

impl Renewed {
    /// The lock whose container was just created.
    pub(super) fn new(
        environment: Environment,
        project: &str,
        owner: &str,
        id: String,
        ttl: Duration,
    ) -> Result<Self, BackendError> {
        let mut new = Self {
            environment,
            project: project.to_owned(),
            owner: owner.to_owned(),
            id,
            ttl,
            expires: SystemTime::UNIX_EPOCH,
            count: 0,
            last: None,
        };
        match new.begin() {
            Ok(()) => Ok(new),
            Err(error) => {
                new.give_back();
                Err(error)
            }
        }
    }

    /// Reads when it was created, and clears away renewals of locks that were.
    fn begin(&mut self) -> Result<(), BackendError> {
        let engine = Engine::STEADY;
        let (own, others): (Vec<_>, Vec<_>) = seen::all(engine, &self.project)?
            .into_iter()
            .partition(|container| container.id == self.id);
        let created = own.first().and_then(Container::created);
        self.expires = created.ok_or_else(|| self.lost())? + self.ttl;
        others
            .iter()
            .try_for_each(|other| remove(engine, &other.id))
    }

    fn lost(&self) -> BackendError {
        match seen::of(Engine::STEADY, &self.project) {
            Ok(Some(other)) if other.id != self.id => BackendError::Locked {
                environment: self.environment,
                owner: other.owner,
                remaining: self.ttl.as_secs(),
            },
            Err(error @ BackendError::Unreachable(_)) => error,
            _ => BackendError::Locked {
                environment: self.environment,
                owner: format!("nobody any more: the lock of `{}` expired", self.owner),
                remaining: 0,
            },
        }
    }
}

impl Hold for Renewed {
    fn renew(&mut self) -> Result<(), BackendError> {
        let engine = Engine::STEADY;
        self.count += 1;
        let short: String = self.id.chars().take(12).collect();
        let called = format!("{}-renewal-{short}-{}", name(&self.project), self.count);
        let label = format!("{RENEWS}={}", self.id);
        let Some(renewal) = anchor::create(engine, &called, &self.project, &[label])? else {
            return Err(self.lost());
        };
        let there = inspect(engine, &[&self.id, &renewal])?;
        let lock = there.iter().any(|container| container.id == self.id);
        let at = there.iter().find(|container| container.id == renewal);
        match at.and_then(Container::created) {
            // After its expiry somebody else may have taken it, or be about to.
            Some(at) if lock && at < self.expires => {
                self.expires = at + self.ttl;
                if let Some(last) = self.last.replace(renewal) {
                    remove(engine, &last)?;
                }
                Ok(())
            }
            _ => {
                remove(engine, &renewal)?;
                Err(self.lost())
            }
        }
    }

    fn give_back(&mut self) {
        // The lock first: a renewal without it means nothing, and the next holder clears it away.
        let _ = remove(Engine::STEADY, &self.id);
        if let Some(last) = &self.last {
            let _ = remove(Engine::STEADY, last);
        }
    }
}
