//! What an error of the database means: whether it is down, and what a client is told.

use sqlx::Error;

use crate::error::ApiError;

/// Classes of SQLSTATE that say that the server cannot serve now, whatever it is asked: connections, authorisation,
/// resources, an operator's intervention (a shutdown, a statement that took too long), and a standby that took over.
const UNAVAILABLE: &[&str] = &["08", "28", "53", "57", "25006", "3D000", "40001", "40P01"];
/// Those that say so for the next connection too. `53`, too many connections, is the affair of whoever asked.
const DOWN: &[&str] = &["08", "28", "57P01", "57P02", "57P03", "3D000"];

fn among(error: &Error, classes: &[&str]) -> Option<bool> {
    let code = error.as_database_error()?.code()?;
    Some(classes.iter().any(|class| code.starts_with(class)))
}

/// Whether an attempt to connect that ended so means that the database is down.
pub(super) fn is_outage(error: &Error) -> bool {
    among(error, DOWN).unwrap_or(true)
}

/// Whether the server turned away whoever wanted to connect. Those who are connected may go on: a password that was
/// changed before the secret was rotated means nothing to them.
pub(super) fn is_refusal(error: &Error) -> bool {
    among(error, &["28"]).unwrap_or(false)
}

/// Whether the connection can't be used any more.
pub(super) fn is_broken(error: &Error) -> bool {
    match error {
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => true,
        error => among(error, DOWN).unwrap_or(false),
    }
}

/// What a client is told. The log is told everything.
pub(super) fn told(error: Error) -> ApiError {
    if is_broken(&error) || among(&error, UNAVAILABLE).unwrap_or(false) {
        tracing::warn!(%error, "the database did not serve a request");
        ApiError::Unavailable
    } else {
        ApiError::Internal(Box::new(error))
    }
}
