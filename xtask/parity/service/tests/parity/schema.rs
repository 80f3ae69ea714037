//! A schema as facts, told as if it referred to nothing.

use serde_json::{Map, Value};

use crate::document::Facts;

/// What a client cannot depend on: names, and where they stand.
const UNTOLD: [&str; 4] = ["title", "$ref", "$defs", "discriminator"];

pub(crate) fn facts(document: &Value, place: &str, schema: &Value, facts: &mut Facts) {
    let Some(map) = merged(document, schema) else {
        if schema == &Value::Bool(true) {
            facts.insert(format!("{place} :"), "anything".into());
        }
        return;
    };
    let (map, nullable) = without_null(document, map);
    if nullable {
        facts.insert(format!("{place} : nullable"), "true".into());
    }
    for (keyword, value) in map {
        match (keyword.as_str(), value) {
            (untold, _) if UNTOLD.contains(&untold) => {}
            ("default", Value::Null) => {}
            ("properties", Value::Object(fields)) => {
                for (name, schema) in fields {
                    self::facts(document, &format!("{place}.{name}"), &schema, facts);
                }
            }
            ("required", Value::Array(mut names)) => {
                names.sort_by_key(ToString::to_string);
                for name in names {
                    let name = name.as_str().unwrap_or_default();
                    facts.insert(format!("{place}.{name} : required"), "true".into());
                }
            }
            ("items", schema) => self::facts(document, &format!("{place}[]"), &schema, facts),
            ("additionalProperties", schema @ Value::Object(_)) => {
                self::facts(document, &format!("{place}.*"), &schema, facts);
            }
            ("oneOf" | "anyOf", Value::Array(branches)) => {
                branch(document, &format!("{place} {keyword}"), &branches, facts);
            }
            (_, value) => {
                facts.insert(format!("{place} : {keyword}"), plain(&value));
            }
        }
    }
}

/// Branches by their tag, or else by their number.
fn branch(document: &Value, place: &str, branches: &[Value], facts: &mut Facts) {
    for (index, schema) in branches.iter().enumerate() {
        let whole = merged(document, schema).unwrap_or_default();
        let fields = whole.get("properties").and_then(Value::as_object);
        let mut tags = fields.into_iter().flat_map(Map::values);
        let tag = tags.find_map(|field| field.get("const")?.as_str());
        let tag = tag.map_or_else(|| index.to_string(), str::to_owned);
        self::facts(document, &format!("{place}({tag})"), schema, facts);
    }
}

/// A schema with what it refers to laid under it.
fn merged(document: &Value, schema: &Value) -> Option<Map<String, Value>> {
    let map = schema.as_object()?;
    let reference = map.get("$ref").and_then(Value::as_str);
    let under = reference.and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    let mut whole = under
        .and_then(|under| merged(document, under))
        .unwrap_or_default();
    for (keyword, value) in map {
        match (whole.get_mut(keyword), value) {
            (Some(Value::Object(under)), Value::Object(over)) => under.extend(over.clone()),
            (Some(Value::Array(under)), Value::Array(over)) => under.extend(over.clone()),
            _ => {
                whole.insert(keyword.clone(), value.clone());
            }
        }
    }
    Some(whole)
}

/// `type: [X, null]` and `anyOf: [X, null]` say the same.
fn without_null(document: &Value, mut map: Map<String, Value>) -> (Map<String, Value>, bool) {
    let mut nullable = false;
    if let Some(Value::Array(types)) = map.get_mut("type") {
        let before = types.len();
        types.retain(|one| one != "null");
        nullable = types.len() < before;
        if let [one] = types.as_slice() {
            let one = one.clone();
            map.insert("type".into(), one);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        let before = branches.len();
        branches.retain(|one| one.get("type").is_none_or(|name| name != "null"));
        nullable |= branches.len() < before;
        if let [one] = branches.as_slice() {
            let one = merged(document, one).unwrap_or_default();
            map.remove("anyOf");
            for (keyword, value) in one {
                map.entry(keyword).or_insert(value);
            }
        }
    }
    (map, nullable)
}

/// `5` and `5.0` are the same number, and keys have no order.
fn plain(value: &Value) -> String {
    match value {
        Value::Number(number) => number.as_f64().map(|number| number.to_string()).unwrap(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{name}: {}", plain(value)))
                .collect();
            fields.sort();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}
