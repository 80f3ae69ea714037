//! The configuration of services, and what callers hand on of their options.

use super::{CALL_DEPLOY, Fault, fault, swap};

pub(super) const FAULTS: &[Fault] = &[fault(
    "another option's value for the backend",
    "misdirected-option",
    CALL_DEPLOY,
    &[swap(
        CALL_DEPLOY,
        "backend: \"{{deploy}}\"",
        "backend: \"{{metrics}}\"",
    )],
)];
