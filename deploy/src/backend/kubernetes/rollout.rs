//! A rollout: applied, waited for, and undone when it does not get there.

use std::time::Duration;

use super::super::BackendError;
use super::cluster::Cluster;
use super::deployment::Deployment;
use super::pods::show_log;
use crate::names::Pinned;

/// How long kubectl may take beyond what it was told to wait.
const MARGIN: Duration = Duration::from_secs(30);

/// Applies `manifests`, whose Deployment runs `image`, and waits for it.
pub(super) fn roll(
    cluster: &Cluster,
    service: &str,
    manifests: &str,
    image: &Pinned,
    within: Duration,
) -> Result<(), BackendError> {
    let before = Deployment::get(cluster, service)?;
    // From here on to its end: half a rollout is worse than either.
    let steady = cluster.steady();
    // Undoing a rollout makes kubectl the owner of the fields that it touches; ours they are nevertheless.
    let apply = [
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=idp-deploy",
        "--filename=-",
    ];
    let applied = steady.kubectl_reading(&apply, manifests)?;
    if !applied.success {
        // What was applied before the refusal may have begun a rollout.
        let undone = undo(&steady, service, before.as_ref())?;
        return Err(BackendError::NotReady(format!(
            "{}: {image} cannot be applied ({}): see `kubectl apply --dry-run=server`; {undone}",
            cluster.place(),
            applied.reason()
        )));
    }
    // A wait does no harm where it stops; only the time that it has counts against the signal.
    let (target, timeout) = (
        format!("deployment/{service}"),
        format!("--timeout={}s", within.as_secs()),
    );
    let status = ["rollout", "status", &target, &timeout];
    let waited = cluster.kubectl_within(within + MARGIN, &status, "");
    let reason = match waited {
        Ok(finished) if finished.success => return Ok(()),
        Ok(finished) => finished.reason(),
        Err(BackendError::NotReady(interrupted)) => interrupted,
        Err(error) => return Err(error),
    };
    if let Some(now) = Deployment::get(&steady, service)? {
        show_log(&steady, &now, &image.to_string());
    }
    let undone = undo(&steady, service, before.as_ref())?;
    Err(BackendError::NotReady(format!(
        "{}: {image} is not ready ({reason}): see `kubectl describe deployment {service}`; {undone}",
        cluster.place()
    )))
}

/// Puts the version before back, where the Deployment has another one by now. Gives what became of it.
fn undo(
    cluster: &Cluster,
    service: &str,
    before: Option<&Deployment>,
) -> Result<String, BackendError> {
    let now = Deployment::get(cluster, service)?;
    let (Some(before), Some(now)) = (before, now) else {
        return Ok("there was no version before to go back to".to_owned());
    };
    let Some(revision) = before.revision() else {
        return Ok("there was no version before to go back to".to_owned());
    };
    // The one before this very version is not what ran. The cluster may not have counted a change yet.
    if now.revision() == Some(revision) && now.image() == before.image() {
        return Ok("it was the running version already, and stays".to_owned());
    }
    let (target, to) = (
        format!("deployment/{service}"),
        format!("--to-revision={revision}"),
    );
    let undone = cluster.kubectl(&["rollout", "undo", &target, &to])?;
    if undone.success {
        return Ok("its rollout was undone".to_owned());
    }
    Ok(format!(
        "and its rollout cannot be undone ({}): `kubectl rollout undo {target} {to}`",
        undone.reason()
    ))
}
