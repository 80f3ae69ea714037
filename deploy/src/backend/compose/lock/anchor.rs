//! Containers that hold nothing but a name and labels. They are of an empty image that is made on the spot, so that a lock
//! needs no registry.

use super::super::super::BackendError;
use super::super::engine::{CALL, Engine};
use super::PROJECT;

/// The empty image.
const IMAGE: &str = "idp-lock:1";
/// An archive of no files.
const EMPTY: [u8; 1024] = [0; 1024];

/// Creates a container of that name, and gives its id; nothing where the name is taken.
pub(super) fn create(
    engine: Engine,
    name: &str,
    project: &str,
    labels: &[String],
) -> Result<Option<String>, BackendError> {
    let of = format!("{PROJECT}={project}");
    let mut args = vec!["container", "create", "--pull", "never", "--name", name];
    args.extend(["--network", "none", "--label", &of]);
    for label in labels {
        args.extend(["--label", label]);
    }
    // What it would run, if anybody started it. There is no such file.
    args.extend([IMAGE, "/never-started"]);
    let mut finished = engine.docker(&args)?;
    if !finished.success && finished.stderr.contains("No such image") {
        engine.docker_within(CALL, &["image", "import", "-", IMAGE], &EMPTY)?;
        finished = engine.docker(&args)?;
    }
    if finished.success {
        return Ok(Some(finished.stdout.trim().to_owned()));
    }
    if finished.stderr.contains("already in use") {
        return Ok(None);
    }
    Err(BackendError::Unreachable(format!(
        "the engine cannot hold the lock `{name}` ({}): nothing was changed; see `docker container create`",
        finished.reason()
    )))
}
