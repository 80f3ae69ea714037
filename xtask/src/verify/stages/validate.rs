//! `validate`: what can be seen without rendering or building.

use crate::report::Report;
use crate::verify::gate::{Gate, Scope, Verdict};
use crate::{rules, sync};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "rules",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| Ok(judged(rules::template::check(bench.pack)?)),
    },
    Gate {
        name: "sync",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| Ok(judged(sync::check(bench.pack)?)),
    },
];

/// A report as a verdict: errors fail.
pub(super) fn judged(report: Report) -> Verdict {
    if report.has_errors() {
        return Verdict::Found(report.sorted());
    }
    match report.sorted().len() {
        0 => Verdict::passed(),
        warnings => Verdict::Passed(format!("{warnings} warnings")),
    }
}
