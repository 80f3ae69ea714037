//! `release`: a fresh service through its own workflows, to production and back.
//!
//! What GitHub does between the jobs is act's here: neither its protection rules nor its queues are seen.

mod act;
mod by_digest;
mod changes;
mod copy;
mod crate_tests;
mod driver;
mod engine;
mod load;
mod log;
mod registry;
mod repository;
mod seen;
mod story;
mod world;

use std::time::Instant;

use anyhow::Result;

use self::story::{Chapter, SHORT, Story, WHOLE};
use self::world::World;
use crate::verify::Tool;
use crate::verify::gate::{Gate, Inner, Scope, Verdict};

/// What the workflows use on a runner of one's own, and their stand-ins here.
const TOOLS: &[Tool] = &[
    Tool::Docker,
    Tool::Act,
    Tool::Registry,
    Tool::Skopeo,
    Tool::CargoDeny,
    Tool::Hadolint,
];

/// An organisation that a registry would not take as it is spelt.
const CAPITALS: &str = "Your-Corp";

/// The gates of this stage. What the workflows do is the same for all templates, so one goes all the way, and another, under
/// another organisation's name, to production once: `--template` takes one of them through both.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "by-digest",
        scope: Scope::Pack,
        needs: &[],
        run: |bench, _, _| by_digest::held(&bench.pack.root),
    },
    Gate {
        name: "journey",
        scope: Scope::First,
        needs: TOOLS,
        run: |bench, step, inner| told(World::new(bench, step, None)?, WHOLE, "", inner),
    },
    Gate {
        name: "organisation",
        scope: Scope::Last,
        needs: TOOLS,
        run: |bench, step, inner| {
            let world = World::new(bench, step, Some(CAPITALS))?;
            told(world, SHORT, &format!(" [{CAPITALS}]"), inner)
        },
    },
];

pub(super) use crate_tests::run as driver_tests;

/// Why the registry can't be used.
pub(super) fn no_registry() -> Option<String> {
    registry::missing()
}

/// Tells the chapters, each a line of its own, up to the first that goes wrong: the next ones build on it.
fn told(
    world: World,
    chapters: &[Chapter],
    suffix: &str,
    inner: &mut Inner<'_>,
) -> Result<Verdict> {
    let image = world.image.clone();
    let mut story = Story::new(world);
    for (name, chapter) in chapters {
        let start = Instant::now();
        let told = chapter(&mut story);
        let seconds = start.elapsed().as_secs_f64();
        let name = format!("{name}{suffix}");
        match told {
            Ok(text) => inner(&name, Verdict::Passed(text), seconds)?,
            Err(fault) => {
                inner(&name, Verdict::Failed(format!("{fault:#}")), seconds)?;
                return Ok(Verdict::Failed(format!("`{name}` went wrong")));
            }
        }
    }
    Ok(Verdict::Passed(image))
}
