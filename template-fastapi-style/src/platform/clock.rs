//! The time of day, told by the clock that a request reads anyway: a reading takes 30 ns on some machines.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long one look at the clock on the wall counts: whoever sets that one is followed this soon, and so is a machine that slept.
const FRESH: Duration = Duration::from_secs(1);

/// The time from the beginning of 1970 until `at`, which is now or was a moment ago.
pub(super) fn since_epoch(at: Instant) -> Duration {
    thread_local! {
        static LAST: Cell<Option<Look>> = const { Cell::new(None) };
    }
    if let Some(time) = LAST.get().and_then(|look| look.tell(at)) {
        return time;
    }
    let look = Look::now();
    LAST.set(Some(look));
    look.tell(at).unwrap_or(look.time)
}

/// A look at both clocks at once.
#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    /// Since the beginning of 1970: a clock that nobody has set may be behind that.
    time: Duration,
}

impl Look {
    fn now() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            at: Instant::now(),
            time: now.unwrap_or_default(),
        }
    }

    /// None when this look was too long before `at`, or after it.
    fn tell(self, at: Instant) -> Option<Duration> {
        let age = at.checked_duration_since(self.at)?;
        (age < FRESH).then_some(self.time + age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_counts_for_a_second_and_not_before_it() {
        let look = Look::now();
        let half = FRESH / 2;
        assert_eq!(look.tell(look.at + half), Some(look.time + half));
        assert_eq!(look.tell(look.at + FRESH), None);
        assert_eq!(look.tell(look.at.checked_sub(half).unwrap()), None);
    }

    #[test]
    fn it_tells_what_the_clock_on_the_wall_tells() {
        let before = SystemTime::now();
        // The second time by the look of the first.
        let told = [Instant::now(), Instant::now()].map(|at| UNIX_EPOCH + since_epoch(at));
        let after = SystemTime::now();
        let slack = Duration::from_millis(500);
        for told in told {
            assert!(told + slack > before && told < after + slack, "{told:?}");
        }
    }
}
