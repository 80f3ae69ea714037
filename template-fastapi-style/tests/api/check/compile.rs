//! What a plan is made of, and what it refuses to be made of.

use schemars::Schema;
use serde_json::{Value, json};
use service::api::check::{Plan, Unsupported};
use service::api::problem::{Loc, Problem};

fn plan(schema: Value) -> Result<Plan, Unsupported> {
    Plan::of(&Schema::try_from(schema).unwrap())
}

fn refused(schema: Value) -> String {
    plan(schema).unwrap_err().to_string()
}

fn problems(schema: Value, value: Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let checked = plan(schema)
        .unwrap()
        .check(value, &Loc::BODY, &mut problems);
    assert_eq!(checked.is_none(), !problems.is_empty());
    problems
}

fn types(schema: Value, value: Value) -> Vec<&'static str> {
    let problems = problems(schema, value);
    problems.iter().map(|problem| problem.r#type).collect()
}

#[test]
fn what_is_unknown_is_named_with_its_place() {
    for (part, keyword) in [
        (json!({"type": "array", "uniqueItems": true}), "uniqueItems"),
        (json!({"type": "array", "prefixItems": []}), "prefixItems"),
        (json!({"type": "string", "format": "ipv4"}), "format: ipv4"),
        (
            json!({"type": "string", "format": "uuid", "minLength": 1}),
            "minLength",
        ),
        (
            json!({"type": "string", "contentEncoding": "base64"}),
            "contentEncoding",
        ),
        (json!({"type": "string", "pattern": "("}), "pattern"),
        (json!({"type": "string", "pattern": 1}), "pattern"),
        (json!({"type": "string", "minLength": -1}), "minLength"),
        (json!({"type": "integer", "format": "int7"}), "format: int7"),
        (json!({"type": "integer", "minimum": 0.5}), "minimum"),
        (json!({"type": "number", "format": "half"}), "format: half"),
        (json!({"type": "boolean", "const": [1]}), "const"),
        (json!({"type": "null"}), "type: null"),
        (
            json!({"type": ["string", "integer"]}),
            "type: string, integer",
        ),
        (
            json!({"type": ["string", "number"], "pattern": "^1$"}),
            "pattern",
        ),
        (json!({"enum": ["a", 1]}), "enum"),
        (json!({"enum": []}), "enum"),
        (json!({"minimum": 1}), "minimum"),
        (json!({"not": {}}), "not"),
        (json!({"allOf": [{}]}), "allOf"),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            "anyOf",
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            "oneOf",
        ),
        (
            json!({"oneOf": [{"type": "object", "properties": {"A": {}}, "required": ["A"]}]}),
            "oneOf",
        ),
        (
            json!({"type": "object", "properties": {}, "patternProperties": {}}),
            "patternProperties",
        ),
        (
            json!({"type": "object", "minProperties": 1}),
            "minProperties",
        ),
        (json!({"$ref": "other.json"}), "$ref: \"other.json\""),
        (json!(false), "false"),
    ] {
        let schema = json!({"type": "object", "properties": {"part": part}});
        let expected =
            format!("#/properties/part: `{keyword}` cannot be checked: write the type without it");
        assert_eq!(refused(schema), expected);
    }
    let dangling = json!({"type": "array", "items": {"$ref": "#/$defs/None"}});
    assert!(refused(dangling).starts_with("#/$defs/None: `$ref`"));
    for endless in [
        json!({"$ref": "#"}),
        json!({"$ref": "#", "minimum": 1}),
        json!({"anyOf": [{"$ref": "#"}, {"type": "null"}]}),
        json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}),
    ] {
        assert!(refused(endless).starts_with("#: `$ref`"));
    }
    let nested =
        json!({"type": "array", "items": {"$ref": "#/$defs/A"}, "$defs": {"A": {"if": true}}});
    assert!(refused(nested).starts_with("#/$defs/A: `if`"));
}

#[test]
fn annotations_ask_for_nothing() {
    let schema = json!({"title": "T", "description": "d", "default": 1, "examples": [1], "deprecated": true, "x-mine": {}});
    assert!(problems(schema, json!("whatever")).is_empty());
    assert!(problems(json!({"type": "string", "x-mine": 1}), json!("a")).is_empty());
}

#[test]
fn what_refers_to_itself_or_is_used_with_more_rules_is_followed() {
    let tree =
        json!({"type": "object", "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}});
    assert_eq!(
        types(tree, json!({"next": {"next": {"n": "x"}}})),
        ["int_parsing"]
    );
    let defs =
        json!({"N": {"type": "integer", "minimum": 1}, "M": {"$ref": "#/$defs/N", "maximum": 3}});
    let schema =
        json!({"type": "array", "items": {"$ref": "#/$defs/M", "multipleOf": 2}, "$defs": defs});
    let found = types(schema, json!([0, 1, 2, 4]));
    assert_eq!(
        found,
        ["greater_than_equal", "multiple_of", "less_than_equal"]
    );
}

#[test]
fn an_enum_has_a_name_and_a_literal_has_none() {
    let level = json!({"type": "integer", "enum": [1, 2]});
    assert_eq!(types(level.clone(), json!(3)), ["enum"]);
    assert!(types(level.clone(), json!("1")).is_empty());
    assert_eq!(
        types(
            json!({"type": "array", "items": level}),
            json!(["1", true, 2.0])
        ),
        ["literal_error"]
    );
    let described = json!({"oneOf": [{"type": "string", "const": "a"}, {"enum": ["b", "c"]}]});
    assert_eq!(
        problems(described, json!("d"))[0].msg,
        "Input should be 'a', 'b' or 'c'"
    );
    assert_eq!(types(json!({"const": "a"}), json!("b")), ["literal_error"]);
}

#[test]
fn keys_beside_the_fields_are_checked_if_they_have_a_schema() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}});
    let plan = plan(schema).unwrap();
    let checked = plan.check(json!({"a": "1", "b": "2"}), &Loc::BODY, &mut Vec::new());
    assert_eq!(checked, Some(json!({"a": "1", "b": 2})));
    assert!(
        plan.check(json!({"b": "x"}), &Loc::BODY, &mut Vec::new())
            .is_none()
    );
}

#[test]
fn a_problem_of_the_type_itself_is_written_as_pydantic_writes_it() {
    let problem = Problem::value_error(&Loc::BODY.key("a").index(0), "no", json!(1));
    let expected = json!({"type": "value_error", "loc": ["body", "a", 0], "msg": "Value error, no", "input": 1, "ctx": {"error": {}}});
    assert_eq!(serde_json::to_value(problem).unwrap(), expected);
    let missing = serde_json::to_value(Problem::missing(&Loc::QUERY, Value::Null)).unwrap();
    assert_eq!(
        missing,
        json!({"type": "missing", "loc": ["query"], "msg": "Field required", "input": null})
    );
}
