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
use deploy::driver::plan::{PLANS, Plan, Step};
use run::Observed;

use crate::support::place::{Compose, On};
use crate::support::registry;

/// How many cases run at once. They wait more than they work.
const AT_ONCE: usize = 8;
/// The same on an engine, where each call of it is a process.
const ON_ENGINE: usize = 5;

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
    let at_once = if on == On::Compose {
        ON_ENGINE
    } else {
        AT_ONCE
    };
    thread::scope(|scope| {
        for _ in 0..at_once {
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
    for plan in PLANS {
        if plan.command == "status" {
            // It changes nothing.
            continue;
        }
        for step in plan.steps {
            let mut cases = table::CASES.iter().copied().flatten();
            let covered =
                cases.any(|case| dies(case, step.name()) && case.command.starts_with(plan.command));
            assert!(
                covered,
                "add a case to faults/table.rs: `{}` killed before `{}`",
                plan.command,
                step.name()
            );
        }
    }
}

/// Of steps that two commands share, it is enough that one dies there.
#[test]
fn every_step_of_a_deployment_has_a_case_on_compose_too() {
    let deploys = |plan: &&&Plan| plan.steps.contains(&Step::Deploy);
    for plan in PLANS.iter().filter(deploys) {
        for step in plan.steps {
            let mut cases = table::CASES.iter().copied().flatten();
            assert!(
                cases.any(|case| dies(case, step.name()) && compose::also(case)),
                "`{}` before `{}` is run on no engine: see faults/compose.rs",
                plan.command,
                step.name()
            );
        }
    }
}

/// Whether a case kills the driver before a step.
fn dies(case: &Case, step: &str) -> bool {
    matches!(case.fault, Fault::Killed(at) | Fault::KilledAfter(_, at) if at == step)
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
