//! What an instance asks of its node.

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, text};
use crate::verify::stages::kubernetes::quantity::size;

/// The scheduler and the autoscaler know what to count with, and clients can't send more than memory holds.
pub(super) fn sized(overlay: &Overlay, faults: &mut Vec<Fault>) {
    let resources = &overlay.container()["resources"];
    for name in ["cpu", "memory"] {
        if text(&resources["requests"][name]).is_empty() {
            faults.push(overlay.fault(
                "Deployment",
                format!("nothing is requested of `{name}`, which the scheduler and the autoscaler count with; set `requests`"),
            ));
        }
    }
    let limit = size(&text(&resources["limits"]["memory"]));
    let body = overlay.settings.size("server.body_limit");
    let most = overlay.settings.number("server.max_in_flight");
    let sent = body.zip(most).map(|(body, most)| body.saturating_mul(most));
    if limit.zip(sent).is_none_or(|(limit, sent)| limit <= sent) {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "the memory limit is `{}`, and server.max_in_flight bodies of server.body_limit are {} MiB, which would end \
                 it; raise the limit, or lower APP__SERVER__MAX_IN_FLIGHT",
                text(&resources["limits"]["memory"]),
                sent.unwrap_or_default() >> 20
            ),
        ));
    }
}
