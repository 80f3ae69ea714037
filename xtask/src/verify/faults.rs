//! docs/contract-faults.md has a fault for every check and every gate of the contract: what was never seen to fail proves
//! nothing.

use std::collections::BTreeSet;
use std::path::Path;

use super::register::HELD;
use crate::contract;

/// Number and name in each row of the page.
fn rows(page: &str) -> BTreeSet<(&str, &str)> {
    let cells = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let number = cells
            .next()
            .filter(|number| number.starts_with(['S', 'F']))?;
        let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
        Some((number, name))
    });
    cells.collect()
}

#[test]
fn every_check_and_gate_was_seen_to_fail() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/contract-faults.md");
    let page = crate::pack::read(&page).unwrap();
    let rows = rows(&page);
    let checks = contract::all().map(|check| (check.id, check.name));
    let known: BTreeSet<_> = checks
        .chain(HELD.iter().map(|held| (held.number, held.gate.1)))
        .collect();
    let unseen: Vec<_> = known.difference(&rows).collect();
    assert!(
        unseen.is_empty(),
        "plant a fault for each of {unseen:?}, see it fail, and add a row to docs/contract-faults.md"
    );
    let unknown: Vec<_> = rows.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "docs/contract-faults.md has rows about {unknown:?}, which are no checks or gates of these numbers"
    );
}

#[test]
fn a_row_gives_its_number_and_its_name() {
    let page =
        "| number | check | planted |\n|---|---|---|\n| S19 | `size` | ballast | `| S1 | `x` |\n";
    assert_eq!(rows(page), BTreeSet::from([("S19", "size")]));
}
