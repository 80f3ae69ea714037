//! The combinations once more, with answers that hold what files give meaning to: a text that a developer may type.
//!
//! One placeholder at a time, so that a finding can name it. What its regular expression or a hook refuses is not tried.

use std::collections::BTreeSet;

use regex::Regex;

use super::performance::Performance;
use super::{Rehearsal, Run};
use crate::pack::manifest::Kind;

/// Answers that files have to quote; between them every character that TOML, YAML or JSON give meaning to.
const ANSWERS: [&str; 3] = [
    r#"It's "new": C:\users #1, {{ name }} & [more]"#,
    r"- it's: a \ list",
    r#""quoted" and more"#,
];
/// How many combinations are tried with each.
const COMBINATIONS: usize = 16;

/// A combination with such an answer.
#[derive(Debug)]
pub struct Hostile {
    /// The placeholder.
    pub placeholder: String,
    /// The answer to it.
    pub answer: &'static str,
    /// Which of the ordinary runs has the same options.
    pub ordinary: usize,
    /// What came of it.
    pub run: Run,
}

/// Plays combinations of `rehearsal` with each answer to each placeholder that takes any text.
pub fn play(performance: &Performance<'_>, rehearsal: &Rehearsal) -> Vec<Hostile> {
    let mut all = Vec::new();
    for placeholder in &performance.manifest.placeholders {
        // cargo-generate makes a name of whatever is typed for this one.
        let is_free = placeholder.kind == Kind::String
            && placeholder.choices.is_empty()
            && placeholder.name != "project-name";
        let pattern = placeholder.regex.as_ref();
        let pattern = pattern.map(|regex| Regex::new(&regex.value));
        let takes = |answer: &str| match &pattern {
            None => true,
            Some(Ok(regex)) => regex.is_match(answer),
            Some(Err(_)) => false,
        };
        for answer in ANSWERS.into_iter().filter(|it| is_free && takes(it)) {
            let mut tried = BTreeSet::new();
            let runs = rehearsal.runs.iter().enumerate();
            // Each value of each option once; text under two options at a time may go unseen.
            let runs = runs.filter(|(_, run)| run.is_whole);
            let new = runs.filter(|(_, run)| {
                let values = run.case.answers.iter();
                values.filter(|value| tried.insert(*value)).count() > 0
            });
            for (ordinary, run) in new.take(COMBINATIONS) {
                let mut case = run.case.clone();
                case.answers
                    .insert(placeholder.name.clone(), answer.to_owned());
                // What fails here fails by itself: the rules about hooks look at ordinary answers.
                let mut apart = Rehearsal::default();
                if !performance.run(case, false, &mut apart) {
                    return all;
                }
                let run = apart.runs.pop().filter(|run| run.is_whole);
                all.extend(run.map(|run| Hostile {
                    placeholder: placeholder.name.clone(),
                    answer,
                    ordinary,
                    run,
                }));
            }
        }
    }
    all
}
