//! Ends the process before a step, as kill -9 would: nothing is given back, nothing is printed.
//!
//! Only with the cargo feature `failpoints`; without it, the variable is not even read.

/// The variable that names a step.
#[cfg(feature = "failpoints")]
const VARIABLE: &str = "IDP_DEPLOY_FAILPOINT";

/// Aborts, if this is the step.
#[cfg(feature = "failpoints")]
pub fn reach(step: &str) {
    if std::env::var_os(VARIABLE).is_some_and(|name| name == step) {
        std::process::abort();
    }
}

/// Does nothing: this build has no failpoints.
#[cfg(not(feature = "failpoints"))]
pub fn reach(_step: &str) {}
