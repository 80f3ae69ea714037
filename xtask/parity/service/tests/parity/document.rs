//! A document as facts: a place and what stands there, so that two documents can be compared line by line.
//!
//! Types are told where they are used, whatever they are called. Titles, and the order of parameters, are nothing that a
//! client depends on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::schema;

pub(crate) type Facts = BTreeMap<String, String>;

/// `PLACE: THERE | HERE` for each fact that differs.
pub(crate) fn unlike(theirs: &Value, ours: &Value) -> Vec<String> {
    let (theirs, ours) = (facts(theirs), facts(ours));
    let places: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    let differing = places
        .into_iter()
        .filter(|&place| theirs.get(place) != ours.get(place));
    let told = |facts: &Facts, place| facts.get(place).map_or("nothing".into(), String::clone);
    differing
        .map(|place| format!("{place}: {} | {}", told(&theirs, place), told(&ours, place)))
        .collect()
}

fn facts(document: &Value) -> Facts {
    let mut facts = Facts::new();
    for part in ["title", "version", "description"] {
        let told = document.pointer(&format!("/info/{part}"));
        facts.insert(format!("info {part}"), text(told));
    }
    facts.insert("openapi".into(), text(document.get("openapi")));
    let schemes = document.pointer("/components/securitySchemes");
    for (name, scheme) in entries(schemes) {
        facts.insert(format!("scheme {name}"), text(Some(scheme)));
    }
    for (path, methods) in entries(document.get("paths")) {
        for (method, operation) in entries(Some(methods)) {
            let place = format!("{method} {path}");
            route(document, &place, operation, &mut facts);
        }
    }
    facts
}

fn route(document: &Value, place: &str, operation: &Value, facts: &mut Facts) {
    for part in ["operationId", "summary", "description", "tags", "security"] {
        facts.insert(format!("{place} {part}"), text(operation.get(part)));
    }
    for parameter in items(operation.get("parameters")) {
        let part = |name| {
            parameter
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let place = format!("{place} {} {}", part("in"), part("name"));
        let required = parameter.get("required") == Some(&Value::Bool(true));
        facts.insert(format!("{place} required"), required.to_string());
        facts.insert(
            format!("{place} description"),
            text(parameter.get("description")),
        );
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        schema::facts(document, &place, schema, facts);
    }
    if let Some(body) = operation.get("requestBody") {
        let required = body.get("required") == Some(&Value::Bool(true));
        facts.insert(format!("{place} body required"), required.to_string());
        content(document, &format!("{place} body"), body, facts);
    }
    for (status, answer) in entries(operation.get("responses")) {
        let place = format!("{place} {status}");
        facts.insert(
            format!("{place} description"),
            text(answer.get("description")),
        );
        content(document, &place, answer, facts);
    }
}

fn content(document: &Value, place: &str, holder: &Value, facts: &mut Facts) {
    for (kind, media) in entries(holder.get("content")) {
        let place = format!("{place} {kind}");
        facts.insert(place.clone(), "there".into());
        let schema = media.get("schema").unwrap_or(&Value::Null);
        schema::facts(document, &place, schema, facts);
    }
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}
