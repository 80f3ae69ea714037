//! Which cases are run on the back end `compose` as well, with an engine and containers.
//!
//! What comes between driver and registry, and tags that somebody moves, meet the driver before or after the back end: one
//! back end is enough there. So it is with steps before the deployment that two commands have in common, and with what an
//! engine can't be brought to do.

use super::case::{Case, Fault};
use crate::support::place::Compose;

/// What can be made to happen on an engine.
const WRONGS: [&str; 5] = ["down", "engine-dies", "unready", "dies", "says"];

/// `promote` is killed before each of its steps. Other commands have most of them in common with it; these they have not, or
/// go on from otherwise.
const OWN: [&str; 4] = ["newest", "target", "verify", "quarantine"];

/// Whether a case is run there too.
pub fn also(case: &Case) -> bool {
    let deploys = ["promote", "rollback", "reconcile"];
    let command = case.command.split(' ').next().unwrap_or_default();
    let possible = |wrongs: &str| {
        let mut wrongs = wrongs.split(' ');
        wrongs.all(|wrong| WRONGS.contains(&wrong.rsplit_once('-').map_or(wrong, |(what, _)| what)))
    };
    deploys.contains(&command)
        && match case.fault {
            Fault::None => ![Some(10), Some(11)].contains(&case.then.exit),
            Fault::Killed(step) => command == "promote" || OWN.contains(&step),
            Fault::KilledAfter(wrongs, _) | Fault::Engine(wrongs) => possible(wrongs),
            Fault::Together(_) => true,
            _ => false,
        }
}

/// Whether it can be run on this machine.
pub fn possible(case: &Case) -> bool {
    if matches!(case.fault, Fault::Engine(wrongs) if wrongs.starts_with("engine-dies"))
        && !Compose::mortal()
    {
        crate::support::skip("docker", "the engine has no socket on this machine");
        return false;
    }
    case.fault.possible()
}
