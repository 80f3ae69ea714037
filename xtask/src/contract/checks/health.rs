//! S1, S2, S4, S5: what a service says of itself.

use std::time::Duration;

use serde_json::Value;

use crate::contract::fault::hold;
use crate::contract::reply::{Reply, text_field};
use crate::contract::running::eventually;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S1",
        name: "live-answers",
        title: "`GET /health/live` is 200 on both addresses",
        needs: &[],
        remedy: "`live` in src/platform/health.rs, and where its routes are mounted",
        run: live,
    },
    Check {
        id: "S2",
        name: "ready-has-its-shape",
        title: "`GET /health/ready` is 200 with `{\"status\":\"ready\",\"checks\":{…}}` on both addresses",
        needs: &[],
        remedy: "`ready` in src/platform/health.rs",
        run: ready,
    },
    Check {
        id: "S2",
        name: "ready-names-what-is-down",
        title: "a dependency that fails or hangs turns readiness 503 and is named; live stays 200",
        needs: &[Need::Probe],
        remedy: "`Readiness::ask` in src/platform/health.rs, with its time-out for each check",
        run: dependency_down,
    },
    Check {
        id: "S4",
        name: "version-names-the-build",
        title: "`GET /version` names service, version, commit, build time and template",
        needs: &[],
        remedy: "src/version.rs, and the route in src/app.rs",
        run: version,
    },
    Check {
        id: "S5",
        name: "healthcheck-tells-up-from-down",
        title: "`healthcheck` exits 0 beside a service that is ready, and 1 where none is, or one of another commit than `--commit` says",
        needs: &[],
        remedy: "src/platform/healthcheck.rs, and its exit code in src/main.rs",
        run: healthcheck,
    },
    Check {
        id: "S5",
        name: "image-reports-its-health",
        title: "the image's own HEALTHCHECK finds the service healthy",
        needs: &[Need::Container],
        remedy: "HEALTHCHECK in the Dockerfile: the binary with `healthcheck`, in exec form",
        run: image_health,
    },
];

fn live(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    running.get("/health/live")?.status(200)?;
    running.manage("/health/live")?.status(200)?;
    Ok(())
}

fn ready(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    for reply in [
        running.get("/health/ready")?,
        running.manage("/health/ready")?,
    ] {
        let reply = reply.status(200)?;
        let body = reply.json()?;
        reply.hold(body["status"] == "ready", "`status` to be `ready`")?;
        reply.header_is("content-type", "application/json")?;
        passes(&reply, &body)?;
    }
    Ok(())
}

fn passes(reply: &Reply, body: &Value) -> Result<(), Fault> {
    let checks = body["checks"].as_object();
    let checks = checks.ok_or_else(|| reply.fault("`checks` to be an object"))?;
    let pass = checks.values().all(|check| check["status"] == "pass");
    reply.hold(pass, "every check to have the status `pass`")
}

fn dependency_down(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh_probe(&subject.setup())?;
    running.get("/probe/dependency")?.status(200)?;
    for reply in [
        running.get("/health/ready")?,
        running.manage("/health/ready")?,
    ] {
        let reply = reply.status(503)?;
        let body = reply.json()?;
        reply.hold(
            body["status"] == "unavailable",
            "`status` to be `unavailable`",
        )?;
        for (name, status) in [("down", "fail"), ("hanging", "fail"), ("well", "pass")] {
            let named = body["checks"][name]["status"] == status;
            reply.hold(
                named,
                format!("the check `{name}` with the status `{status}`"),
            )?;
        }
        reply.hold(
            !reply.response.text().contains("probe detail"),
            "no internal text of a check",
        )?;
    }
    running.get("/health/live")?.status(200)?;
    Ok(())
}

fn version(subject: &Subject) -> Result<(), Fault> {
    let reply = subject
        .shared(&subject.setup())?
        .get("/version")?
        .status(200)?;
    let body = reply.json()?;
    let expected = [
        ("service", Some(&subject.name)),
        ("version", Some(&subject.version)),
        ("commit", None),
        ("built_at", None),
        ("template", Some(&subject.template)),
        ("template_version", None),
    ];
    for (name, value) in expected {
        let text = text_field(&body, name)?;
        reply.hold(!text.is_empty(), format!("`{name}` not to be empty"))?;
        if let Some(value) = value {
            reply.hold(text == *value, format!("`{name}` to be `{value}`"))?;
        }
    }
    let count = body.as_object().map_or(0, serde_json::Map::len);
    reply.hold(
        count == expected.len(),
        format!("these {} fields and no other", expected.len()),
    )
}

fn healthcheck(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let up = running.beside(&["healthcheck"])?;
    hold(
        up.code == Some(0),
        "`healthcheck` to exit 0 beside a ready service",
        || up.excerpt(),
    )?;
    // Nothing listens on port 1.
    let down = subject.run(
        &["healthcheck"],
        &subject.setup().set("APP__SERVER__PORT", "1"),
    )?;
    hold(
        down.code == Some(1) && !down.stderr.contains("panicked"),
        "`healthcheck` to exit 1 where nothing listens",
        || down.excerpt(),
    )?;
    let other = running.beside(&["healthcheck", "--commit", &"f".repeat(40)])?;
    hold(
        other.code == Some(1) && other.stderr.lines().count() == 1,
        "`healthcheck --commit` to exit 1 with one line beside a service of another commit",
        || other.excerpt(),
    )?;
    let version = running.get("/version")?.status(200)?.json()?;
    let commit = version["commit"].as_str().unwrap_or_default();
    // A binary that was built outside a pipeline is of no commit.
    if commit.len() != 40 {
        return Ok(());
    }
    let own = running.beside(&["healthcheck", "--commit", commit])?;
    hold(
        own.code == Some(0),
        "`healthcheck --commit` to exit 0 beside a ready service of that commit",
        || own.excerpt(),
    )
}

fn image_health(subject: &Subject) -> Result<(), Fault> {
    // The command is the image's own; only the wait for its first turn is ours.
    let running = subject.fresh(&subject.setup().asked_for_health_every("500ms"))?;
    let expected = "the engine to call it `healthy`";
    let Some(mut last) = running.health()? else {
        return Err(Fault::new(expected, "the image has no HEALTHCHECK"));
    };
    let healthy = eventually(Duration::from_secs(45), || {
        last = running.health().ok()??;
        (last == "healthy").then_some(())
    });
    hold(healthy.is_some(), expected, || last)
}
