//! A request with a body that is checked: the service beside a bare handler that only deserialises it, and beside FastAPI.
//!
//! Nothing counts before each side has answered with the same JSON, and whoever says that it checks has refused what is wrong.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::ask::{Ask, BAD, GOOD};
use super::figure::Figure;
use super::load::{Pattern, Readings, in_turn};
use super::rig::Rig;
use super::server::{Program, Server};
use super::table::Sheet;
use super::twin::Python;

/// Where both servers run, in turn, and where the load comes from.
const CORE: Option<usize> = Some(0);
const CLIENT: Option<usize> = Some(1);

/// The service beside the bare handler.
pub fn beside_bare(rig: &Rig, pattern: Pattern, sheet: &mut Sheet) -> Result<()> {
    let [service, bare] = readings(rig, &rig.bare(), false, pattern)?;
    let [throughput, rest @ ..] = figures(&service, &bare, |name| format!("PUT: {name}"));
    sheet.add([throughput.map(|throughput| throughput.held_to(rig.goals.body))]);
    sheet.add(rest);
    Ok(())
}

/// The service beside its twin, where `python` has what it takes.
pub fn beside_twin(
    rig: &Rig,
    python: Option<&Path>,
    pattern: Pattern,
    sheet: &mut Sheet,
) -> Result<()> {
    let python = match Python::find(python) {
        Ok(python) => python,
        Err(reason) => {
            sheet.skip("twin", reason);
            return Ok(());
        }
    };
    sheet.note("FastAPI", &python.said);
    let twin = python.twin(rig)?;
    let [service, twin] = readings(rig, &twin, true, pattern)?;
    let name = |name: &str| format!("PUT: {name}, service ÷ FastAPI");
    sheet.add(figures(&service, &twin, name));
    Ok(())
}

/// What both are compared by, throughput first.
fn figures(
    service: &Readings,
    other: &Readings,
    name: impl Fn(&str) -> String,
) -> [Option<Figure>; 5] {
    let pair = |what, unit, of: fn(&Readings) -> &[f64]| {
        Figure::pair(name(what), unit, of(service), of(other))
    };
    [
        pair("throughput", "1/s", |it| &it.throughput),
        pair("processor time a request", "µs", |it| &it.processor),
        pair("p50 at full load", "ms", |it| &it.latency[0]),
        pair("p99 at full load", "ms", |it| &it.latency[1]),
        pair("memory after full load", "MiB", |it| &it.resident),
    ]
}

fn readings(rig: &Rig, other: &Program, checks: bool, pattern: Pattern) -> Result<[Readings; 2]> {
    let (service, other) = (rig.service().start(CORE)?, other.start(CORE)?);
    same(&service, &other)?;
    refuses(&service)?;
    if checks {
        refuses(&other)?;
    }
    let readings = in_turn([&service, &other], put, pattern, CLIENT)?;
    // What wrk takes for an error begins at 400: an answer of another kind shows here.
    same(&service, &other)?;
    Ok(readings)
}

fn put(server: &Server) -> Ask {
    Ask::put(&server.item, GOOD)
}

/// Both answer 200 with the same fields, and what was sent in them.
fn same(service: &Server, other: &Server) -> Result<()> {
    let (one, two) = (answer(service)?, answer(other)?);
    if !alike(&one, &two) {
        let (one, two) = (Value::from_iter(one), Value::from_iter(two));
        bail!(
            "the {} answers {one}, and the {} answers {two}; what differs cannot be compared",
            service.name,
            other.name
        );
    }
    Ok(())
}

fn alike(one: &BTreeMap<String, Value>, two: &BTreeMap<String, Value>) -> bool {
    let sent = ["name", "quantity"];
    one.keys().eq(two.keys())
        && sent
            .iter()
            .all(|key| one.contains_key(*key) && one.get(*key) == two.get(*key))
}

fn answer(server: &Server) -> Result<BTreeMap<String, Value>> {
    let ask = put(server);
    let (status, body) = server.once(&ask)?;
    let what = || {
        format!(
            "the {} answered {ask} with {status} and `{body}`",
            server.name
        )
    };
    if status != 200 {
        bail!("{}; 200 and an item were expected", what());
    }
    serde_json::from_str(&body).with_context(what)
}

fn refuses(server: &Server) -> Result<()> {
    let ask = Ask::put(&server.item, BAD);
    match server.once(&ask)? {
        (422, _) => Ok(()),
        (status, _) => bail!(
            "the {} answered {ask} of `{BAD}` with {status} instead of 422; a body that nobody checks cannot be compared",
            server.name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_alike_when_a_client_could_not_tell() {
        let item = |text: &str| serde_json::from_str(text).unwrap();
        let one = item(r#"{"name":"bolt","quantity":7,"version":2}"#);
        assert!(alike(
            &one,
            &item(r#"{"version":9,"quantity":7,"name":"bolt"}"#)
        ));
        for other in [
            r#"{"name":"bolt","quantity":7}"#,
            r#"{"name":"bolt","quantity":8,"version":2}"#,
            r#"{"name":"bolt","quantity":7,"version":2,"etag":"2"}"#,
        ] {
            assert!(!alike(&one, &item(other)), "{other}");
        }
        let nothing = item("{}");
        assert!(!alike(&nothing, &nothing));
    }
}
