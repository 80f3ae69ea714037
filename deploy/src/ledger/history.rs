//! What the tags say. Pure: no registry, no clock.

use super::tag::{Lift, Mark, Record, Tag};
use crate::names::{Commit, Environment};

/// All tags with a meaning, read at one moment.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct History {
    commits: Vec<Commit>,
    /// Ascending.
    records: Vec<Record>,
    marks: Vec<Mark>,
    lifts: Vec<Lift>,
}

/// A quarantine that holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Quarantine {
    /// The tag that says so.
    pub mark: Mark,
    /// What lifts it.
    pub lift: Lift,
}

impl History {
    /// Reads a list of tags, in any order.
    pub fn of<T: AsRef<str>>(tags: &[T]) -> Self {
        let mut history = Self::default();
        for tag in tags.iter().filter_map(|tag| Tag::parse(tag.as_ref())) {
            match tag {
                Tag::Commit(commit) => history.commits.push(commit),
                Tag::Record(record) => history.records.push(record),
                Tag::Mark(mark) => history.marks.push(mark),
                Tag::Lift(lift) => history.lifts.push(lift),
            }
        }
        history.records.sort();
        history
    }

    /// An environment's records, newest first.
    pub fn records(&self, environment: Environment) -> impl Iterator<Item = &Record> {
        let here = move |record: &&Record| record.environment == environment;
        self.records.iter().rev().filter(here)
    }

    /// The newest record, whether it counts or not.
    pub fn newest(&self, environment: Environment) -> Option<&Record> {
        self.records(environment).next()
    }

    /// The newest record that counts.
    pub fn good(&self, environment: Environment) -> Option<&Record> {
        let counts = |record: &&Record| self.quarantine(environment, &record.short).is_none();
        self.records(environment).find(counts)
    }

    /// The newest record of a commit.
    pub fn record_of(&self, environment: Environment, short: &str) -> Option<&Record> {
        self.records(environment)
            .find(|record| record.short == short)
    }

    /// The next record's name.
    pub fn next(&self, environment: Environment, commit: &Commit) -> Record {
        let newest = self.newest(environment).map_or(0, |record| record.seq);
        Record {
            seq: newest.saturating_add(1),
            short: commit.short().to_owned(),
            environment,
        }
    }

    /// The quarantine that holds a commit, if one does.
    pub fn quarantine(&self, environment: Environment, short: &str) -> Option<Quarantine> {
        let here = |mark: &&Mark| mark.environment == environment && mark.short == short;
        // Without a number first: `None` is below every `Some`.
        let mark = self.marks.iter().filter(here).max_by_key(|mark| mark.seq)?;
        if let Some(lifted) = self.lifted(environment, short)
            && mark.seq.is_none_or(|seq| seq <= lifted)
        {
            return None;
        }
        let record = self
            .record_of(environment, short)
            .map_or(0, |record| record.seq);
        let lift = Lift {
            environment,
            short: short.to_owned(),
            seq: mark.seq.unwrap_or(record),
        };
        Some(Quarantine {
            mark: mark.clone(),
            lift,
        })
    }

    /// All quarantines that hold, in the order of their commits' digits.
    pub fn quarantines(&self, environment: Environment) -> Vec<Quarantine> {
        let here = |mark: &&Mark| mark.environment == environment;
        let marks = self.marks.iter().filter(here);
        let mut shorts: Vec<_> = marks.map(|mark| mark.short.as_str()).collect();
        shorts.sort_unstable();
        shorts.dedup();
        let held = |short: &str| self.quarantine(environment, short);
        shorts.into_iter().filter_map(held).collect()
    }

    /// What to write to quarantine a record's commit; nothing where that holds already.
    pub fn mark(&self, record: &Record) -> Option<Mark> {
        let (environment, short) = (record.environment, record.short.as_str());
        if self.quarantine(environment, short).is_some() {
            return None;
        }
        let mut marks = self.marks.iter();
        let before = marks.any(|mark| mark.environment == environment && mark.short == short);
        Some(Mark {
            environment,
            short: short.to_owned(),
            // A number only where the first mark was lifted.
            seq: before.then_some(record.seq),
        })
    }

    /// The commit that a record's digits stand for, if exactly one was published.
    pub fn commit(&self, short: &str) -> Option<&Commit> {
        let mut found = self.commits.iter().filter(|commit| commit.short() == short);
        let first = found.next();
        match found.next() {
            None => first,
            Some(_) => None,
        }
    }

    /// Up to which record a commit's quarantines are lifted.
    fn lifted(&self, environment: Environment, short: &str) -> Option<u64> {
        let here = |lift: &&Lift| lift.environment == environment && lift.short == short;
        self.lifts.iter().filter(here).map(|lift| lift.seq).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbb";
    const PROD: Environment = Environment::Prod;

    fn named(record: Option<&Record>) -> Option<String> {
        record.map(ToString::to_string)
    }

    #[test]
    fn records_are_ordered_by_number_and_not_by_text() {
        let tags: Vec<_> = (1..=11).map(|n| format!("deployed-prod-{n}-{A}")).collect();
        let history = History::of(&tags);
        assert_eq!(
            named(history.newest(PROD)),
            Some(format!("deployed-prod-11-{A}"))
        );
        assert_eq!(history.newest(Environment::Dev), None);
    }

    /// Quarantined, lifted, deployed again, quarantined again, lifted again.
    #[test]
    fn a_quarantine_is_outnumbered_and_comes_back() {
        let mut tags = vec![
            format!("deployed-prod-1-{A}"),
            format!("deployed-prod-2-{B}"),
        ];
        let write = |tags: &mut Vec<String>, seq: u64, short: &str| {
            let record = Record {
                seq,
                short: short.to_owned(),
                environment: PROD,
            };
            let mark = History::of(tags).mark(&record).unwrap();
            tags.push(mark.to_string());
        };
        write(&mut tags, 2, B);
        assert_eq!(tags[2], format!("quarantined-prod-{B}"));
        let history = History::of(&tags);
        let held = history.quarantine(PROD, B).unwrap();
        assert_eq!(
            named(history.good(PROD)),
            Some(format!("deployed-prod-1-{A}"))
        );
        assert_eq!(history.mark(history.newest(PROD).unwrap()), None);

        tags.push(format!("deployed-prod-3-{A}"));
        tags.push(held.lift.to_string());
        assert_eq!(tags[4], format!("lifted-prod-{B}-2"));
        assert_eq!(History::of(&tags).quarantine(PROD, B), None);

        tags.push(format!("deployed-prod-4-{B}"));
        assert_eq!(History::of(&tags).quarantine(PROD, B), None);
        write(&mut tags, 4, B);
        assert_eq!(tags[6], format!("quarantined-prod-{B}-4"));
        let held = History::of(&tags).quarantine(PROD, B).unwrap();
        tags.push(held.lift.to_string());
        assert_eq!(tags[7], format!("lifted-prod-{B}-4"));
        tags.reverse();
        assert_eq!(History::of(&tags).quarantine(PROD, B), None);
        assert_eq!(History::of(&tags).quarantines(PROD), vec![]);
    }

    #[test]
    fn a_quarantine_holds_in_its_environment_only() {
        let tags = [format!("quarantined-prod-{A}")];
        let history = History::of(&tags);
        assert!(history.quarantine(PROD, A).is_some());
        assert!(history.quarantine(Environment::Staging, A).is_none());
        assert!(history.quarantine(PROD, B).is_none());
    }

    #[test]
    fn digits_that_two_commits_share_stand_for_none() {
        let one = format!("{A}{}", "1".repeat(28));
        let two = format!("{A}{}", "2".repeat(28));
        let history = History::of(&[&one]);
        assert_eq!(history.commit(A).map(Commit::as_str), Some(one.as_str()));
        assert_eq!(History::of(&[&one, &two]).commit(A), None);
        assert_eq!(history.commit(B), None);
    }
}
