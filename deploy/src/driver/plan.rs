//! Each command's steps, in their order. What a step is called in output, and where a failpoint can be, is decided here.

/// A step of a command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Takes the environment's lock.
    Lock,
    /// Lists the tags.
    Read,
    /// From commit to digest.
    Resolve,
    /// Tags that never move have not.
    Unmoved,
    /// The stage before has a record.
    Proven,
    /// No quarantine holds it.
    Free,
    /// Not older than what runs.
    Newer,
    /// Finds what is to be replaced, or put back.
    Newest,
    /// Finds what to go back to.
    Target,
    /// Whether all is as asked for already.
    Current,
    /// Hands a digest to the back end.
    Deploy,
    /// Ready, and the commit it should be.
    Verify,
    /// The lock is still ours, and nobody recorded anything meanwhile.
    Confirm,
    /// Quarantines what is gone back from.
    Quarantine,
    /// Writes the record: the commit point.
    Record,
    /// Gives the image the tag of its commit.
    Tag,
    /// Moves `latest-dev`.
    Latest,
    /// Moves the environment's cache tag.
    Cache,
    /// Lifts a quarantine.
    Lift,
    /// Asks what runs.
    Ask,
    /// Puts back what ran, after a failure.
    Restore,
    /// Everything is done.
    Done,
}

impl Step {
    /// As it stands in output and names a failpoint.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Read => "read",
            Self::Resolve => "resolve",
            Self::Unmoved => "unmoved",
            Self::Proven => "proven",
            Self::Free => "free",
            Self::Newer => "newer",
            Self::Newest => "newest",
            Self::Target => "target",
            Self::Current => "current",
            Self::Deploy => "deploy",
            Self::Verify => "verify",
            Self::Confirm => "confirm",
            Self::Quarantine => "quarantine",
            Self::Record => "record",
            Self::Tag => "tag",
            Self::Latest => "latest",
            Self::Cache => "cache",
            Self::Lift => "lift",
            Self::Ask => "ask",
            Self::Restore => "restore",
            Self::Done => "done",
        }
    }
}

/// A command with its steps. One that does not apply is left out; none is taken out of order.
#[derive(Debug)]
pub struct Plan {
    /// As it is typed.
    pub command: &'static str,
    /// In order. What follows `restore` is only reached without it.
    pub steps: &'static [Step],
}

/// `publish`
pub const PUBLISH: Plan = Plan {
    command: "publish",
    steps: &[
        Step::Resolve,
        Step::Unmoved,
        Step::Tag,
        Step::Latest,
        Step::Done,
    ],
};
/// `promote`
pub const PROMOTE: Plan = Plan {
    command: "promote",
    steps: &[
        Step::Lock,
        Step::Read,
        Step::Resolve,
        Step::Unmoved,
        Step::Proven,
        Step::Free,
        Step::Newer,
        Step::Current,
        Step::Deploy,
        Step::Verify,
        Step::Restore,
        Step::Confirm,
        Step::Record,
        Step::Cache,
        Step::Done,
    ],
};
/// `rollback`
pub const ROLLBACK: Plan = Plan {
    command: "rollback",
    steps: &[
        Step::Lock,
        Step::Read,
        Step::Newest,
        Step::Target,
        Step::Unmoved,
        Step::Current,
        Step::Deploy,
        Step::Verify,
        Step::Restore,
        Step::Confirm,
        // Before the record: the other way round, a death between both would make the next rollback go back to it.
        Step::Quarantine,
        Step::Record,
        Step::Cache,
        Step::Done,
    ],
};
/// `lift`
pub const LIFT: Plan = Plan {
    command: "lift",
    steps: &[Step::Read, Step::Lift, Step::Done],
};
/// `status`
pub const STATUS: Plan = Plan {
    command: "status",
    steps: &[Step::Read, Step::Ask, Step::Done],
};
/// `reconcile`
pub const RECONCILE: Plan = Plan {
    command: "reconcile",
    steps: &[
        Step::Lock,
        Step::Read,
        Step::Newest,
        Step::Current,
        Step::Deploy,
        Step::Verify,
        Step::Cache,
        Step::Done,
    ],
};

/// All of them.
pub const PLANS: [&Plan; 6] = [&PUBLISH, &PROMOTE, &ROLLBACK, &LIFT, &STATUS, &RECONCILE];

#[cfg(test)]
mod tests {
    use super::*;

    fn at(plan: &Plan, step: Step) -> usize {
        plan.steps.iter().position(|found| *found == step).unwrap()
    }

    #[test]
    fn a_record_is_written_only_after_deploy_and_verify() {
        for plan in [&PROMOTE, &ROLLBACK] {
            assert!(at(plan, Step::Deploy) < at(plan, Step::Verify));
            assert!(at(plan, Step::Verify) < at(plan, Step::Confirm));
            assert!(at(plan, Step::Confirm) < at(plan, Step::Record));
            assert!(at(plan, Step::Record) < at(plan, Step::Cache));
        }
        assert!(at(&ROLLBACK, Step::Quarantine) < at(&ROLLBACK, Step::Record));
        assert!(at(&ROLLBACK, Step::Verify) < at(&ROLLBACK, Step::Quarantine));
    }

    #[test]
    fn what_deploys_holds_the_lock() {
        for plan in PLANS {
            if plan.steps.contains(&Step::Deploy) {
                assert_eq!(plan.steps[0], Step::Lock, "{}", plan.command);
            }
        }
    }

    #[test]
    fn no_step_comes_twice() {
        for plan in PLANS {
            for (index, step) in plan.steps.iter().enumerate() {
                assert_eq!(at(plan, *step), index, "{}: {}", plan.command, step.name());
            }
        }
    }
}
