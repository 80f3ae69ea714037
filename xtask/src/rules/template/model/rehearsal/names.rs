//! The defaults once more, for services whose names cargo refuses: whether a hook refuses them first.

use super::performance::Performance;
use super::{Rehearsal, Run};

/// Names in kebab case, as cargo-generate hands them to hooks, and what each is.
const NAMES: [(&str, &str); 3] = [
    ("build", "a folder of cargo's"),
    ("deps", "a folder of cargo's"),
    ("1st-orders", "no name that starts with a letter"),
];

/// A name that cargo refuses, tried.
#[derive(Debug)]
pub struct Named {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// What came of it; nothing where a hook refused it.
    pub run: Option<Run>,
}

/// Plays the first combination of `rehearsal` with each name.
pub fn play(performance: &Performance<'_>, rehearsal: &Rehearsal) -> Vec<Named> {
    let Some(first) = rehearsal.whole().next() else {
        return Vec::new();
    };
    let tried = NAMES.iter().map(|(name, what)| {
        let mut case = first.case.clone();
        case.answers
            .insert("project-name".to_owned(), (*name).to_owned());
        let mut apart = Rehearsal::default();
        performance.run(case, false, &mut apart);
        Named {
            name,
            what,
            run: apart.runs.pop().filter(|run| run.is_whole),
        }
    });
    tried.collect()
}
