//! A lock as others see it.

use std::time::{Duration, SystemTime};

use super::super::super::BackendError;
use super::super::container::{Container, list};
use super::super::engine::Engine;
use super::{HOLDER, OWNER, PROJECT, RENEWS, SECONDS, TTL};

/// A lock that somebody holds, or held.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) holder: Option<String>,
    /// By the engine's clock.
    pub(super) expires: SystemTime,
}

/// The lock of `project`, if there is one.
pub(super) fn of(engine: Engine, project: &str) -> Result<Option<Seen>, BackendError> {
    Ok(read(&all(engine, project)?))
}

/// The lock's container and its renewals, and those of locks that were.
pub(super) fn all(engine: Engine, project: &str) -> Result<Vec<Container>, BackendError> {
    list(engine, &[format!("label={PROJECT}={project}")])
}

fn read(containers: &[Container]) -> Option<Seen> {
    let lock = containers.iter().find(|c| c.label(RENEWS).is_none())?;
    let renewals = containers
        .iter()
        .filter(|c| c.label(RENEWS) == Some(&lock.id));
    let renewed = renewals.filter_map(Container::created).max();
    let seconds = lock.label(SECONDS).and_then(|s| s.parse().ok());
    // One without a time is as old as can be: nobody of ours made it.
    let since = lock.created().unwrap_or(SystemTime::UNIX_EPOCH);
    Some(Seen {
        id: lock.id.clone(),
        owner: lock.label(OWNER).unwrap_or("somebody").to_owned(),
        holder: lock.label(HOLDER).map(str::to_owned),
        expires: renewed.map_or(since, |renewed| renewed.max(since))
            + seconds.map_or(TTL, Duration::from_secs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn container(id: &str, second: u32, labels: &serde_json::Value) -> Container {
        let created = format!("2026-01-01T00:00:{second:02}Z");
        let state = json!({"Status": "created", "ExitCode": 0, "StartedAt": ""});
        serde_json::from_value(json!({
            "Id": id, "Name": id, "Path": "x", "Image": "x", "Created": created, "State": state,
            "Config": {"Image": "x", "Labels": labels},
        }))
        .unwrap()
    }

    #[test]
    fn only_its_own_renewals_prolong_a_lock() {
        let lock = container("a", 0, &json!({OWNER: "me", SECONDS: "10"}));
        let renewal = container("b", 5, &json!({RENEWS: "a"}));
        let stranger = container("c", 9, &json!({RENEWS: "z"}));
        let base = lock.created().unwrap();
        let after = |seconds| base + Duration::from_secs(seconds);

        let seen = read(&[stranger.clone(), lock.clone()]).unwrap();
        assert_eq!((seen.owner.as_str(), seen.expires), ("me", after(10)));
        let seen = read(&[renewal.clone(), stranger.clone(), lock]).unwrap();
        assert_eq!(seen.expires, after(15));
        assert!(read(&[renewal, stranger]).is_none(), "a renewal is no lock");
    }
}
