//! What the document says about errors: the 422 of every route that takes something, and the envelope of all others.

use aide::openapi::{
    MediaType, Operation, ReferenceOr, Response, SchemaObject, StatusCode as Status,
};
use axum::http::StatusCode;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

/// FastAPI's name for `{"detail": [...]}`, and ours for any other `{"detail": ...}`.
const VALIDATION: &str = "HTTPValidationError";
const OTHER: &str = "HTTPError";

/// The route with the errors that each has: 422 where it takes something, and those of the platform.
pub(super) fn documented(mut operation: Operation) -> Operation {
    let takes = !operation.parameters.is_empty() || operation.request_body.is_some();
    let responses = operation.responses.get_or_insert_default();
    if takes {
        responses
            .responses
            .entry(Status::Code(422))
            .or_insert_with(|| ReferenceOr::Item(response("Validation Error", VALIDATION)));
    }
    let any = response(
        "Error of the platform: a limit, a time-out, a failure",
        OTHER,
    );
    responses.default = Some(ReferenceOr::Item(any));
    operation
}

/// An error that a route names.
pub(super) fn named(status: StatusCode) -> Response {
    response(status.canonical_reason().unwrap_or("Error"), OTHER)
}

fn response(description: &str, schema: &str) -> Response {
    let media = MediaType {
        schema: Some(SchemaObject {
            json_schema: Schema::new_ref(format!("#/components/schemas/{schema}")),
            external_docs: None,
            example: None,
        }),
        ..MediaType::default()
    };
    Response {
        description: description.to_owned(),
        content: [("application/json".to_owned(), media)]
            .into_iter()
            .collect(),
        ..Response::default()
    }
}

/// The types of errors, as FastAPI's document has them.
pub(super) fn schemas() -> Map<String, Value> {
    let entry = json_schema!({
        "type": "object",
        "title": "ValidationError",
        "required": ["loc", "msg", "type"],
        "properties": {
            "loc": {
                "title": "Location",
                "type": "array",
                "items": { "anyOf": [{ "type": "string" }, { "type": "integer" }] },
            },
            "msg": { "title": "Message", "type": "string" },
            "type": { "title": "Error Type", "type": "string" },
            "input": { "title": "Input" },
            "ctx": { "title": "Context", "type": "object" },
        },
    });
    let all = [
        ("ValidationError", entry.to_value()),
        (
            VALIDATION,
            json!({
                "type": "object",
                "title": VALIDATION,
                "properties": { "detail": {
                    "title": "Detail",
                    "type": "array",
                    "items": { "$ref": "#/components/schemas/ValidationError" },
                } },
            }),
        ),
        (
            OTHER,
            json!({
                "type": "object",
                "title": OTHER,
                "required": ["detail"],
                "properties": { "detail": { "title": "Detail" } },
            }),
        ),
    ];
    all.into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}
