//! `lint`: what can be seen of workflows without running them, by the rules and by other tools, and that the rules see
//! it. What those tools say of Dockerfiles and compose files is a part of the service contract, and has its gates in
//! `image`.

use anyhow::Result;

use super::validate::judged;
use crate::lint;
use crate::selftest::{self, Status};
use crate::verify::Tool;
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
    Gate {
        name: "actionlint",
        scope: Scope::Pack,
        needs: &[Tool::Actionlint],
        run: |bench, step, _| ask(bench, step),
    },
    Gate {
        name: "zizmor",
        scope: Scope::Pack,
        needs: &[Tool::Zizmor],
        run: |bench, step, _| ask(bench, step),
    },
    Gate {
        name: "shellcheck",
        scope: Scope::Pack,
        needs: &[Tool::Shellcheck],
        run: |bench, step, _| ask(bench, step),
    },
];

/// What the tool that the gate is called after finds in the pack and all that it renders.
fn ask(bench: &Bench<'_>, step: &Step) -> Result<Verdict> {
    Ok(judged(lint::ask(bench.pack, step.gate.name)?))
}

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
