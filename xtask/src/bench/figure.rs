//! A figure: what was measured, beside its reference and its target.

use serde::Serialize;

use super::statistics::Spread;

/// One measured thing.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it is, unique in a run.
    pub name: String,
    /// Of `service` and `bare`.
    pub unit: &'static str,
    /// The service's.
    pub service: Spread,
    /// The bare handler's, in the same rounds.
    pub bare: Option<Spread>,
    /// The service's by the bare handler's, round by round.
    pub ratio: Option<Spread>,
    /// What it should be.
    pub target: Option<Target>,
    /// Whether it is.
    pub verdict: Verdict,
}

/// What a figure should be: its ratio where it has one, else the figure itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The goal, and the floor that `--gate` holds it to.
    AtLeast {
        /// Good.
        goal: f64,
        /// Just good enough.
        floor: f64,
    },
    /// The goal, and the ceiling that `--gate` holds it to.
    AtMost {
        /// Good.
        goal: f64,
        /// Just good enough.
        floor: f64,
    },
}

/// What became of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// There is none.
    None,
    /// The goal is met.
    Ok,
    /// The goal is missed, the floor is not.
    Near,
    /// Both are missed.
    Missed,
}

impl Figure {
    /// The service's readings alone; nothing when there are none.
    pub fn alone(name: impl Into<String>, unit: &'static str, readings: &[f64]) -> Option<Self> {
        Some(Self {
            name: name.into(),
            unit,
            service: Spread::of(readings)?,
            bare: None,
            ratio: None,
            target: None,
            verdict: Verdict::None,
        })
    }

    /// The service's readings and the bare handler's, in the order of the rounds.
    pub fn pair(
        name: impl Into<String>,
        unit: &'static str,
        readings: &[f64],
        bare: &[f64],
    ) -> Option<Self> {
        Some(Self {
            bare: Some(Spread::of(bare)?),
            ratio: Spread::of_ratios(readings, bare),
            ..Self::alone(name, unit, readings)?
        })
    }

    /// Holds the figure itself against `target`, where there is one, though there is a ratio.
    pub fn itself(self, target: impl Into<Option<Target>>) -> Self {
        let value = self.service.median;
        self.judged(target.into(), value)
    }

    /// Holds the ratio against `target`, or the figure where there is none.
    pub fn held_to(self, target: impl Into<Option<Target>>) -> Self {
        let value = self.ratio.unwrap_or(self.service).median;
        self.judged(target.into(), value)
    }

    fn judged(self, target: Option<Target>, value: f64) -> Self {
        let Some(target) = target else { return self };
        let (good, enough) = match target {
            Target::AtLeast { goal, floor } => (value >= goal, value >= floor),
            Target::AtMost { goal, floor } => (value <= goal, value <= floor),
        };
        let verdict = match (good, enough) {
            (true, _) => Verdict::Ok,
            (false, true) => Verdict::Near,
            (false, false) => Verdict::Missed,
        };
        Self {
            target: Some(target),
            verdict,
            ..self
        }
    }
}

impl Target {
    /// A ceiling that is the goal as well.
    pub fn at_most(goal: f64) -> Self {
        Self::AtMost { goal, floor: goal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_neared_or_missed() {
        let throughput = Target::AtLeast {
            goal: 0.9,
            floor: 0.85,
        };
        for (service, verdict) in [
            (95.0, Verdict::Ok),
            (87.0, Verdict::Near),
            (80.0, Verdict::Missed),
        ] {
            let figure = Figure::pair("throughput", "1/s", &[service], &[100.0]).unwrap();
            assert_eq!(figure.held_to(throughput).verdict, verdict, "{service}");
        }
        let size = Figure::pair("size", "MB", &[3.0], &[1.0]).unwrap();
        assert_eq!(size.itself(Target::at_most(3.5)).verdict, Verdict::Ok);
    }
}
