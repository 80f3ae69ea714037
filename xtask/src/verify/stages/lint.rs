//! `lint`: what can be seen of workflows without running them.

use super::validate::judged;
use crate::lint;
use crate::verify::gate::{Gate, Scope};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[Gate {
    name: "rules",
    scope: Scope::Pack,
    needs: &[],
    run: |bench, _, _| Ok(judged(lint::check_pack(bench.pack)?)),
}];
