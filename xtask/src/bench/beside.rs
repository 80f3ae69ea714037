//! What runs beside a service because its answers ask for it: a database, a collector.

use anyhow::{Result, anyhow, bail};

use crate::contract::{Collector, Postgres};
use crate::pack::Answers;

/// What was started for a service. It is gone when this is dropped.
#[derive(Default)]
pub struct Beside {
    env: Vec<(String, String)>,
    /// Held for as long as the service may ask them.
    held: (Option<Postgres>, Option<Collector>),
}

impl Beside {
    /// Starts what `answers` ask for.
    ///
    /// # Errors
    /// When it cannot be started here.
    pub fn start(answers: &Answers) -> Result<Self> {
        let is = |option: &str, value: &str| answers.get(option).is_some_and(|it| it == value);
        let mut beside = Self::default();
        if is("database", "postgres") {
            if let Some(missing) = Postgres::missing() {
                bail!(
                    "a service with a database has to have one to be measured, and {missing}; install PostgreSQL, or take \
                     `--case database=none`"
                );
            }
            let postgres = Postgres::start()?;
            beside.set("SECRET_DATABASE_URL", postgres.database()?);
            beside.held.0 = Some(postgres);
        }
        if is("metrics", "otlp") {
            let collector = Collector::sink().map_err(|fault| anyhow!("{fault}"))?;
            beside.set("APP__TELEMETRY__ENDPOINT", collector.endpoint());
            beside.held.1 = Some(collector);
        }
        Ok(beside)
    }

    /// What leads the service there.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    fn set(&mut self, name: &str, value: String) {
        self.env.push((name.to_owned(), value));
    }
}

impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beside")
            .field("env", &self.env)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_pushes_has_somewhere_to_push_to() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
            Beside::start(&pairs.collect()).unwrap()
        };
        assert!(
            of(&[("database", "none"), ("metrics", "prometheus")])
                .env()
                .is_empty()
        );
        let pushing = of(&[("metrics", "otlp")]);
        let [(name, endpoint)] = pushing.env() else {
            panic!("{pushing:?}")
        };
        assert_eq!(name, "APP__TELEMETRY__ENDPOINT");
        assert!(endpoint.starts_with("http://127.0.0.1:"), "{endpoint}");
    }
}
