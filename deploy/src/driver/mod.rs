//! The commands. Each is a plan of named steps and a file that takes them in order; this is where one begins and ends.

mod finish;
mod gates;
mod lift;
pub mod plan;
mod promote;
mod publish;
mod reconcile;
mod rollback;
mod run;
mod status;
mod swap;

use std::time::Duration;

pub use lift::Lift;
pub use promote::Promote;
pub use publish::Publish;
pub use rollback::Rollback;
pub use run::OpenBackend;

use crate::error::Error;
use crate::names::{Environment, Image};
use crate::outcome::Action;
use crate::registry::Client;
use crate::report::Report;
use plan::{Plan, Step};
use run::Run;

/// What to do.
#[derive(Debug)]
pub enum Order {
    /// Tag what CI has passed.
    Publish(Publish),
    /// Take a commit to an environment.
    Promote(Promote),
    /// Go back to an earlier version.
    Rollback(Rollback),
    /// End a quarantine.
    Lift(Lift),
    /// Show what is where; everywhere, or in one environment.
    Status(Option<Environment>),
    /// Make the last record true again.
    Reconcile(Environment),
}

impl Order {
    fn plan(&self) -> &'static Plan {
        match self {
            Self::Publish(_) => &plan::PUBLISH,
            Self::Promote(_) => &plan::PROMOTE,
            Self::Rollback(_) => &plan::ROLLBACK,
            Self::Lift(_) => &plan::LIFT,
            Self::Status(_) => &plan::STATUS,
            Self::Reconcile(_) => &plan::RECONCILE,
        }
    }
}

/// Carries an order out, says what it came to, and returns the exit code.
pub fn drive(
    order: &Order,
    image: &Image,
    client: &Client,
    report: &Report,
    open: &OpenBackend<'_>,
    lock_wait: Duration,
) -> u8 {
    let mut run = Run::new(order.plan(), image, client, report, open, lock_wait);
    let ended = match order {
        Order::Publish(ask) => publish::publish(&mut run, ask),
        Order::Promote(ask) => promote::promote(&mut run, ask),
        Order::Rollback(ask) => rollback::rollback(&mut run, ask),
        Order::Lift(ask) => lift::lift(&mut run, ask),
        Order::Status(environment) => status::status(&mut run, *environment),
        Order::Reconcile(environment) => reconcile::reconcile(&mut run, *environment),
    };
    match &ended {
        Ok(()) => {
            run.at(Step::Done);
            if !matches!(order, Order::Status(_)) {
                run.say(run.outcome.action.name());
            }
        }
        // What was under way when it stopped has an outcome of its own.
        Err(Error::Restored(_) | Error::NotRestored(_)) => {}
        Err(_) if run.so_far.is_empty() => run.outcome.action = Action::Refused,
        Err(_) => run.outcome.action = Action::Failed,
    }
    report.end(
        run.command(),
        &run.outcome,
        ended.as_ref().copied(),
        &run.so_far,
    );
    ended.err().map_or(0, |error| error.exit_code())
}
