//! What a row of the table can say.

use crate::support;
use crate::support::proxy::Rule;
use crate::support::world::World;

/// One fault.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Unique; the row's key in the docs.
    pub name: &'static str,
    /// For people: what dies.
    pub dies: &'static str,
    /// What was done before, without a fault.
    pub story: &'static [&'static str],
    /// What meets the fault.
    pub command: &'static str,
    /// The fault.
    pub fault: Fault,
    /// What has to stand afterwards.
    pub then: Then,
    /// What has to stand once the fault is over and the same command, or another, was given.
    pub again: Option<(&'static str, Then)>,
}

/// What stands after a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Then {
    /// Exit code; none for a driver that was killed.
    pub exit: Option<i32>,
    /// What runs in the command's environment.
    pub runs: &'static str,
    /// The newest record there.
    pub record: &'static str,
    /// What the tag that moves names: `ENV`, or `latest-dev` after `publish`.
    pub tag: &'static str,
}

/// What is done to it.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Nothing: what is asked for does not hold.
    None,
    /// The driver is killed before this step.
    Killed(&'static str),
    /// Something goes wrong, such as `unready-B`, and the driver is killed before this step.
    KilledAfter(&'static str, &'static str),
    /// Nobody listens where the registry was.
    RegistryDown,
    /// The way to the registry does this.
    Registry(&'static [Rule]),
    /// The same, and the driver has no good login.
    WrongLogin(&'static [Rule]),
    /// These go wrong: `down`, or `unready-B breaks-A`.
    Engine(&'static str),
    /// The same, and a call may take a second.
    Impatient(&'static str),
    /// Somebody gives this tag to this image, knowing nothing of the driver; `A` at its end is a commit.
    Moved(&'static str, char),
    /// The runner's clock is off by this much, there and back.
    Clock(&'static str, &'static str),
    /// Something that takes more than one driver.
    Together(fn(&World, &str) -> Option<i32>),
}

impl Fault {
    /// Whether it can be injected here; if not, that is said, and the docs keep what was seen elsewhere.
    pub fn possible(&self) -> bool {
        match self {
            Self::Killed(_) | Self::KilledAfter(..) if !cfg!(feature = "failpoints") => {
                support::skip("failpoints", "run with `--features failpoints`");
                false
            }
            Self::Clock(..) if faketime().is_none() => {
                support::skip("faketime", "libfaketime is not installed");
                false
            }
            _ => true,
        }
    }
}

/// Where libfaketime is.
pub fn faketime() -> Option<String> {
    let folders = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
    ];
    let files = folders.map(|folder| format!("{folder}/faketime/libfaketime.so.1"));
    files
        .into_iter()
        .find(|file| std::path::Path::new(file).exists())
}
