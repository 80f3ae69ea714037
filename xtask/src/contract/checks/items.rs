//! S23: the example resource keeps its promises, one item at a time.

use serde_json::{Value, json};

use super::envelope::problem;
use super::samples::{ITEMS, NOBODY};
use crate::contract::client::Request;
use crate::contract::reply::{Reply, text_field};
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S23",
        name: "creates-reads-replaces-deletes",
        title: "an item is created, read, replaced under `If-Match` and deleted",
        needs: &[],
        remedy: "src/items/routes.rs and src/items/store.rs",
        run: life,
    },
    Check {
        id: "S23",
        name: "refuses-what-is-no-item",
        title: "unknown fields, missing fields and values out of bounds are 422; bounds themselves are taken",
        needs: &[],
        remedy: "`Content`, `Name` and `Quantity` in src/items/model.rs",
        run: bounds,
    },
];

fn post(value: &Value) -> Request {
    Request::new("POST", ITEMS).json(value)
}

/// Holds what an item shows of itself.
fn shows(reply: &Reply, name: &str, quantity: u32, version: u32) -> Result<Value, Fault> {
    let item = reply.json()?;
    let expected = format!("an item `{name}`, quantity {quantity}, version {version}");
    let same = item["name"] == name && item["quantity"] == quantity && item["version"] == version;
    reply.hold(same, expected)?;
    for field in ["id", "created_at", "updated_at"] {
        text_field(&item, field)?;
    }
    reply.hold(
        item.as_object().is_some_and(|item| item.len() == 6),
        "its six fields and no other",
    )?;
    Ok(item)
}

fn life(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let made = running
        .call(&post(&json!({"name": "bolt", "quantity": 7})))?
        .status(201)?;
    made.header_is("content-type", "application/json")?;
    let item = shows(&made, "bolt", 7, 1)?;
    let place = made.header("location")?;
    made.hold(
        place == format!("{ITEMS}/{}", text_field(&item, "id")?),
        "`location` to name the item",
    )?;

    let read = running.get(&place)?.status(200)?;
    read.hold(
        shows(&read, "bolt", 7, 1)? == item,
        "the item as it was created",
    )?;
    let first = read.header("etag")?;
    read.hold(
        first.len() > 2 && first.starts_with('"') && first.ends_with('"'),
        "a strong `etag`",
    )?;

    let put = |etag: Option<&str>| {
        let request =
            Request::new("PUT", place.clone()).json(&json!({"name": "nut", "quantity": 8}));
        match etag {
            Some(etag) => request.header("if-match", etag),
            None => request,
        }
    };
    problem(&running.call(&put(None))?, 428)?;
    problem(&running.call(&put(Some("\"no-such-version\"")))?, 412)?;
    let replaced = running.call(&put(Some(&first)))?.status(200)?;
    let after = shows(&replaced, "nut", 8, 2)?;
    let kept = after["id"] == item["id"] && after["created_at"] == item["created_at"];
    replaced.hold(kept, "the same `id` and `created_at`")?;
    replaced.hold(replaced.header("etag")? != first, "a new `etag`")?;
    problem(&running.call(&put(Some(&first)))?, 412)?;
    shows(&running.get(&place)?.status(200)?, "nut", 8, 2)?;

    let delete = Request::new("DELETE", place.clone());
    problem(
        &running.call(&delete.clone().header("if-match", &first))?,
        412,
    )?;
    let deleted = running.call(&delete)?.status(204)?;
    deleted.hold(
        deleted.response.header("content-type").is_none(),
        "204 without a body",
    )?;
    problem(&running.get(&place)?, 404)?;
    problem(&running.call(&delete)?, 404)?;
    problem(
        &running.call(
            &Request::new("PUT", NOBODY)
                .json(&json!({"name": "a", "quantity": 1}))
                .header("if-match", "*"),
        )?,
        404,
    )
}

fn bounds(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    // Characters, not bytes.
    let longest = "ä".repeat(120);
    for (name, quantity) in [("a", 0), (longest.as_str(), 1_000_000)] {
        running
            .call(&post(&json!({"name": name, "quantity": quantity})))?
            .status(201)?;
    }
    for body in [
        json!({"name": "a", "quantity": 1, "colour": "red"}),
        json!({"name": "a", "quantity": 1, "id": "00000000-0000-4000-8000-000000000000"}),
        json!({"name": "a"}),
        json!({"name": "", "quantity": 1}),
        json!({"name": "ä".repeat(121), "quantity": 1}),
        json!({"name": "a", "quantity": -1}),
        json!({"name": "a", "quantity": 1_000_001}),
        json!({"name": "a", "quantity": 1.5}),
        json!({"name": 1, "quantity": 1}),
        json!([]),
        json!(["bolt", 1]),
    ] {
        problem(&running.call(&post(&body))?, 422)?;
    }
    Ok(())
}
