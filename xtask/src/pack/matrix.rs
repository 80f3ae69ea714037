//! Combinations of a template's options, taken from its manifest and never listed by hand.

use std::collections::BTreeMap;
use std::fmt;

use clap::ValueEnum;

use super::manifest::{Kind, Manifest};

/// Answers by placeholder.
pub type Answers = BTreeMap<String, String>;

/// How many combinations are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Matrix {
    /// The defaults alone.
    Default,
    /// The defaults, and every other value of every option, in as few combinations as that takes. Of a further template with
    /// the same options: the first and the last of these.
    Cover,
    /// The defaults, and every other value of every option by itself.
    Each,
    /// Every pair of values of any two options at least once.
    Pairwise,
    /// Every combination.
    All,
}

/// One combination of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// A value for every option with choices.
    pub answers: Answers,
}

impl fmt::Display for Case {
    /// `deploy=compose,metrics=none`: what `--case` takes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (option, value)) in self.answers.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{option}={value}")?;
        }
        Ok(())
    }
}

/// The combinations of `manifest`'s options that `matrix` asks for, the defaults first.
pub fn cases(manifest: &Manifest, matrix: Matrix) -> Vec<Case> {
    let options = options(manifest);
    let defaults: Answers = options
        .iter()
        .filter_map(|(name, values)| Some((name.clone(), values.first()?.clone())))
        .collect();
    let mut all = vec![defaults.clone()];
    match matrix {
        Matrix::Default => {}
        Matrix::Cover => all.extend(cover(&options, &defaults)),
        Matrix::Each => {
            for (name, values) in &options {
                for value in values.iter().skip(1) {
                    let mut answers = defaults.clone();
                    answers.insert(name.clone(), value.clone());
                    all.push(answers);
                }
            }
        }
        Matrix::Pairwise => pairwise(&options, &mut all),
        Matrix::All => {
            all = product(&options);
        }
    }
    all.into_iter().map(|answers| Case { answers }).collect()
}

/// Options with a closed set of values, each with its default first.
fn options(manifest: &Manifest) -> Vec<(String, Vec<String>)> {
    manifest
        .placeholders
        .iter()
        .filter_map(|placeholder| {
            let mut values = match placeholder.kind {
                Kind::Bool => vec!["true".to_owned(), "false".to_owned()],
                Kind::String => placeholder.choices.clone(),
            };
            let default = placeholder.default.as_ref().map(|default| &default.value);
            // Stable: the default comes first, the rest keep their order.
            values.sort_by_key(|value| Some(value) != default);
            (!values.is_empty()).then(|| (placeholder.name.clone(), values))
        })
        .collect()
}

/// As many combinations as the longest option has values beside its default. Those of other options are spread over them,
/// beginning with another one for each, so that few meet that could stand alone.
fn cover(options: &[(String, Vec<String>)], defaults: &Answers) -> Vec<Answers> {
    let others = |values: &Vec<String>| values.len().saturating_sub(1);
    let turns = options.iter().map(|(_, values)| others(values)).max();
    let mut all = vec![defaults.clone(); turns.unwrap_or(0)];
    let turns = all.len();
    for (index, (name, values)) in options.iter().enumerate() {
        for (turn, value) in values.iter().skip(1).enumerate() {
            if let Some(answers) = all.get_mut((turn + index) % turns) {
                answers.insert(name.clone(), value.clone());
            }
        }
    }
    all
}

fn product(options: &[(String, Vec<String>)]) -> Vec<Answers> {
    let mut all = vec![Answers::new()];
    for (name, values) in options {
        all = all
            .iter()
            .flat_map(|answers| {
                values.iter().map(|value| {
                    let mut answers = answers.clone();
                    answers.insert(name.clone(), value.clone());
                    answers
                })
            })
            .collect();
    }
    all
}

/// Greedy: as long as a pair is missing, take the combination that covers most missing pairs.
fn pairwise(options: &[(String, Vec<String>)], all: &mut Vec<Answers>) {
    let candidates = product(options);
    let covers = |answers: &Answers| -> Vec<[(String, String); 2]> {
        let picked: Vec<_> = answers
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let mut pairs = Vec::new();
        for (index, a) in picked.iter().enumerate() {
            // A pair with itself covers each value where there is only one option.
            for b in &picked[index..] {
                pairs.push([a.clone(), b.clone()]);
            }
        }
        pairs
    };
    let mut missing: std::collections::BTreeSet<_> = candidates.iter().flat_map(covers).collect();
    for answers in all.iter() {
        for pair in covers(answers) {
            missing.remove(&pair);
        }
    }
    while !missing.is_empty() {
        let gain = |answers: &&Answers| {
            covers(answers)
                .iter()
                .filter(|pair| missing.contains(*pair))
                .count()
        };
        let Some(best) = candidates.iter().max_by_key(gain) else {
            return;
        };
        for pair in covers(best) {
            missing.remove(&pair);
        }
        all.push(best.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Source;

    fn manifest() -> Manifest {
        let text = "[placeholders]\n\
            name = {prompt = 'n', default = 'x'}\n\
            metrics = {prompt = 'm', choices = ['none', 'prometheus', 'otlp'], default = 'prometheus'}\n\
            database = {prompt = 'd', choices = ['none', 'postgres'], default = 'none'}\n\
            deploy = {prompt = 'p', choices = ['compose', 'kubernetes'], default = 'compose'}\n";
        Manifest::parse(Source::new("template-x/cargo-generate.toml", text))
    }

    #[test]
    fn default_is_the_defaults() {
        let cases = cases(&manifest(), Matrix::Default);
        assert_eq!(cases.len(), 1);
        assert_eq!(
            cases[0].to_string(),
            "database=none,deploy=compose,metrics=prometheus"
        );
    }

    #[test]
    fn cover_has_every_value_in_as_few_cases_as_that_takes() {
        let cases = cases(&manifest(), Matrix::Cover);
        let shown: Vec<String> = cases.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "database=none,deploy=compose,metrics=prometheus",
                "database=none,deploy=kubernetes,metrics=none",
                "database=postgres,deploy=compose,metrics=otlp",
            ]
        );
    }

    #[test]
    fn each_varies_one_option_at_a_time() {
        let cases = cases(&manifest(), Matrix::Each);
        assert_eq!(cases.len(), 1 + 2 + 1 + 1);
    }

    #[test]
    fn pairwise_covers_every_pair_with_fewer_cases_than_all() {
        let manifest = manifest();
        let pairs = cases(&manifest, Matrix::Pairwise);
        let all = cases(&manifest, Matrix::All);
        assert_eq!(all.len(), 12);
        assert!(pairs.len() < all.len(), "{}", pairs.len());
        for a in &all {
            for (k1, v1) in &a.answers {
                for (k2, v2) in &a.answers {
                    let covered = pairs
                        .iter()
                        .any(|c| c.answers[k1] == *v1 && c.answers[k2] == *v2);
                    assert!(covered, "{k1}={v1} with {k2}={v2}");
                }
            }
        }
    }
}
