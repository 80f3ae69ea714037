//! F3: what pydantic takes for a number or an id is taken, and nothing else. The expectations are what FastAPI answered to
//! the same models.

use serde_json::json;

use super::document::published;
use super::samples::ITEMS;
use crate::contract::check::FASTAPI;
use crate::contract::client::Request;
use crate::contract::reply::Reply;
use crate::contract::running::Running;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "F3",
    name: "takes-what-pydantic-takes",
    title: "texts, floats and booleans count as numbers where pydantic takes them for one, and in no other form",
    needs: &[FASTAPI],
    remedy: "src/api/check/",
    run: lenient,
}];

/// Quantities as they stand in a body, and what an item then has.
const TAKEN: &[(&str, u64)] = &[
    ("7", 7),
    ("\"7\"", 7),
    ("\" 7 \"", 7),
    ("\"+7\"", 7),
    ("\"007\"", 7),
    ("\"1_000\"", 1000),
    ("7.0", 7),
    ("\"7.0\"", 7),
    ("1e3", 1000),
    ("true", 1),
    ("false", 0),
];

/// Quantities that are none, and the type of the problem.
const REFUSED: &[(&str, &str)] = &[
    ("7.5", "int_from_float"),
    ("\"7.5\"", "int_parsing"),
    ("\"seven\"", "int_parsing"),
    ("\"0x7\"", "int_parsing"),
    ("\"1__0\"", "int_parsing"),
    ("\"\"", "int_parsing"),
    ("null", "int_type"),
    ("[]", "int_type"),
    ("{}", "int_type"),
    ("\"-1\"", "greater_than_equal"),
    ("\"1000001\"", "less_than_equal"),
];

fn lenient(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&published(subject))?;
    let post = |name: &str, quantity: &str| {
        let body = format!("{{\"name\": {name}, \"quantity\": {quantity}}}");
        running.call(
            &Request::new("POST", ITEMS)
                .header("content-type", "application/json")
                .body(body),
        )
    };
    for (quantity, value) in TAKEN {
        let reply = post("\"bolt\"", quantity)?;
        let taken = reply.response.status == 201 && reply.json()?["quantity"] == *value;
        reply.hold(
            taken,
            format!("the quantity `{quantity}` to be taken for {value}"),
        )?;
    }
    for (quantity, kind) in REFUSED {
        refused(&post("\"bolt\"", quantity)?, "quantity", quantity, kind)?;
    }
    // Nothing else counts as text.
    for name in ["7", "true", "null", "[]"] {
        refused(&post(name, "7")?, "name", name, "string_type")?;
    }
    forms_of_ids(&running)?;
    for (limit, status) in [
        ("07", 200),
        ("%207", 200),
        ("7.0", 200),
        ("7.5", 422),
        ("true", 422),
    ] {
        running
            .get(&format!("{ITEMS}?limit={limit}"))?
            .status(status)?;
    }
    Ok(())
}

/// Holds that the only problem is one of this kind, at this field of the body.
fn refused(reply: &Reply, field: &str, value: &str, kind: &str) -> Result<(), Fault> {
    let detail = &reply.json()?["detail"];
    let only = detail.as_array().is_some_and(|all| all.len() == 1);
    let place = detail[0]["loc"] == json!(["body", field]);
    reply.hold(
        reply.response.status == 422 && only && place && detail[0]["type"] == kind,
        format!("`{kind}` at `{field}`, which is `{value}`"),
    )
}

/// An id is found in each of the forms that a UUID has.
fn forms_of_ids(running: &Running) -> Result<(), Fault> {
    let made = Request::new("POST", ITEMS).json(&json!({ "name": "bolt", "quantity": 7 }));
    let item = running.call(&made)?.status(201)?.json()?;
    let id = item["id"].as_str().unwrap_or_default();
    for form in [
        id.to_owned(),
        id.to_uppercase(),
        id.replace('-', ""),
        format!("urn:uuid:{id}"),
        format!("%7B{id}%7D"),
    ] {
        let reply = running.get(&format!("{ITEMS}/{form}"))?.status(200)?;
        reply.hold(reply.json()? == item, "the item")?;
    }
    Ok(())
}
