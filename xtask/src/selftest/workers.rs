//! Plants all faults: on a copy of the pack for every core, one fault after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use super::copy::Copy;
use super::plant::plant;
use super::{Checker, Family, Fault, Outcome};
use crate::pack::Pack;
use crate::report::{Finding, Format, print};

/// A fault by its place in the table, and what became of it.
type Done = (usize, Result<Outcome>);

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
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(faults.len()).max(1);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel::<Done>();
    // Faults that leave the templates alone come first: what these render is then kept from the clean copy.
    let mut order: Vec<usize> = (0..faults.len()).collect();
    order.sort_by_key(|at| faults[*at].touches_templates());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let sender = sender.clone();
            let (next, stop, order) = (&next, &stop, &order);
            scope.spawn(move || {
                let work = || work(pack, faults, order, next, stop, checker, &sender);
                if let Err(error) = work() {
                    stop.store(true, Ordering::Relaxed);
                    // The receiver is there as long as this scope.
                    let _ = sender.send((0, Err(error)));
                }
            });
        }
        drop(sender);
        in_order(faults.len(), receiver, each)
    })
}

/// Tells `each` about outcomes in the order of the table, each as soon as those before it are there.
fn in_order(
    count: usize,
    receiver: mpsc::Receiver<Done>,
    each: &mut dyn FnMut(&Outcome) -> Result<()>,
) -> Result<Vec<Outcome>> {
    let mut waiting: Vec<Option<Outcome>> = (0..count).map(|_| None).collect();
    let mut done = Vec::new();
    for (at, outcome) in receiver {
        waiting[at] = Some(outcome?);
        while let Some(outcome) = waiting.get_mut(done.len()).and_then(Option::take) {
            each(&outcome)?;
            done.push(outcome);
        }
    }
    Ok(done)
}

/// Takes one fault after the other.
fn work(
    pack: &Pack,
    faults: &[&'static Fault],
    order: &[usize],
    next: &AtomicUsize,
    stop: &AtomicBool,
    checker: Checker<'_>,
    sender: &Sender<Done>,
) -> Result<()> {
    let mut copy = Copy::of(pack)?;
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
    while !stop.load(Ordering::Relaxed) {
        let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) else {
            break;
        };
        let fault = faults[*at];
        plant(&mut copy, fault, &pack.platform)?;
        let start = Instant::now();
        let findings = look(checker, copy.root(), fault.family())
            .with_context(|| format!("cannot check the fault \"{}\"", fault.name))?;
        copy.restore()?;
        let outcome = Outcome::new(fault, findings, start.elapsed().as_secs_f64());
        // Nobody waits any more when a line could not be printed.
        if sender.send((*at, Ok(outcome))).is_err() {
            break;
        }
    }
    Ok(())
}

/// What the checker finds. A panic in it is no answer.
fn look(checker: Checker<'_>, root: &Path, family: Family) -> Result<Vec<Finding>> {
    catch_unwind(AssertUnwindSafe(|| checker(root, family)))
        .unwrap_or_else(|_| Err(anyhow!("a rule panicked; what it said stands above")))
}
