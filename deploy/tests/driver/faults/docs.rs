//! `docs/deploy-faults.md`: written from the table and what was seen, and held against it.

use std::fs;
use std::path::PathBuf;

use super::case::Case;
use super::compose;
use super::run::{Observed, Stood};

const HEAD: &str = "\
# What happens when something dies

Each row is a case of `deploy/tests/driver/faults/table.rs`: a fault that was injected into a run of `idp-deploy` on a real
registry, and what stood in the registry and ran afterwards. Nobody writes this file by hand:
`UPDATE_DOCS=1 cargo test -p deploy --features failpoints` does, from what it saw, and without the variable the test fails
when the file differs.

A, B and C are three versions, in this order. `2-B` is the environment's second record, of B. *Exit* is the driver's exit
code ([what they mean](idp-deploy.md#exit-codes)); *killed* is a driver that was ended as by `kill -9` before a step. *Tag* is
what the moving tag names: the environment's cache tag; for `publish`, the commit's tag and `latest-dev`. *Next* is what was typed once the fault
was over, `same` for the same command. In every case it was checked that no tag that never moves was lost or named something
else than before (but for those rows in which somebody moves one by hand), that no two deployments of one environment ran at once,
and that nothing panicked.

*Back ends* are those on which the row was seen to hold: `command`, with a script that keeps its state in files, and `compose`,
with containers on an engine. Registry, tags and the steps before a deployment are the same whatever deploys; and not
all that a script does, an engine can be brought to do. What `kubernetes` does when a cluster dies is tested with it.
";

const COLUMNS: &str = "\
| case | what dies | command | exit | runs | record | tag | next | exit | runs | record | tag | back ends |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
";

/// Fails when the file differs; with `UPDATE_DOCS`, writes it.
pub fn hold(cases: &[&Case], seen: &[Option<Observed>]) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/deploy-faults.md");
    let there = fs::read_to_string(&file).unwrap_or_default();
    let mut text = format!("{HEAD}\n{COLUMNS}");
    for (case, observed) in cases.iter().zip(seen) {
        match observed {
            Some(observed) => text.push_str(&row(case, observed)),
            // Not possible on this machine: what was seen on another stays.
            None => text.extend(
                there
                    .split_inclusive('\n')
                    .filter(|line| line.starts_with(&key(case))),
            ),
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, text).unwrap();
        return;
    }
    let mut lines = text.lines().zip(there.lines());
    let differs = lines.find(|(seen, written)| seen != written);
    assert!(
        text == there,
        "docs/deploy-faults.md is not what was seen: UPDATE_DOCS=1 cargo test -p deploy --features failpoints; first difference (seen, written): {differs:?}"
    );
}

fn key(case: &Case) -> String {
    format!("| {} |", case.name)
}

fn row(case: &Case, observed: &Observed) -> String {
    let again = match (&case.again, &observed.again) {
        (Some((command, _)), Some(stood)) => {
            let command = if *command == case.command {
                "same".to_owned()
            } else {
                format!("`{command}`")
            };
            format!("{command} | {}", cells(stood))
        }
        _ => "| | | |".to_owned(),
    };
    let on = if compose::also(case) {
        "command, compose"
    } else {
        "command"
    };
    format!(
        "{} {} | `{}` | {} | {again} | {on} |\n",
        key(case),
        case.dies,
        case.command,
        cells(&observed.then)
    )
}

fn cells(stood: &Stood) -> String {
    let exit = stood
        .exit
        .map_or("killed".to_owned(), |code| code.to_string());
    format!("{exit} | {} | {} | {}", stood.runs, stood.record, stood.tag)
}
