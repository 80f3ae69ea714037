//! F3: all that is wrong with path, query and body is told at once, as FastAPI tells it. The expectations are what FastAPI
//! answered to the same models.

use serde_json::{Value, json};

use super::document::published;
use super::samples::ITEMS;
use crate::contract::check::FASTAPI;
use crate::contract::client::Request;
use crate::contract::reply::Reply;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "F3",
    name: "tells-all-problems-at-once",
    title: "one 422 tells all that is wrong with path, query and body, in FastAPI's order, with its `type`, `loc`, `msg` and `input`",
    needs: &[FASTAPI],
    remedy: "src/api/handler.rs, src/api/asked.rs and src/api/check/",
    run: all_at_once,
}];

const EXTRA: (&str, &str) = ("extra_forbidden", "Extra inputs are not permitted");

/// Bodies for `PUT /api/v1/items/not-a-uuid`, and the problems of each beside that of the path.
fn wrong_bodies() -> Vec<(Value, Vec<Value>)> {
    let missing = json!({ "quantity": "many", "colour": "red" });
    let entry = |kind: &str, field: &str, msg: &str, input: Value| json!({ "type": kind, "loc": ["body", field], "msg": msg, "input": input });
    let mut bounded = entry(
        "less_than_equal",
        "quantity",
        "Input should be less than or equal to 1000000",
        json!(1_000_001),
    );
    bounded["ctx"] = json!({ "le": 1_000_000 });
    let mut short = entry(
        "string_too_short",
        "name",
        "String should have at least 1 character",
        json!(""),
    );
    short["ctx"] = json!({ "min_length": 1 });
    vec![
        (
            missing.clone(),
            vec![
                entry("missing", "name", "Field required", missing),
                entry(
                    "int_parsing",
                    "quantity",
                    "Input should be a valid integer, unable to parse string as an integer",
                    json!("many"),
                ),
                entry(EXTRA.0, "colour", EXTRA.1, json!("red")),
            ],
        ),
        (
            // What nobody knows comes last, wherever it stands.
            json!({ "b": [1], "quantity": 1_000_001, "a": null, "name": 7 }),
            vec![
                entry(
                    "string_type",
                    "name",
                    "Input should be a valid string",
                    json!(7),
                ),
                bounded,
                entry(EXTRA.0, "b", EXTRA.1, json!([1])),
                entry(EXTRA.0, "a", EXTRA.1, Value::Null),
            ],
        ),
        (
            json!({ "quantity": 7.5, "name": "" }),
            vec![
                short,
                entry(
                    "int_from_float",
                    "quantity",
                    "Input should be a valid integer, got a number with a fractional part",
                    json!(7.5),
                ),
            ],
        ),
    ]
}

fn all_at_once(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&published(subject))?;
    let error = "invalid character: found `n` at 0";
    let path = json!({
        "type": "uuid_parsing",
        "loc": ["path", "id"],
        "msg": format!("Input should be a valid UUID, {error}"),
        "input": "not-a-uuid",
        "ctx": { "error": error },
    });
    for (body, mut problems) in wrong_bodies() {
        problems.insert(0, path.clone());
        let request = Request::new("PUT", format!("{ITEMS}/not-a-uuid")).json(&body);
        details(&running.call(&request)?, &problems)?;
    }
    let request = Request::get(format!("{ITEMS}?limit=ten&cursor=a&colour=red"));
    let limit = json!({
        "type": "int_parsing",
        "loc": ["query", "limit"],
        "msg": "Input should be a valid integer, unable to parse string as an integer",
        "input": "ten",
    });
    let pattern = "^[0-9a-fA-F]{32}$";
    let cursor = json!({
        "type": "string_pattern_mismatch",
        "loc": ["query", "cursor"],
        "msg": format!("String should match pattern '{pattern}'"),
        "input": "a",
        "ctx": { "pattern": pattern },
    });
    // What a query holds beside its parameters is nobody's business.
    details(&running.call(&request)?, &[limit, cursor])
}

/// Holds the problems of a 422: all of them, in this order.
fn details(reply: &Reply, problems: &[Value]) -> Result<(), Fault> {
    let expected = json!({ "detail": problems });
    let reply = reply.clone().status(422)?;
    reply.hold(reply.json()? == expected, expected.to_string())
}
