//! Why a command came to nothing: one text, one exit code.

use crate::backend::BackendError;
use crate::registry::RegistryError;

/// By what a caller can do about it. Each text is one line that names place and remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Arguments, environment variables or files that can't be used as they are.
    #[error("{0}")]
    Usage(String),
    /// Nothing was published under this name.
    #[error("{0}")]
    NoImage(String),
    /// The stage before has no record of it.
    #[error("{0}")]
    Unproven(String),
    /// It was rolled back, and nobody lifted that.
    #[error("{0}")]
    Quarantined(String),
    /// No other version is left.
    #[error("{0}")]
    NothingLeft(String),
    /// Older than what runs.
    #[error("{0}")]
    Older(String),
    /// A tag names other bytes than it should.
    #[error("{0}")]
    Mismatch(String),
    /// The new version failed, and the one before runs.
    #[error("{0}")]
    Restored(String),
    /// The new version failed, and so did restoring.
    #[error("{0}")]
    NotRestored(String),
    /// Somebody else deploys here.
    #[error("{0}")]
    Locked(String),
    /// The registry or the engine does not do its part.
    #[error("{0}")]
    Unreachable(String),
}

impl Error {
    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::NoImage(_) => 10,
            Self::Unproven(_) => 11,
            Self::Quarantined(_) => 12,
            Self::NothingLeft(_) => 13,
            Self::Older(_) => 14,
            Self::Mismatch(_) => 15,
            Self::Restored(_) => 20,
            Self::NotRestored(_) => 21,
            Self::Locked(_) => 30,
            Self::Unreachable(_) => 40,
        }
    }
}

impl From<RegistryError> for Error {
    fn from(error: RegistryError) -> Self {
        let text = error.to_string();
        match error {
            RegistryError::Credentials(_) => Self::Usage(text),
            RegistryError::Mismatch(_) => Self::Mismatch(text),
            RegistryError::Unreachable(_)
            | RegistryError::Denied(_)
            | RegistryError::Refused { .. }
            | RegistryError::Nonsense(_) => Self::Unreachable(text),
        }
    }
}

/// For what is asked outside of a deployment; inside one, a failure leads to restoring.
impl From<BackendError> for Error {
    fn from(error: BackendError) -> Self {
        let text = error.to_string();
        match error {
            BackendError::Locked { .. } => Self::Locked(text),
            BackendError::NotReady(_) | BackendError::Unreachable(_) => Self::Unreachable(text),
            BackendError::Unusable(_) => Self::Usage(text),
        }
    }
}
