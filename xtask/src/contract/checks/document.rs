//! F1: `/openapi.json` says what the service serves, no more and no less.

use serde_json::{Map, Value};

use super::envelope::problem;
use super::samples::ITEMS;
use crate::contract::check::FASTAPI;
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::Reply;
use crate::contract::running::Running;
use crate::contract::{Check, Fault, Setup, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "F1",
    name: "documents-what-it-serves",
    title: "`/openapi.json` is OpenAPI 3.1: what it names is served, by these methods and no others; every `$ref` leads somewhere; what takes input tells its 422",
    needs: &[FASTAPI],
    remedy: "src/api/router.rs, src/api/document.rs and src/api/refs.rs",
    run: documents,
}];

/// The document.
pub const DOCUMENT: &str = "/openapi.json";
/// What a route can be declared for.
const METHODS: &[&str] = &["get", "put", "post", "patch", "delete"];
/// What every service of the template serves.
const SERVED: &[(&str, &str)] = &[
    ("/version", "get"),
    ("/api/v1/me", "get"),
    (ITEMS, "get"),
    (ITEMS, "post"),
    ("/api/v1/items/{id}", "get"),
    ("/api/v1/items/{id}", "put"),
    ("/api/v1/items/{id}", "delete"),
];

/// The setup of a service that publishes its document whatever the environment says.
pub fn published(subject: &Subject) -> Setup {
    subject.setup().set("APP__DOCS__ENABLED", "true")
}

/// The document of `running`.
pub fn document(running: &Running) -> Result<(Reply, Value), Fault> {
    let reply = running.get(DOCUMENT)?.status(200)?;
    reply.header_is("content-type", "application/json")?;
    let document = reply.json()?;
    Ok((reply, document))
}

fn documents(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&published(subject))?;
    let (reply, document) = document(&running)?;
    let version = document["openapi"].as_str().unwrap_or_default();
    reply.hold(version.starts_with("3.1."), "`openapi` to be 3.1")?;
    reply.hold(
        document["info"]["version"] == subject.version,
        format!("`info.version` to be {}", subject.version),
    )?;
    let paths = object(&document["paths"]);
    for (path, method) in SERVED {
        hold(
            document["paths"][path][method].is_object(),
            format!("{method} {path} in the document"),
            || format!("{:?}", paths.keys().collect::<Vec<_>>()),
        )?;
    }
    for (path, operations) in &paths {
        let operations = object(operations);
        for &method in METHODS {
            served(&running, path, method, operations.get(method))?;
        }
        for (method, operation) in &operations {
            tells_its_errors(&format!("{method} {path}"), operation)?;
        }
    }
    references(&document, &document)
}

/// A documented method reaches a handler; another one is refused.
fn served(
    running: &Running,
    path: &str,
    method: &str,
    operation: Option<&Value>,
) -> Result<(), Fault> {
    let request = Request::new(&method.to_uppercase(), filled(path, operation));
    let reply = running.call(&request)?;
    if operation.is_none() {
        return problem(&reply, 405);
    }
    let status = reply.response.status;
    // A handler that finds nothing says what: the router's own 404 does not.
    let unrouted = status == 405
        || status == 404 && reply.json().is_ok_and(|body| body["detail"] == "Not Found");
    reply.hold(
        !unrouted && status < 500,
        "an answer of a handler, as it is documented",
    )
}

/// The path with something in place of each parameter that its schema lets through.
fn filled(path: &str, operation: Option<&Value>) -> String {
    let schema = |name: &str| {
        let parameters = operation?["parameters"].as_array()?;
        let named = |one: &&Value| one["in"] == "path" && one["name"] == name;
        parameters.iter().find(named).map(|one| &one["schema"])
    };
    let (mut filled, mut rest) = (String::new(), path);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let schema = schema(name).unwrap_or(&Value::Null);
        filled += before;
        filled += match (schema["format"].as_str(), schema["type"].as_str()) {
            (Some("uuid"), _) => "00000000-0000-4000-8000-000000000000",
            (_, Some("integer" | "number")) => "1",
            _ => "a",
        };
        rest = after;
    }
    filled + rest
}

/// An operation that takes anything tells its 422; all of them tell of an answer.
fn tells_its_errors(title: &str, operation: &Value) -> Result<(), Fault> {
    let takes = operation["parameters"]
        .as_array()
        .is_some_and(|all| !all.is_empty())
        || operation["requestBody"].is_object();
    let responses = object(&operation["responses"]);
    let seen = || operation["responses"].to_string();
    hold(
        responses.keys().any(|status| status.starts_with('2')),
        format!("{title} to document an answer that is no error"),
        seen,
    )?;
    let schema = &operation["responses"]["422"]["content"]["application/json"]["schema"];
    let told = schema["$ref"] == "#/components/schemas/HTTPValidationError";
    hold(
        told == takes,
        format!("{title} to document a 422 of `HTTPValidationError` if it takes anything"),
        seen,
    )
}

/// Every reference below `value` leads to something in `document`.
fn references(document: &Value, value: &Value) -> Result<(), Fault> {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix('#');
        hold(
            target.is_some_and(|pointer| document.pointer(pointer).is_some()),
            "every `$ref` to lead to something in the document",
            || format!("{reference} does not"),
        )?;
    }
    match value {
        Value::Object(fields) => fields
            .values()
            .try_for_each(|inner| references(document, inner)),
        Value::Array(items) => items
            .iter()
            .try_for_each(|inner| references(document, inner)),
        _ => Ok(()),
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_filled_by_the_schemas_of_their_parameters() {
        let operation = json!({ "parameters": [
            { "in": "path", "name": "id", "schema": { "type": "string", "format": "uuid" } },
            { "in": "path", "name": "n", "schema": { "type": "integer" } },
            { "in": "query", "name": "x", "schema": { "type": "integer" } },
        ] });
        let filled = filled("/a/{id}/{n}/{x}/b", Some(&operation));
        assert_eq!(filled, "/a/00000000-0000-4000-8000-000000000000/1/a/b");
    }

    #[test]
    fn a_reference_into_nothing_is_found() {
        let document = json!({ "a": [{ "$ref": "#/b" }], "b": 1 });
        assert_eq!(references(&document, &document), Ok(()));
        for lost in ["#/c", "https://example.com/b", "b"] {
            let document = json!({ "a": [{ "$ref": lost }], "b": 1 });
            assert!(references(&document, &document).is_err(), "{lost}");
        }
    }
}
