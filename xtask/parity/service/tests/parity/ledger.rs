//! Differences that were seen against those that have a name. Neither may be without the other.

use std::collections::BTreeSet;

use crate::answers::{Answer, unlike};
use crate::corpus::Case;
use crate::differences::{Difference, fits};

/// Which patterns of a difference are looked at.
type Of = fn(&Difference) -> Vec<&String>;

pub(crate) struct Ledger {
    all: Vec<Difference>,
    /// The patterns that something needed, by the difference that they are of.
    needed: BTreeSet<(usize, String)>,
    faults: Vec<String>,
}

impl Ledger {
    /// Of the differences in a JSON text.
    pub(crate) fn new(differences: &str) -> Self {
        Self {
            all: serde_json::from_str(differences).unwrap(),
            needed: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// Holds the answer to a case against what is named.
    pub(crate) fn answer(&mut self, case: &Case, seen: &Answer) {
        let name = &case.name;
        let mut unlike = unlike(&case.response, seen);
        for (header, value) in self.all.iter().flat_map(|difference| &difference.always) {
            if seen.headers.get(header) == Some(value) {
                unlike.retain(|what| what != header);
            } else if !case.response.headers.contains_key(header) {
                self.faults
                    .push(format!("`{name}` has no {header}: {value}"));
            }
        }
        let fault = match (
            unlike.as_slice(),
            self.claims(name, Difference::cases).as_slice(),
        ) {
            ([], []) => None,
            ([], [index]) => Some(format!(
                "is the same, and `{}` says otherwise",
                self.id(*index)
            )),
            (unlike, []) => {
                let what = unlike.join(", ");
                Some(format!("differs in {what}, and nothing says why"))
            }
            (unlike, [index]) => {
                let fault = self.all.get(*index).unwrap().fault(name, seen, unlike);
                fault.map(|fault| format!("is not as `{}` says: {fault}", self.id(*index)))
            }
            (_, [one, other, ..]) => {
                let (one, other) = (self.id(*one), self.id(*other));
                Some(format!("is claimed by `{one}` and `{other}`"))
            }
        };
        if let Some(fault) = fault {
            let (there, here) = (case.response.told(), seen.told());
            let fault = format!("`{name}` {fault}\n  there: {there}\n  here:  {here}");
            self.faults.push(fault);
        }
    }

    /// Holds a place of the document against what is named: the place, and what stands there and here.
    pub(crate) fn told(&mut self, place: &str) {
        match self.claims(place, Difference::document).as_slice() {
            [_] => {}
            [] => self.faults.push(format!(
                "the document differs, and nothing says why\n  {place}"
            )),
            [one, other, ..] => {
                let (one, other) = (self.id(*one), self.id(*other));
                let fault = format!("{place} is claimed by `{one}` and `{other}`");
                self.faults.push(fault);
            }
        }
    }

    /// What was wrong with the answers.
    pub(crate) fn faults_of_answers(self) -> Vec<String> {
        self.faults(Difference::cases)
    }

    /// What was wrong with the document.
    pub(crate) fn faults_of_document(self) -> Vec<String> {
        self.faults(Difference::document)
    }

    fn faults(mut self, of: Of) -> Vec<String> {
        for (index, difference) in self.all.iter().enumerate() {
            for pattern in of(difference) {
                if !self.needed.contains(&(index, pattern.clone())) {
                    let id = &difference.id;
                    let fault = format!("`{id}` names `{pattern}`, which nothing needs");
                    self.faults.push(fault);
                }
            }
        }
        self.faults
    }

    /// The differences that name this, each once.
    fn claims(&mut self, name: &str, of: Of) -> Vec<usize> {
        let mut claims = Vec::new();
        for (index, difference) in self.all.iter().enumerate() {
            let patterns = of(difference).into_iter();
            for pattern in patterns.filter(|pattern| fits(pattern, name)) {
                self.needed.insert((index, pattern.clone()));
                if claims.last() != Some(&index) {
                    claims.push(index);
                }
            }
        }
        claims
    }

    fn id(&self, index: usize) -> &str {
        &self.all.get(index).unwrap().id
    }
}
