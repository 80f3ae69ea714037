//! `selftest`: proof that the checker checks. Plants faults in copies of the pack, and looks whether the rules find them.
//!
//! Faults are data ([`table`]): a name, the edits that make it, and the rule that has to find it in which file. One loop
//! plants them, runs `validate` or `lint` in process, whichever the rule belongs to, and takes them away again. It never
//! writes to the pack itself.

mod copy;
mod edit;
mod fault;
mod outcome;
mod output;
mod plant;
mod table;
#[cfg(test)]
mod tests;
mod workers;

use std::path::Path;

use anyhow::{Result, bail};

use crate::lint::external::External;
use crate::report::Finding;
use crate::{lint, validate};

pub use copy::{Copy, Entry};
pub use fault::{Family, Fault};
pub use outcome::{Outcome, Status};
pub use output::{Output, list};
pub use workers::run;

/// What holds a pack against one family of rules, and gives everything that they find in it.
pub type Checker<'a> = &'a (dyn Fn(&Path, Family) -> Result<Vec<Finding>> + Sync);

/// The faults whose name or rule holds `wanted`; a workflow rule's code means that rule alone.
///
/// # Errors
/// When there is none.
pub fn pick(wanted: Option<&str>) -> Result<Vec<&'static Fault>> {
    let picked: Vec<_> = match wanted {
        Some(wanted) => table::all().filter(|fault| fault.is(wanted)).collect(),
        None => table::all().collect(),
    };
    match (picked.is_empty(), wanted) {
        (true, Some(wanted)) => bail!(
            "no fault has `{wanted}` in its name or rule; `cargo xtask selftest --list` prints them all"
        ),
        _ => Ok(picked),
    }
}

/// The checker of a family, as `validate` or `lint` runs it.
///
/// # Errors
/// When it could not look.
pub fn check(root: &Path, family: Family) -> Result<Vec<Finding>> {
    let report = match family {
        Family::Templates => validate::check(Some(root))?,
        Family::Workflows => lint::check(Some(root), External::Off)?.report,
    };
    Ok(report.sorted())
}
