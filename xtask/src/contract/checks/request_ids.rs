//! S7: every answer carries a request id, the caller's where it is harmless.

use std::collections::BTreeSet;

use super::envelope::speaks_fastapi;
use super::samples::{refused_requests, tight};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::{Check, Fault, Subject};

const REMEDY: &str =
    "`Context::of` in src/platform/context.rs, and `stamp` in src/platform/edge.rs";

pub const CHECKS: &[Check] = &[
    Check {
        id: "S7",
        name: "echoes-a-good-request-id",
        title: "an id of 1–128 characters of `[A-Za-z0-9._-]` comes back on every answer, refusals and time-outs too",
        needs: &[],
        remedy: REMEDY,
        run: echoes,
    },
    Check {
        id: "S7",
        name: "makes-a-request-id",
        title: "without one, every answer carries a UUIDv7 of its own",
        needs: &[],
        remedy: REMEDY,
        run: makes,
    },
    Check {
        id: "S7",
        name: "replaces-a-hostile-request-id",
        title: "one that is too long, empty, doubled or of other characters reaches neither header nor log",
        needs: &[],
        remedy: REMEDY,
        run: replaces,
    },
];

fn echoes(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let longest = "x".repeat(128);
    for id in [
        "a",
        "A.b_c-9",
        "7f0e2b6c-0000-4000-8000-000000000000",
        &longest,
    ] {
        let reply = running.call(&Request::get("/version").header("X-Request-ID", id))?;
        reply.status(200)?.header_is("x-request-id", id)?;
    }
    for (index, (status, request)) in refused_requests(speaks_fastapi(&running)?)
        .into_iter()
        .enumerate()
    {
        let id = format!("refused-{index}");
        let reply = running.call(&request.header("x-request-id", &id))?;
        reply.status(status)?.header_is("x-request-id", &id)?;
    }
    for path in ["/health/live", "/nowhere"] {
        let reply = running.manage(path)?;
        reply.hold(
            is_uuid_v7(&reply.id()?),
            "a UUIDv7 as `x-request-id` on the management address",
        )?;
    }
    Ok(())
}

fn makes(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let mut seen = BTreeSet::new();
    for path in ["/version", "/nowhere", "/health/ready", "/version"] {
        let reply = running.get(path)?;
        let id = reply.id()?;
        reply.hold(is_uuid_v7(&id), "a UUIDv7 as `x-request-id`")?;
        reply.hold(seen.insert(id), "an id that no other answer had")?;
    }
    Ok(())
}

fn replaces(subject: &Subject) -> Result<(), Fault> {
    // The mark that must turn up nowhere. It is harmless itself; each value around it is not.
    const MARK: &str = "hostile";
    let long = format!("{MARK}{}", "x".repeat(129 - MARK.len()));
    let values: [&[u8]; 11] = [
        long.as_bytes(),
        b"hostile id",
        b"hostile\tid",
        b"hostile\"quote",
        b"hostile;path=/",
        b"hostile,two",
        b"../hostile",
        b"%0d%0ahostile:1",
        b"<hostile>",
        "h\u{f6}stile-hostile".as_bytes(),
        b"\xff\xfehostile",
    ];
    let mut requests: Vec<Request> = values
        .iter()
        .map(|value| Request::get("/version").header("x-request-id", value))
        .collect();
    requests.push(Request::get("/version").header("x-request-id", ""));
    requests.push(
        Request::get("/version")
            .header("x-request-id", "hostile-one")
            .header("x-request-id", "hostile-two"),
    );
    let running = subject.shared(&tight(subject))?;
    for request in requests {
        let reply = running.call(&request)?.status(200)?;
        let id = reply.id()?;
        let head = String::from_utf8_lossy(&request.head()).into_owned();
        reply.hold(
            is_uuid_v7(&id),
            format!("a new UUIDv7 in place of what was sent:\n{head}"),
        )?;
        reply.hold(
            !reply.response.excerpt().contains(MARK),
            "nothing of a hostile id",
        )?;
        running.access_line(&id)?;
    }
    let logged = running.lines().into_iter().find(|line| line.contains(MARK));
    hold(
        logged.is_none(),
        "nothing of a hostile id in the log",
        || logged.unwrap_or_default(),
    )
}

/// Whether it is a UUID of version 7 in its usual spelling.
pub fn is_uuid_v7(id: &str) -> bool {
    id.len() == 36
        && id.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            14 => c == '7',
            19 => matches!(c, '8' | '9' | 'a' | 'b'),
            _ => matches!(c, '0'..='9' | 'a'..='f'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_version_7_counts() {
        assert!(is_uuid_v7("01890a5d-ac96-774b-bcce-b302099a8057"));
        assert!(!is_uuid_v7("01890a5d-ac96-474b-bcce-b302099a8057"));
        assert!(!is_uuid_v7("01890a5d-ac96-774b-ccce-b302099a8057"));
        assert!(!is_uuid_v7("01890A5D-AC96-774B-BCCE-B302099A8057"));
        assert!(!is_uuid_v7("01890a5dac96774bbcceb302099a8057"));
    }
}
