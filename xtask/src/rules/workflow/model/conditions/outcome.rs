//! How jobs end, one and several.

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Success,
    /// It failed.
    Failure,
    /// It was cancelled, or ran out of time.
    Cancelled,
    /// It did not run.
    Skipped,
}

impl Outcome {
    /// As expressions see it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

/// Which ends there were among several jobs, beside success.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) failure: bool,
    pub(super) cancelled: bool,
    pub(super) skipped: bool,
}

impl Seen {
    /// Adds one end.
    pub(super) fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Success => {}
            Outcome::Failure => self.failure = true,
            Outcome::Cancelled => self.cancelled = true,
            Outcome::Skipped => self.skipped = true,
        }
    }

    /// Adds those of others.
    pub(super) fn add(&mut self, other: Self) {
        self.failure |= other.failure;
        self.cancelled |= other.cancelled;
        self.skipped |= other.skipped;
    }

    /// Whether there was none but success.
    pub(super) fn only_success(self) -> bool {
        !self.failure && !self.cancelled && !self.skipped
    }
}
