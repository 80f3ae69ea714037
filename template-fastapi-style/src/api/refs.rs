//! Types as they are read and as they are written, under the names of one document.
//!
//! Most are the same both ways and stand in it once. Where a default makes a field optional for a reader alone, there are
//! two, `Order-Input` and `Order-Output`, as in FastAPI.

use serde_json::{Map, Value};

/// Where the two generators say that their types are.
pub(super) const READ: &str = "/components/read";
pub(super) const WRITTEN: &str = "/components/written";

/// Puts all types into the document, and turns references to where they are.
pub(super) fn settle(
    document: &mut Value,
    read: Map<String, Value>,
    written: Map<String, Value>,
    own: Map<String, Value>,
) {
    let mut differing = Vec::new();
    for (name, schema) in &read {
        if written.get(name).is_some_and(|other| !alike(schema, other)) {
            differing.push(name.clone());
        }
    }
    // What holds a type with two forms has two forms itself.
    while let Some(more) = read
        .iter()
        .find(|(name, schema)| {
            written.contains_key(*name)
                && !differing.contains(name)
                && refers_to_any(schema, &differing)
        })
        .map(|(name, _)| name.clone())
    {
        differing.push(more);
    }
    let called = |name: &str, form: &str| {
        if differing.iter().any(|other| other == name) {
            format!("{name}-{form}")
        } else {
            name.to_owned()
        }
    };
    let mut schemas = own;
    for (form, types) in [("Input", read), ("Output", written)] {
        for (name, schema) in types {
            schemas.insert(called(&name, form), schema);
        }
    }
    if let Some(document) = document.as_object_mut() {
        let components = document
            .entry("components")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(components) = components.as_object_mut() {
            components.insert("schemas".into(), Value::Object(schemas));
        }
    }
    each_reference(document, &mut |reference| {
        for (form, place) in [("Input", READ), ("Output", WRITTEN)] {
            if let Some(name) = name_in(reference, place) {
                *reference = format!("#/components/schemas/{}", called(name, form));
                return;
            }
        }
    });
}

/// The type that a reference of one generator names.
fn name_in<'a>(reference: &'a str, place: &str) -> Option<&'a str> {
    reference
        .strip_prefix('#')?
        .strip_prefix(place)?
        .strip_prefix('/')
}

/// Whether two schemas are the same, wherever their references point to.
fn alike(read: &Value, written: &Value) -> bool {
    let mut written = written.clone();
    each_reference(&mut written, &mut |reference| {
        *reference = reference.replacen(WRITTEN, READ, 1);
    });
    *read == written
}

fn refers_to_any(schema: &Value, names: &[String]) -> bool {
    let mut found = false;
    each_reference(&mut schema.clone(), &mut |reference| {
        found |= name_in(reference, READ).is_some_and(|name| names.iter().any(|n| n == name));
    });
    found
}

fn each_reference(value: &mut Value, act: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(reference) if key == "$ref" => act(reference),
                    other => each_reference(other, act),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_reference(item, act)),
        _ => {}
    }
}
