//! The lock of an environment: a container of a fixed name on its engine, created and never started.
//!
//! A name belongs to one container, so creating it is atomic; a container can be removed by its id, so breaking a lock that
//! has expired never hits the next one; and the engine notes when it was created, so only one clock counts. A holder
//! renews it for as long as it lives by creating one more container that refers to it.

mod anchor;
mod renewed;
mod seen;

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::super::held::Held;
use super::super::{BackendError, holder, interrupt};
use super::container::remove;
use super::engine::Engine;
use crate::names::Environment;
use renewed::Renewed;

/// How long a lock outlives a holder of which nothing can be seen, such as one on another machine.
pub(super) const TTL: Duration = Duration::from_mins(2);
/// How often somebody who waits looks again.
const BEAT: Duration = Duration::from_millis(500);
/// A renewal that was asked for in time may be listed this much later.
const GRACE: Duration = Duration::from_secs(3);

/// How often in a row a lock that is free may be missed before there is something wrong with it.
const MISSES: u32 = 20;

/// Which project the container locks.
const PROJECT: &str = "idp.lock.project";
/// Who holds it, for people.
const OWNER: &str = "idp.lock.owner";
/// Which process holds it.
const HOLDER: &str = "idp.lock.holder";
/// For how many seconds it holds without a renewal.
const SECONDS: &str = "idp.lock.seconds";
/// Which lock the container renews, by its id.
const RENEWS: &str = "idp.lock.renews";

/// Waits for the lock of `project` for at most `wait`.
pub(super) fn acquire(
    environment: Environment,
    project: &str,
    owner: &str,
    wait: Duration,
    ttl: Duration,
) -> Result<Held<Renewed>, BackendError> {
    let engine = Engine::STEADY;
    let deadline = Instant::now() + wait;
    let mut misses = 0;
    loop {
        if let Some(id) = create(engine, project, owner, ttl)? {
            let renewed = Renewed::new(environment, project, owner, id, ttl)?;
            return Ok(Held::new(renewed, ttl));
        }
        // Before they are listed: one that is there by then is not taken for expired.
        let now = engine.now()?;
        let other = seen::of(engine, project)?;
        let free = other.as_ref().is_none_or(|other| {
            other.holder.as_deref().is_some_and(holder::gone) || now >= other.expires + GRACE
        });
        if free {
            if let Some(other) = other {
                // By its id, which nobody gets again; whoever else does this as well has removed the same one.
                remove(engine, &other.id)?;
            }
            // Others may be faster, though not so often.
            misses += 1;
            if misses < MISSES {
                continue;
            }
            return Err(BackendError::Unreachable(format!(
                "the lock of {project} cannot be taken, though nobody holds it: see `docker inspect {0}`, and `docker rm {0}` if it is no lock",
                name(project)
            )));
        }
        misses = 0;
        if let Some(other) = other
            && Instant::now() >= deadline
        {
            return Err(BackendError::Locked {
                environment,
                owner: other.owner,
                remaining: remaining(now, other.expires + GRACE),
            });
        }
        if interrupt::heeded() {
            return Err(BackendError::Unreachable(format!(
                "interrupted while waiting for the lock of {project}: nothing was changed"
            )));
        }
        thread::sleep(BEAT);
    }
}

/// Creates the lock's container; nothing where there is one.
fn create(
    engine: Engine,
    project: &str,
    owner: &str,
    ttl: Duration,
) -> Result<Option<String>, BackendError> {
    let mut labels = vec![
        format!("{OWNER}={owner}"),
        format!("{SECONDS}={}", ttl.as_secs()),
    ];
    labels.extend(holder::identity().map(|identity| format!("{HOLDER}={identity}")));
    anchor::create(engine, &name(project), project, &labels)
}

/// The name of the lock's container.
fn name(project: &str) -> String {
    format!("idp-lock-{project}")
}

fn remaining(now: SystemTime, expires: SystemTime) -> u64 {
    let left = expires.duration_since(now).unwrap_or_default();
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}
