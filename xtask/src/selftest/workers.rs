//! Plants all faults: on a copy of the pack for every core, one fault after the other.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use super::copy::Copy;
use super::plant::plant;
use super::{Checker, Family, Fault, Outcome};
use crate::pack::{Pack, Platform};
use crate::report::{Finding, Format, print};
use crate::{adopt, parallel};

/// Plants `faults` in copies of `pack`, has `checker` look, and tells `each` what became of them, in their order.
///
/// # Errors
/// When the pack is not clean to begin with, an edit does not fit it, or the checker could not look.
pub fn run(
    pack: &Pack,
    faults: &[&'static Fault],
    checker: Checker<'_>,
    each: &mut dyn FnMut(&Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    // Faults that leave the templates alone come first: what these render is then kept from the clean copy.
    let mut order: Vec<usize> = (0..faults.len()).collect();
    order.sort_by_key(|at| faults[*at].touches_templates());
    let mut waiting: Vec<Option<Outcome>> = faults.iter().map(|_| None).collect();
    let mut done = Vec::new();
    let mut failure = None;
    parallel::each(
        &order,
        || clean_copy(pack, checker),
        |copy, at| match copy {
            Ok((copy, platform)) => judge(platform, copy, faults[*at], checker),
            Err(error) => Err(std::mem::replace(error, anyhow!("there is no copy"))),
        },
        |place, outcome| {
            let outcome = outcome.and_then(|outcome| {
                waiting[order[place]] = Some(outcome);
                // Each as soon as those before it are there.
                while let Some(outcome) = waiting.get_mut(done.len()).and_then(Option::take) {
                    each(&outcome)?;
                    done.push(outcome);
                }
                Ok(())
            });
            match outcome {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        },
    );
    failure.map_or(Ok(done), Err)
}

/// Facts about which rules know what GitHub does: a registry or a runner of one's own may ask for less and have more, and
/// there they say nothing.
const KNOWN: [(&str, &str); 2] = [("registry", "ghcr.io"), ("runner", "ubuntu-24.04")];

/// A copy of the pack, in which nothing is found, with the facts that it has then.
fn clean_copy(pack: &Pack, checker: Checker<'_>) -> Result<(Copy, Platform)> {
    let copy = Copy::of(pack)?;
    let mut clean = Vec::new();
    for family in Family::ALL {
        let findings = look(checker, copy.root(), family);
        clean.extend(findings.context("cannot check the pack as it stands")?);
    }
    if !clean.is_empty() {
        let mut text = Vec::new();
        print(&clean, Format::Human, &mut text)?;
        bail!(
            "the pack is not clean, and no fault would stand out; mend it first\n{}",
            String::from_utf8_lossy(&text).trim_end()
        );
    }
    let mut platform = pack.platform.clone();
    for (name, value) in KNOWN {
        platform.set(name, value);
    }
    if platform.facts() != pack.platform.facts() {
        adopt::stamp(copy.root(), &platform)?;
    }
    Ok((copy, platform))
}

/// What becomes of one fault.
fn judge(
    platform: &Platform,
    copy: &mut Copy,
    fault: &'static Fault,
    checker: Checker<'_>,
) -> Result<Outcome> {
    plant(copy, fault, platform)?;
    let start = Instant::now();
    let findings = look(checker, copy.root(), fault.family())
        .with_context(|| format!("cannot check the fault \"{}\"", fault.name))?;
    copy.restore()?;
    Ok(Outcome::new(fault, findings, start.elapsed().as_secs_f64()))
}

/// What the checker finds. A panic in it is no answer.
fn look(checker: Checker<'_>, root: &Path, family: Family) -> Result<Vec<Finding>> {
    catch_unwind(AssertUnwindSafe(|| checker(root, family)))
        .unwrap_or_else(|_| Err(anyhow!("a rule panicked; what it said stands above")))
}
