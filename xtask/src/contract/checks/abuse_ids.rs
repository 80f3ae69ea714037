//! S7 under abuse: request ids that were made to break something.

use std::collections::BTreeSet;
use std::io;

use serde_json::Value;

use super::noise::{Form, Hostile, MARK, Noise, hostile};
use super::request_ids::is_uuid_v7;
use crate::contract::client::{Request, Response};
use crate::contract::fault::hold;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "S7",
    name: "survives-hostile-request-ids",
    title: "of 10 000 hostile ids (CR LF, NUL, controls, 64 KiB, UTF-8 or none) nothing reaches a log line or an answer",
    needs: &[Need::Long],
    remedy: "`is_harmless` in src/platform/context.rs, and what src/platform/edge.rs and line.rs write of a request",
    run: survives,
}];

const COUNT: usize = 10_000;
const SEED: u64 = 0x5eed;

fn survives(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup())?;
    let mut noise = Noise::new(SEED);
    let mut connection = running.connect()?;
    let mut ids = BTreeSet::new();
    for number in 0..COUNT {
        let hostile = hostile(&mut noise);
        let request = Request::get("/version").header("x-request-id", &hostile.value);
        let answer = connection.call(&request);
        let whole = answer.as_ref().is_ok_and(|response| !response.closes());
        let id = judge(&hostile, answer).map_err(|problem| {
            let what = format!("hostile id {number} of seed {SEED:#x}, {hostile}");
            Fault::new(format!("{what}: {}", problem.0), problem.1)
        })?;
        if let Some(id) = id {
            let expected = format!("hostile id {number}: an id that no other answer had");
            hold(ids.insert(id.clone()), expected, || id)?;
        }
        if !whole {
            connection = running.connect()?;
        }
    }
    let last = running.get("/version")?.status(200)?.id()?;
    running.access_line(&last)?;
    for line in running.lines() {
        hold(
            !line.contains(MARK),
            "nothing of a hostile id in the log",
            || line.clone(),
        )?;
        let object: Option<Value> = serde_json::from_str(&line).ok();
        let object = object.filter(Value::is_object).ok_or_else(|| {
            Fault::new("every log line to be one JSON object still", line.clone())
        })?;
        if object["message"] == "request" {
            ids.remove(object["request_id"].as_str().unwrap_or_default());
        }
    }
    hold(ids.is_empty(), "an access line for every answer", || {
        format!("{} have none, the first {:?}", ids.len(), ids.first())
    })
}

/// What was expected, and what was seen instead.
type Problem = (&'static str, String);

/// The id that the service gave the request, or nothing where it refused to read it.
fn judge(hostile: &Hostile, answer: io::Result<Response>) -> Result<Option<String>, Problem> {
    let response = match answer {
        Ok(response) => response,
        // What it will not read to its end may end the connection before the answer is read.
        Err(error) if hostile.form == Form::Broken && is_end(&error) => return Ok(None),
        Err(error) => return Err(("an answer", error.to_string())),
    };
    let seen = || response.excerpt();
    let holds = |bytes: &[u8]| {
        bytes
            .windows(MARK.len())
            .any(|part| part == MARK.as_bytes())
    };
    if holds(&response.body) || response.headers.iter().any(|(_, value)| holds(value)) {
        return Err(("nothing of it in the answer", seen()));
    }
    let mut given = response
        .headers
        .iter()
        .filter(|(name, _)| name == "x-request-id");
    let id = given
        .next()
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned());
    let fresh = id.as_deref().is_some_and(is_uuid_v7) && given.next().is_none();
    match response.status {
        200 if fresh => Ok(id),
        200 => Err(("a new UUIDv7 as `x-request-id`, once", seen())),
        // The parser of HTTP refuses before there is a request: without id, envelope or body, and for good.
        400 | 431 if hostile.form == Form::Broken => {
            let bare = id.is_none() && response.body.is_empty() && response.closes();
            if bare || fresh {
                Ok(None)
            } else {
                Err((
                    "a bare refusal that closes, or a whole one with its id",
                    seen(),
                ))
            }
        }
        _ if hostile.form == Form::Broken => Err(("status 200, 400 or 431", seen())),
        _ => Err(("status 200: as a header value it is sound", seen())),
    }
}

fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    [
        BrokenPipe,
        ConnectionAborted,
        ConnectionReset,
        UnexpectedEof,
    ]
    .contains(&error.kind())
}
