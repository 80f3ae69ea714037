//! Medians and spreads: one round proves little on a machine that does other things too.

use serde::Serialize;

/// The middle of some readings, and how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Half of the readings are below it.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

impl Spread {
    /// Of `readings`; nothing when there are none.
    pub fn of(readings: &[f64]) -> Option<Self> {
        let mut sorted = readings.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self { median, low, high })
    }

    /// Of each reading divided by the one of the same round. Rounds are compared, not medians: what slows the machine
    /// slows both halves of a round.
    pub fn of_ratios(readings: &[f64], references: &[f64]) -> Option<Self> {
        let pairs = readings.iter().zip(references);
        let ratios: Vec<f64> = pairs.map(|(reading, by)| reading / by).collect();
        Self::of(&ratios)
    }
}

/// A count as a figure.
#[expect(
    clippy::cast_precision_loss,
    reason = "2^53 bytes, requests or nanoseconds are never reached here"
)]
pub fn figure(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_between_the_extremes() {
        let spread = |median, low, high| Some(Spread { median, low, high });
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), spread(2.0, 1.0, 3.0));
        assert_eq!(Spread::of(&[4.0, 1.0]), spread(2.5, 1.0, 4.0));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn rounds_are_compared_and_not_medians() {
        // The machine was half as fast in the second round.
        let ratios = Spread::of_ratios(&[90.0, 45.0], &[100.0, 50.0]);
        assert_eq!(ratios.map(|r| (r.low, r.high)), Some((0.9, 0.9)));
    }
}
