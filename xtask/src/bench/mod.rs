//! `bench`: figures beside their references, taken in one run.
//!
//! A single figure moves with the machine and what else it does; a ratio to a bare handler that runs in turn with the
//! service moves far less. Nothing here is a test: `--gate` alone makes a missed floor an exit code.

mod ask;
mod beside;
mod body;
mod child;
mod create;
mod figure;
mod goals;
mod life;
mod lint;
mod load;
mod log;
mod machine;
mod pace;
mod parts;
mod proc;
mod rig;
mod server;
mod stages;
mod statistics;
mod table;
mod twin;
mod workflows;
mod wrk;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use crate::pack::{Answers, Pack, Template};
use crate::verify::Tool;

pub use create::measure as measure_create;
pub use lint::measure as measure_lint;
pub use load::Pattern;
pub use stages::measure as measure_verify;
pub use table::Sheet;

use rig::Rig;

/// A group of figures about a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Group {
    /// A clean release build
    Build,
    /// The binary's size
    Size,
    /// Cold start to ready, and idle memory
    Start,
    /// What the platform adds to a request, in process
    Inside,
    /// The same, feature by feature: one build each
    Parts,
    /// Full load, on a core each
    Pinned,
    /// Full load, on all cores
    Unpinned,
    /// Full load with a body that is checked, on a core each
    Body,
    /// The same beside FastAPI, with the Python that `--python` names
    Twin,
    /// Latency at a fixed rate
    Rate,
    /// The image's size
    Image,
}

/// What is measured, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The groups; all when empty.
    pub only: Vec<Group>,
    /// Rounds, their time, and the fixed rate.
    pub pattern: Pattern,
    /// Half load for so long, to see whether memory stays flat.
    pub soak: Option<Duration>,
    /// A Python that has FastAPI.
    pub python: Option<PathBuf>,
}

/// Measures a service that `template` gives with `answers`.
pub fn measure_service(
    pack: &Pack,
    template: &Template,
    answers: &Answers,
    request: &Request,
) -> Result<Sheet> {
    let wants = |group| request.only.is_empty() || request.only.contains(&group);
    let cores = machine::cores() > 1 && machine::has("taskset");
    let no_cores = "two cores and `taskset` are needed";
    let mut sheet = Sheet::default();
    let rig = Rig::new(pack, template, answers)?;
    eprintln!("building {}", rig.service.display());
    let seconds = rig.build(wants(Group::Build))?;
    if wants(Group::Build) {
        sheet.add([figure::Figure::alone(
            "clean release build",
            "s",
            &[seconds],
        )]);
    }
    if wants(Group::Size) {
        life::size(&rig, &mut sheet)?;
    }
    if wants(Group::Inside) || wants(Group::Parts) {
        eprintln!("in process");
        parts::measure(
            &rig,
            request.pattern.rounds,
            wants(Group::Parts),
            &mut sheet,
        )?;
    }
    if wants(Group::Start) {
        eprintln!("cold start and idle memory");
        life::start(&rig, &mut sheet)?;
    }
    for (group, pinned) in [(Group::Pinned, true), (Group::Unpinned, false)] {
        if !wants(group) {
            continue;
        }
        let name = if pinned {
            "full load, pinned"
        } else {
            "full load, unpinned"
        };
        let reason = wrk::missing().or_else(|| (pinned && !cores).then(|| no_cores.to_owned()));
        if let Some(reason) = reason {
            sheet.skip(name, reason);
        } else {
            eprintln!("{name}");
            load::full(&rig, request.pattern, pinned, &mut sheet)?;
        }
    }
    for (group, name) in [(Group::Body, "body"), (Group::Twin, "twin")] {
        if !wants(group) {
            continue;
        }
        if let Some(reason) = wrk::missing().or_else(|| (!cores).then(|| no_cores.to_owned())) {
            sheet.skip(name, reason);
            continue;
        }
        eprintln!("full load with a body: {name}");
        match group {
            Group::Body => body::beside_bare(&rig, request.pattern, &mut sheet)?,
            _ => body::beside_twin(&rig, request.python.as_deref(), request.pattern, &mut sheet)?,
        }
    }
    if wants(Group::Rate) {
        eprintln!("{} requests a second", request.pattern.rate);
        load::fixed(&rig, request.pattern, cores.then_some(0), &mut sheet)?;
    }
    if let Some(time) = request.soak {
        match wrk::missing() {
            Some(reason) => sheet.skip("soak", reason),
            None => life::soak(&rig, time, &mut sheet)?,
        }
    }
    if wants(Group::Image) {
        match Tool::Docker.missing() {
            Some(reason) => sheet.skip("image", reason),
            None => life::image(&rig, &mut sheet)?,
        }
    }
    Ok(sheet)
}
