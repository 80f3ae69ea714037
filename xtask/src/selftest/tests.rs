//! Proof of the proof: the table fits the pack and leaves no rule out, and what a checker misses is seen.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::copy::{Copy, entry};
use super::edit::swap;
use super::fault::fault;
use super::plant::plant;
use super::{Checker, Family, Fault, Outcome, Status, output, pick, run, table};
use crate::pack::{Pack, tracked};
use crate::report::{Finding, Report};
use crate::{rules, validate};

/// Fewer than this would be a table that has lost some.
const FLOOR: usize = 90;

fn planted(faults: &[&'static Fault], checker: Checker<'_>) -> Result<Vec<Outcome>> {
    run(&Pack::open(None)?, faults, checker, &mut |_| Ok(()))
}

#[expect(clippy::unnecessary_wraps, reason = "a checker may fail")]
fn nothing(_: &Path, _: Family) -> Result<Vec<Finding>> {
    Ok(Vec::new())
}

/// The template rules, without the one called `off`. Tests can't render, and leave workflows alone.
fn without(off: &str, root: &Path, family: Family) -> Result<Vec<Finding>> {
    let mut findings = match family {
        Family::Templates => validate::check(Some(root))?.sorted(),
        Family::Workflows => Vec::new(),
    };
    findings.retain(|finding| finding.rule != off);
    Ok(findings)
}

#[test]
fn every_rule_has_a_fault() {
    let planted: BTreeSet<&str> = table::all().map(|fault| fault.rule).collect();
    let known: BTreeSet<&str> = rules::about().iter().map(|about| about.id).collect();
    for rule in &known {
        assert!(
            planted.contains(rule),
            "add a fault for {rule} to xtask/src/selftest/table/"
        );
    }
    let unknown: Vec<_> = planted.difference(&known).collect();
    assert!(unknown.is_empty(), "there are no rules {unknown:?}");
    assert!(table::all().count() >= FLOOR);
}

#[test]
fn every_fault_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for fault in table::all() {
        assert!(names.insert(fault.name), "{} is there twice", fault.name);
        assert!(!fault.edits.is_empty(), "{} changes nothing", fault.name);
    }
}

#[test]
fn every_fault_fits_the_pack_and_is_taken_away_again() {
    let pack = Pack::open(None).unwrap();
    let mut copy = Copy::of(&pack).unwrap();
    for fault in table::all() {
        plant(&mut copy, fault, &pack.platform).unwrap();
        copy.restore().unwrap();
    }
    let files = tracked(&pack.root, ".").unwrap();
    assert_eq!(tracked(copy.root(), ".").unwrap(), files);
    for file in files {
        let (before, after) = (entry(&pack.root.join(&file)), copy.get(&file));
        assert_eq!(after.unwrap(), before.unwrap(), "{file}");
    }
}

#[test]
fn what_finds_nothing_misses_everything() {
    let faults = pick(Some("D6")).unwrap();
    let outcomes = planted(&faults, &nothing).unwrap();
    assert_eq!(outcomes.len(), faults.len());
    assert!(outcomes.iter().all(|o| o.status() == Status::Missed));
    assert_eq!(output::caught(&outcomes), 0);
    let lines = outcomes.iter().map(ToString::to_string);
    let mut missed =
        lines.filter(|line| line.starts_with("MISSED  cancel-in-progress: true on a stage "));
    let line = missed.next().unwrap();
    assert!(line.contains(" D6-deploy-concurrency .github/workflows/deploy.yml\n"));
    assert!(line.ends_with("cargo xtask selftest \"cancel-in-progress: true on a stage\"\n"));
}

#[test]
fn a_rule_that_is_switched_off_is_missed_by_name() {
    let faults = [
        pick(Some("in another case")).unwrap(),
        pick(Some("rustfmt")).unwrap(),
    ]
    .concat();
    let missed = |off: &'static str| -> BTreeSet<&str> {
        let outcomes = planted(&faults, &|root, family| without(off, root, family)).unwrap();
        let missed = outcomes.iter().filter(|o| o.status() == Status::Missed);
        missed.map(|o| o.fault.rule).collect()
    };
    assert_eq!(missed(""), BTreeSet::new());
    assert_eq!(missed("dead-pattern"), BTreeSet::from(["dead-pattern"]));
    assert_eq!(missed("fmt-left-on"), BTreeSet::from(["fmt-left-on"]));
}

#[test]
fn another_rule_or_another_file_is_no_catch() {
    let found = |rule: &'static str, file: &str| {
        let mut report = Report::default();
        report.error_in_file(rule, file, "m", "h");
        report.sorted()
    };
    let faults = pick(Some("a hook twice")).unwrap();
    for (rule, file, status) in [
        (
            "broken-hook",
            "template-axum/cargo-generate.toml",
            Status::Caught,
        ),
        (
            "broken-hook",
            "template-axum/hooks/naming.rhai",
            Status::Missed,
        ),
        (
            "dead-pattern",
            "template-axum/cargo-generate.toml",
            Status::Missed,
        ),
    ] {
        let outcome = Outcome::new(faults[0], found(rule, file), 0.0);
        assert_eq!(outcome.status(), status, "{rule} in {file}");
        let instead = outcome.to_string().contains("found instead: [");
        assert_eq!(instead, status == Status::Missed);
    }
}

#[test]
fn an_edit_that_no_longer_fits_is_named_with_its_file() {
    static STALE: Fault = fault(
        "a text that nobody wrote",
        "fmt-left-on",
        "platform.toml",
        &[swap("platform.toml", "no such line", "x")],
    );
    static GONE: Fault = fault(
        "a file that is gone",
        "fmt-left-on",
        "gone.toml",
        &[swap("gone.toml", "a", "b")],
    );
    let error = planted(&[&STALE], &nothing).unwrap_err().to_string();
    assert_eq!(
        error,
        "the fault \"a text that nobody wrote\" does not fit platform.toml: it holds no `no such line`; \
         change its edits in xtask/src/selftest/table/"
    );
    let error = planted(&[&GONE], &nothing).unwrap_err().to_string();
    assert!(
        error.contains("does not fit gone.toml: there is no such file;"),
        "{error}"
    );
}

#[test]
fn a_pack_that_is_not_clean_is_refused() {
    let unclean = |_: &Path, _: Family| {
        let mut report = Report::default();
        report.error_in_file("fmt-left-on", "a", "is wrong", "mend it");
        Ok(report.sorted())
    };
    let error = planted(&pick(Some("D6")).unwrap(), &unclean).unwrap_err();
    let error = error.to_string();
    assert!(error.starts_with("the pack is not clean"), "{error}");
    assert!(error.contains("error[fmt-left-on]: is wrong"), "{error}");
}

#[test]
fn a_rule_that_panics_is_an_error_that_names_the_fault() {
    let panics = |root: &Path, _: Family| {
        let text = std::fs::read_to_string(root.join("template-axum/cargo-generate.toml"))?;
        assert!(text.contains("fmt = false"), "on purpose");
        Ok(Vec::new())
    };
    let error = planted(&pick(Some("rustfmt turned on")).unwrap(), &panics).unwrap_err();
    assert!(format!("{error:#}").starts_with("cannot check the fault \"rustfmt turned on\": "));
}

#[test]
fn faults_are_picked_by_code_rule_and_name() {
    let rules = |wanted| -> BTreeSet<&str> {
        let picked = pick(Some(wanted)).unwrap();
        picked.into_iter().map(|fault| fault.rule).collect()
    };
    assert_eq!(rules("r1"), BTreeSet::from(["R1-inputs"]));
    assert_eq!(rules("D6"), BTreeSet::from(["D6-deploy-concurrency"]));
    assert_eq!(rules("missing-lock"), BTreeSet::from(["missing-lock"]));
    assert!(rules("twice").contains("broken-hook"));
    let error = pick(Some("no such fault")).unwrap_err().to_string();
    assert!(error.contains("`cargo xtask selftest --list`"), "{error}");
}
