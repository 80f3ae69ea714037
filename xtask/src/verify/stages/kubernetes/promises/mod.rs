//! What a built overlay has to keep, one file a subject. They look and say; they run nothing.

mod confinement;
mod ending;
mod image;
mod labels;
mod network;
mod probes;
mod resources;
mod scaling;
mod secrets;

use super::fault::Fault;
use super::overlay::Overlay;

/// Looks at an overlay, and adds what is wrong with it.
type Promise = fn(&Overlay, &mut Vec<Fault>);

/// What is wrong with an overlay. Where an object is missing, nothing else is worth saying.
pub(super) fn judge(overlay: &Overlay) -> Vec<Fault> {
    let mut faults = Vec::new();
    labels::complete(overlay, &mut faults);
    if faults.is_empty() {
        for promise in PROMISES {
            promise(overlay, &mut faults);
        }
    }
    faults
}

/// Every promise.
pub(super) const PROMISES: &[Promise] = &[
    labels::labelled,
    labels::selected,
    labels::environment,
    image::placeholder,
    image::pinned,
    probes::ask,
    probes::wait,
    ending::drains,
    ending::rollout,
    confinement::pods,
    confinement::containers,
    confinement::identity,
    secrets::mounted,
    secrets::nowhere_else,
    network::ports,
    network::policy,
    network::scraping,
    scaling::count,
    scaling::disruption,
    scaling::spread,
    resources::sized,
];
