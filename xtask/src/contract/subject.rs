//! The service under test: how to start it, and what it should say of itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::launch::{Launcher, Setup};
use super::running::Running;
use super::{Fault, check::Outcome};
use crate::process::finish::Finished;

/// How many running services are kept for later checks. Each is a process or a container.
const KEPT: usize = 6;
/// How long a fresh database may take to be there.
const UP: Duration = Duration::from_mins(1);
/// How many log lines a fault shows.
const TAIL: usize = 6;

/// One rendered service under test.
pub struct Subject {
    /// Starts the service itself.
    pub service: Box<dyn Launcher>,
    /// Starts the service with the probe's routes, where that was built.
    pub probe: Option<Box<dyn Launcher>>,
    /// The answers of the case, by option.
    pub answers: BTreeMap<String, String>,
    /// The service's name.
    pub name: String,
    /// The service's version.
    pub version: String,
    /// The template it was rendered from.
    pub template: String,
    /// `dev`, `staging` or `prod`.
    pub environment: String,
    /// Whether to leave out what takes long and was looked at under another profile.
    pub brief: bool,
    kept: RefCell<Vec<(Kind, Setup, Rc<Running>)>>,
    last: RefCell<Option<Rc<Running>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Service,
    Probe,
}

impl Subject {
    /// A subject in the environment `dev`, without probe and answers: the other fields can be set afterwards.
    pub fn new(service: Box<dyn Launcher>, name: &str, version: &str, template: &str) -> Self {
        Self {
            service,
            probe: None,
            answers: BTreeMap::new(),
            name: name.to_owned(),
            version: version.to_owned(),
            template: template.to_owned(),
            environment: "dev".to_owned(),
            brief: false,
            kept: RefCell::default(),
            last: RefCell::default(),
        }
    }

    /// The answer to an option.
    pub fn answer(&self, option: &str) -> Option<&str> {
        self.answers.get(option).map(String::as_str)
    }

    /// The setup that checks start from: the environment, and a log that programs can read.
    pub fn setup(&self) -> Setup {
        Setup::default()
            .set("APP_ENV", self.environment.clone())
            .set("APP__LOG__FORMAT", "json")
    }

    /// A service that other checks with the same setup use too: nothing may be done to it that they would notice.
    pub fn shared(&self, setup: &Setup) -> Result<Rc<Running>, Fault> {
        self.kept(Kind::Service, setup)
    }

    /// As [`Subject::shared`], with the probe's routes.
    pub fn shared_probe(&self, setup: &Setup) -> Result<Rc<Running>, Fault> {
        self.kept(Kind::Probe, setup)
    }

    /// A service of the check's own.
    pub fn fresh(&self, setup: &Setup) -> Result<Rc<Running>, Fault> {
        self.launch(Kind::Service, setup)
    }

    /// A service of the check's own that need not become ready.
    pub fn unready(&self, setup: &Setup) -> Result<Rc<Running>, Fault> {
        self.start(Kind::Service, setup)
    }

    /// A service of the check's own, with the probe's routes.
    pub fn fresh_probe(&self, setup: &Setup) -> Result<Rc<Running>, Fault> {
        self.launch(Kind::Probe, setup)
    }

    /// Runs the service with arguments until it ends.
    pub fn run(&self, args: &[&str], setup: &Setup) -> Result<Finished, Fault> {
        self.service.run(args, setup).map_err(|error| {
            Fault::new(
                format!("`{} {}` to run", self.name, args.join(" ")),
                format!("{error:#}"),
            )
        })
    }

    /// Adds the end of the log of the service that was used last, and lets go of that service.
    pub(super) fn conclude(&self, result: Result<(), Fault>, remedy: &str) -> Outcome {
        let last = self.last.take();
        match result {
            Ok(()) => Outcome::Passed,
            Err(mut fault) => {
                if let Some(running) = last {
                    let lines = running.lines();
                    fault.log = lines[lines.len().saturating_sub(TAIL)..].to_vec();
                    // What a broken promise did to a service is not for the next check to find out.
                    self.kept
                        .borrow_mut()
                        .retain(|(_, _, kept)| !Rc::ptr_eq(kept, &running));
                }
                fault.remedy.push_str(remedy);
                Outcome::Failed(Box::new(fault))
            }
        }
    }

    /// Stops everything that was kept.
    pub(super) fn stop(&self) {
        self.kept.take();
        self.last.take();
    }

    fn kept(&self, kind: Kind, setup: &Setup) -> Result<Rc<Running>, Fault> {
        let mut kept = self.kept.borrow_mut();
        let found = kept
            .iter()
            .position(|(known, under, _)| *known == kind && under == setup);
        if let Some(at) = found {
            // Which was used last goes last.
            kept[at..].rotate_left(1);
            let running = Rc::clone(&kept[kept.len() - 1].2);
            self.last.replace(Some(Rc::clone(&running)));
            return Ok(running);
        }
        drop(kept);
        let running = self.launch(kind, setup)?;
        let mut kept = self.kept.borrow_mut();
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((kind, setup.clone(), Rc::clone(&running)));
        Ok(running)
    }

    /// Starts it, and waits for what it stands on.
    fn launch(&self, kind: Kind, setup: &Setup) -> Result<Rc<Running>, Fault> {
        let running = self.start(kind, setup)?;
        if self.answer("database").is_some_and(|kind| kind != "none") {
            running.becomes(200, UP)?;
        }
        Ok(running)
    }

    fn start(&self, kind: Kind, setup: &Setup) -> Result<Rc<Running>, Fault> {
        let launcher = match (kind, &self.probe) {
            (Kind::Service, _) => &self.service,
            (Kind::Probe, Some(probe)) => probe,
            (Kind::Probe, None) => {
                return Err(Fault::new(
                    "a probe binary",
                    "none; the check has to name its need",
                ));
            }
        };
        match launcher.launch(setup) {
            Ok(instance) => {
                let running = Rc::new(Running::new(instance));
                self.last.replace(Some(Rc::clone(&running)));
                Ok(running)
            }
            Err(error) => Err(Fault::new(
                format!("the service to start with {:?}", setup.env),
                format!("{error:#}"),
            )),
        }
    }
}
