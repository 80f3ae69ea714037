//! Asks a container whether it is ready and which commit it is, by the service's own health client inside it: the image
//! has no shell, and the engine may be another machine's.

use std::thread;
use std::time::{Duration, Instant};

use super::super::{BackendError, interrupt};
use super::container::{Container, inspect};
use super::engine::Engine;
use crate::names::Commit;

/// How long one question may take; the client itself gives up sooner.
const QUESTION: Duration = Duration::from_secs(10);
/// How often a container that is not ready is asked again.
const BEAT: Duration = Duration::from_millis(150);
/// The same for one that is ready and has to stay so. That it began another life in between shows whenever it is asked.
const STEADY_BEAT: Duration = Duration::from_millis(700);

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// To become ready.
    pub(super) within: Duration,
    /// To stay ready, in one life, before it is believed.
    pub(super) steady: Duration,
}

/// Asks once. The error says which of both it is not.
pub(super) fn ask(
    engine: Engine,
    container: &Container,
    commit: &Commit,
) -> Result<Result<(), String>, BackendError> {
    let (id, program) = (&container.id, &container.path);
    let args = [
        "exec",
        id,
        program,
        "healthcheck",
        "--commit",
        commit.as_str(),
    ];
    let finished = engine.docker_within(QUESTION, &args, b"")?;
    Ok(match finished.code {
        Some(0) => Ok(()),
        Some(2) => Err(format!(
            "`{program} healthcheck --commit` is not a command of it: upgrade the service's template"
        )),
        _ => Err(finished.reason()),
    })
}

/// Asks until the container is ready for as long as it takes to be believed. The error says why it is not.
pub(super) fn until_ready(
    engine: Engine,
    id: &str,
    commit: &Commit,
    patience: Patience,
) -> Result<Result<(), String>, BackendError> {
    let deadline = Instant::now() + patience.within;
    let Some(first) = inspect(engine, &[id])?.pop() else {
        return Ok(Err("its container is gone".to_owned()));
    };
    let mut since: Option<Instant> = None;
    loop {
        let answer = ask(engine, &first, commit)?;
        let Some(now) = inspect(engine, &[id])?.pop() else {
            return Ok(Err("its container is gone".to_owned()));
        };
        // A first life that ended is no start to believe in, even where a second one has begun.
        if now.life() != first.life() || now.state.status != "running" {
            return Ok(Err(format!(
                "it ended with exit code {}",
                now.state.exit_code
            )));
        }
        let reason = match answer {
            Ok(()) if since.get_or_insert_with(Instant::now).elapsed() >= patience.steady => {
                return Ok(Ok(()));
            }
            Ok(()) => "it was ready, but not for long enough".to_owned(),
            Err(reason) => {
                since = None;
                reason
            }
        };
        if Instant::now() >= deadline || now.ill() {
            return Ok(Err(reason));
        }
        if engine.interruptible() && interrupt::heeded() {
            return Ok(Err("interrupted while it started".to_owned()));
        }
        thread::sleep(since.map_or(BEAT, |since| {
            let left = patience.steady.saturating_sub(since.elapsed());
            left.clamp(BEAT, STEADY_BEAT)
        }));
    }
}
