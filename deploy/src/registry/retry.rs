//! When to ask again: what may pass, how long to wait, and when to give up.
//!
//! Waiting is measured on the monotonic clock. A date in `Retry-After` is not looked at: it would have to be compared with
//! this machine's clock, which may be wrong.

use std::thread;
use std::time::{Duration, Instant};

/// The first wait; it doubles from there.
const FIRST: Duration = Duration::from_millis(200);
/// The longest wait that nobody asked for.
const LONGEST: Duration = Duration::from_secs(5);

/// How patient to be.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For one try, from the connection to the last byte.
    pub timeout: Duration,
    /// For all tries of one request together.
    pub deadline: Duration,
}

/// The tries of one request.
pub struct Tries {
    pace: Pace,
    begun: Instant,
    next: Duration,
    count: u32,
}

impl Tries {
    /// Starts the clock.
    pub fn begin(pace: Pace) -> Self {
        Self {
            pace,
            begun: Instant::now(),
            next: FIRST,
            count: 0,
        }
    }

    /// How long the next try may take.
    pub fn timeout(&self) -> Duration {
        let left = self.pace.deadline.saturating_sub(self.begun.elapsed());
        left.min(self.pace.timeout).max(Duration::from_millis(1))
    }

    /// Waits before the next try; or says, where no time is left for one, how often it was tried.
    pub fn wait(
        &mut self,
        asked: Option<Duration>,
        announce: impl FnOnce(Duration),
    ) -> Result<(), u32> {
        self.count += 1;
        let wait = asked.unwrap_or_else(|| self.next.mul_f64(0.5 + fastrand::f64() / 2.0));
        self.next = (self.next * 2).min(LONGEST);
        if self.begun.elapsed() + wait >= self.pace.deadline {
            return Err(self.count);
        }
        announce(wait);
        thread::sleep(wait);
        Ok(())
    }
}

/// The seconds of a `Retry-After` header.
pub fn retry_after(header: Option<&str>) -> Option<Duration> {
    header?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_does_not_fit_is_not_begun() {
        let pace = Pace {
            timeout: Duration::from_secs(1),
            deadline: Duration::from_secs(2),
        };
        let mut tries = Tries::begin(pace);
        let begun = Instant::now();
        assert_eq!(tries.wait(Some(Duration::from_mins(1)), |_| ()), Err(1));
        assert!(begun.elapsed() < Duration::from_millis(500));
        assert_eq!(tries.wait(Some(Duration::ZERO), |_| ()), Ok(()));
    }

    #[test]
    fn waits_grow_and_are_bounded() {
        let pace = Pace {
            timeout: Duration::from_secs(1),
            deadline: Duration::from_millis(900),
        };
        let mut tries = Tries::begin(pace);
        let mut waits = Vec::new();
        while tries.wait(None, |wait| waits.push(wait)).is_ok() {}
        assert!(waits.len() >= 2, "{waits:?}");
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST, "{waits:?}");
        assert!(waits[1] >= FIRST && waits[1] <= FIRST * 2, "{waits:?}");
    }

    #[test]
    fn a_date_is_not_compared_with_this_clock() {
        assert_eq!(retry_after(Some("2")), Some(Duration::from_secs(2)));
        assert_eq!(retry_after(Some("Wed, 21 Oct 2015 07:28:00 GMT")), None);
        assert_eq!(retry_after(None), None);
    }
}
