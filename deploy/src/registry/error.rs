//! Why a registry did not do what it was asked for. Each text is one line that names place and remedy.

/// What went wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Down, slow, overloaded, or torn: tried again until the deadline.
    #[error("{0}")]
    Unreachable(String),
    /// It does not let us in, or not that far.
    #[error("{0}")]
    Denied(String),
    /// Credentials are configured in a way that can't be used.
    #[error("{0}")]
    Credentials(String),
    /// It understood, and does not take it.
    #[error("{place} answered {status}: {detail}")]
    Refused {
        /// Method and address.
        place: String,
        /// The HTTP status.
        status: u16,
        /// What it says, shortened to a line.
        detail: String,
    },
    /// It answers what no registry should.
    #[error("{0}")]
    Nonsense(String),
    /// Bytes that are not what their digest says.
    #[error("{0}")]
    Mismatch(String),
}
