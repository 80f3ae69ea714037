//! A lock that this process holds. A thread renews it, so that it may expire soon after its holder.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use super::super::super::{BackendError, Lock};
use super::super::container::{inspect, remove};
use super::super::engine::Engine;
use super::{RENEWS, anchor, name, seen};
use crate::names::Environment;

/// How many times a lock is renewed before it would expire.
const TIMES: u32 = 4;

/// A lock that is held; dropped, it is given back.
#[derive(Debug)]
pub(in super::super) struct Held {
    lock: Arc<Mutex<Renewed>>,
    /// Dropped first: that ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The lock, as far as it was renewed.
#[derive(Debug)]
struct Renewed {
    environment: Environment,
    project: String,
    owner: String,
    /// The id of its container.
    id: String,
    ttl: Duration,
    /// By the engine's clock.
    expires: SystemTime,
    /// How often it was renewed, and by which container the last time.
    count: u64,
    last: Option<String>,
}

impl Held {
    pub(super) fn new(
        environment: Environment,
        project: &str,
        owner: &str,
        id: String,
        ttl: Duration,
    ) -> Result<Self, BackendError> {
        let engine = Engine::STEADY;
        let mut renewed = Renewed {
            environment,
            project: project.to_owned(),
            owner: owner.to_owned(),
            id,
            ttl,
            expires: SystemTime::UNIX_EPOCH,
            count: 0,
            last: None,
        };
        let others = seen::all(engine, project).and_then(|all| {
            let own = all.iter().find(|c| c.id == renewed.id);
            let created = own.and_then(|own| own.created());
            renewed.expires = created.ok_or_else(|| renewed.lost())? + ttl;
            // Renewals of locks that were.
            all.iter()
                .filter(|c| c.id != renewed.id)
                .try_for_each(|c| remove(engine, &c.id))
        });
        if let Err(error) = others {
            let _ = remove(engine, &renewed.id);
            return Err(error);
        }
        let lock = Arc::new(Mutex::new(renewed));
        let (stop, stopped) = channel::<()>();
        let renews = Arc::clone(&lock);
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(ttl / TIMES) == Err(RecvTimeoutError::Timeout) {
                // An engine that does not answer may do so next time. Whether the lock is lost, its holder asks.
                let _ = locked(&renews).renew();
            }
        });
        Ok(Self {
            lock,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Lock for Held {
    fn renew(&mut self) -> Result<(), BackendError> {
        locked(&self.lock).renew()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let lock = locked(&self.lock);
        // The lock first: a renewal without it means nothing, and the next holder clears it away.
        let _ = remove(Engine::STEADY, &lock.id);
        if let Some(last) = &lock.last {
            let _ = remove(Engine::STEADY, last);
        }
    }
}

impl Renewed {
    /// Renews it, unless it has expired: then somebody else may have seen that.
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
        match at.and_then(|renewal| renewal.created()) {
            Some(at) if lock && at < self.expires => {
                self.expires = at + self.ttl;
                if let Some(last) = self.last.replace(renewal) {
                    remove(engine, &last)?;
                }
                Ok(())
            }
            _ => {
                // It must not prolong a lock that others may have taken for expired.
                remove(engine, &renewal)?;
                Err(self.lost())
            }
        }
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

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
