//! The lock of an environment: a Lease in its namespace.
//!
//! Only one who creates it, or replaces the very version of it that was read, holds it. Times are the API server's: a
//! creation that is tried and not done carries its clock.

mod object;
mod shown;

use std::thread;
use std::time::{Duration, Instant};

use super::super::{BackendError, interrupt};
use super::cluster::Cluster;
use crate::names::Environment;
use object::Lease;

/// How long a lock outlives a holder of which nothing can be seen, such as one on another machine.
pub(super) const TTL: Duration = Duration::from_mins(2);
/// How often somebody who waits looks again.
const BEAT: Duration = Duration::from_secs(1);
/// How often in a row a lock that is free may be missed before there is something wrong with it.
const MISSES: u32 = 20;

/// Waits for the Lease of that name for at most `wait`.
pub(super) fn acquire(
    cluster: &Cluster,
    environment: Environment,
    name: &str,
    owner: &str,
    wait: Duration,
    ttl: Duration,
) -> Result<Lease, BackendError> {
    let mut lease = Lease::new(cluster, environment, name, owner, ttl);
    let deadline = Instant::now() + wait;
    let mut misses = 0;
    loop {
        // A creation must name no version.
        lease.stands_on(None);
        let now = lease.now()?;
        if lease.write("create", now, Some(owner))? {
            return Ok(lease);
        }
        let other = lease.shown()?;
        if let Some(other) = &other
            && (other.free() || now >= other.expires())
        {
            lease.stands_on(Some(other));
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
                cluster.place()
            )));
        };
        misses = 0;
        if Instant::now() >= deadline {
            let remaining = busy.expires().duration_since(now).unwrap_or_default();
            return Err(BackendError::Locked {
                environment,
                owner: busy.owner(),
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
