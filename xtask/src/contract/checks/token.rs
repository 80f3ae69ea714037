//! S14: who may read the metrics.

use super::secrets::{TOKEN, VARIABLE, with_token};
use crate::contract::client::Request;
use crate::contract::running::call;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "S14",
    name: "asks-for-the-management-token",
    title: "with `management.token`, metrics ask for the bearer token; health does not",
    needs: &[Need::Answer("metrics", "prometheus")],
    remedy: "src/platform/management.rs",
    run: asks,
}];

fn asks(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&with_token(subject).set(VARIABLE, TOKEN))?;
    let metrics = |authorization: &str| {
        let request = Request::get("/metrics").header("authorization", authorization);
        call(running.management(), &request)
    };
    for wrong in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer wrong".to_owned(),
        format!("Bearer {}", &TOKEN[1..]),
        format!("Bearer {TOKEN}x"),
        format!("Basic {TOKEN}"),
        TOKEN.to_owned(),
    ] {
        let reply = metrics(&wrong)?.status(401)?;
        reply.hold(
            reply.header("www-authenticate")?.starts_with("Bearer"),
            "`www-authenticate: Bearer`",
        )?;
    }
    running.manage("/metrics")?.status(401)?;
    metrics(&format!("Bearer {TOKEN}"))?.status(200)?;
    running.manage("/health/ready")?.status(200)?;
    running.manage("/health/live")?.status(200)?;
    Ok(())
}
