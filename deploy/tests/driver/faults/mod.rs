//! Faults, injected one at a time: what dies, what the driver says, what runs then, and what the same command does afterwards.
//!
//! The cases are one table, `table.rs`. They are all run, here, and what was seen is what `docs/deploy-faults.md` holds. All of
//! them meet the back end `command`; where it makes a difference, the same rows have to hold on `compose`.

mod case;
mod compose;
mod docs;
mod run;
mod table;
mod together;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use case::{Case, Fault};
use run::Observed;

use crate::support::place::{Compose, On};
use crate::support::registry;

/// How many cases run at once. They wait more than they work.
const AT_ONCE: usize = 8;

/// Names one case, to run it alone.
const ONLY: &str = "DEPLOY_TEST_CASE";

#[test]
fn every_case_ends_as_its_row_says() {
    if registry::address().is_none() {
        return;
    }
    let cases = picked(|_| true);
    assert!(!cases.is_empty(), "{ONLY}: there is no such case");
    let seen = all(&cases, On::Command, |case| case.fault.possible());
    if only().is_none() {
        docs::hold(&cases, &seen);
    }
}

#[test]
fn every_case_that_an_engine_can_be_brought_to_ends_so_on_compose() {
    if registry::address().is_none() || !Compose::available() {
        return;
    }
    all(&picked(compose::also), On::Compose, compose::possible);
}

fn only() -> Option<String> {
    std::env::var(ONLY).ok()
}

fn picked(wanted: fn(&Case) -> bool) -> Vec<&'static Case> {
    let only = only();
    let all = table::CASES.iter().copied().flatten();
    all.filter(|case| only.as_ref().is_none_or(|only| case.name == only) && wanted(case))
        .collect()
}

/// Runs them, and fails with all that ended otherwise.
fn all(cases: &[&Case], on: On, possible: fn(&Case) -> bool) -> Vec<Option<Observed>> {
    let next = AtomicUsize::new(0);
    let seen: Mutex<Vec<Option<Observed>>> = Mutex::new(cases.iter().map(|_| None).collect());
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((index, case)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(index).map(|case| (index, case))
                } {
                    if !possible(case) {
                        continue;
                    }
                    let observed = run::run(case, on);
                    let problems = observed.against(case);
                    if !problems.is_empty() {
                        wrong.lock().unwrap().push(problems);
                    }
                    seen.lock().unwrap()[index] = Some(observed);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "on {on:?}\n{}", wrong.join("\n\n"));
    seen.into_inner().unwrap()
}

/// A step that nobody dies before is a step of which nobody knows what follows.
#[test]
fn every_step_of_every_command_has_a_case_in_which_the_driver_dies_there() {
    for plan in deploy::driver::plan::PLANS {
        if plan.command == "status" {
            // It changes nothing.
            continue;
        }
        for step in plan.steps {
            let covered = table::CASES.iter().copied().flatten().any(|case| {
                let dies = match case.fault {
                    Fault::Killed(at) | Fault::KilledAfter(_, at) => at == step.name(),
                    _ => false,
                };
                dies && case.command.starts_with(plan.command)
            });
            assert!(
                covered,
                "add a case to faults/table.rs: `{}` killed before `{}`",
                plan.command,
                step.name()
            );
        }
    }
}

#[test]
fn names_of_cases_are_unique() {
    let mut names: Vec<_> = table::CASES
        .iter()
        .copied()
        .flatten()
        .map(|case| case.name)
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
