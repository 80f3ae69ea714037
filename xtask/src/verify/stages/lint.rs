//! `lint`: what can be seen of workflows without running them, and that the checkers see it.

use anyhow::Result;

use super::validate::judged;
use crate::lint;
use crate::selftest::{self, Status};
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "rules",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| Ok(judged(lint::check_pack(bench.pack)?)),
    },
    Gate {
        name: "planted-faults",
        scope: Scope::Pack,
        needs: &[],
        run: planted,
    },
];

/// Whether `validate` and `lint` find every fault of `selftest`.
fn planted(bench: &mut Bench<'_>, _: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let faults = selftest::pick(None)?;
    let outcomes = selftest::run(bench.pack, &faults, &selftest::check, &mut |_| Ok(()))?;
    let missed: Vec<String> = outcomes
        .iter()
        .filter(|outcome| outcome.status() == Status::Missed)
        .map(ToString::to_string)
        .collect();
    let planted = outcomes.len();
    let count = format!("{planted} planted, {} caught", planted - missed.len());
    Ok(if missed.is_empty() {
        Verdict::Passed(count)
    } else {
        Verdict::Failed(format!("{}{count}", missed.concat()))
    })
}
