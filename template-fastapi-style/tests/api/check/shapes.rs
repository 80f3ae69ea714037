//! The ways in which serde composes types: what schemars writes for each is understood, and what passes is taken.

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use service::api::check::Plan;
use service::api::problem::Loc;

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Name(#[schemars(length(min = 2))] String);

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Page {
    limit: u32,
    after: Option<Name>,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Listing {
    /// With a rule of its own beside that of its type. `length(max = 3)` would be lost: schemars writes it beside no
    /// reference.
    #[schemars(extend("maxLength" = 3))]
    name: Name,
    #[serde(flatten)]
    page: Page,
    #[serde(flatten)]
    others: BTreeMap<String, i32>,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(tag = "type", deny_unknown_fields)]
enum Shape {
    Dot,
    Circle {
        radius: f64,
    },
    Group {
        parts: Vec<Shape>,
        next: Option<Box<Shape>>,
    },
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(tag = "type", content = "of")]
enum Adjacent {
    A(i32),
    B,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
enum External {
    A(i32),
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Loose {
    any: Value,
    object: Map<String, Value>,
    holes: Vec<Option<bool>>,
}

/// The value as its type has it, or each problem's type and place.
fn checked<T: JsonSchema + DeserializeOwned>(value: Value) -> Result<T, Vec<String>> {
    let plan = Plan::of(&schema_for!(T)).map_err(|unsupported| vec![unsupported.to_string()])?;
    let mut problems = Vec::new();
    match plan.check(value, &Loc::BODY, &mut problems) {
        Some(value) => serde_json::from_value(value).map_err(|error| vec![error.to_string()]),
        None => Err(problems
            .iter()
            .map(|problem| format!("{} {}", problem.r#type, json!(problem.loc)))
            .collect()),
    }
}

#[test]
fn structs_in_structs() {
    let listing = checked::<Listing>(json!({"name": "abc", "limit": "5", "x": "7"})).unwrap();
    assert_eq!(
        listing.page,
        Page {
            limit: 5,
            after: None
        }
    );
    assert_eq!(listing.others, BTreeMap::from([("x".to_owned(), 7)]));
    let found = checked::<Listing>(json!({"name": "abcd", "after": "", "x": "y"})).unwrap_err();
    let expected = [
        r#"string_too_long ["body","name"]"#,
        r#"missing ["body","limit"]"#,
        r#"string_too_short ["body","after"]"#,
        r#"int_parsing ["body","x"]"#,
    ];
    assert_eq!(found, expected);
    assert_eq!(checked::<Empty>(json!({})), Ok(Empty {}));
    let found = checked::<Empty>(json!({"a": 1})).unwrap_err();
    assert_eq!(found, [r#"extra_forbidden ["body","a"]"#]);
}

#[test]
fn enums_by_tag() {
    let group = json!({"type": "Group", "parts": [{"type": "Dot"}, {"type": "Circle", "radius": "2"}], "next": null});
    let Shape::Group { parts, next } = checked::<Shape>(group).unwrap() else {
        panic!("it is a group");
    };
    assert_eq!(parts, [Shape::Dot, Shape::Circle { radius: 2.0 }]);
    assert_eq!(next, None);
    let found =
        checked::<Shape>(json!({"type": "Group", "parts": [{"type": "Dot", "x": 1}], "next": {}}));
    let expected = [
        r#"extra_forbidden ["body","Group","parts",0,"Dot","x"]"#,
        r#"union_tag_not_found ["body","Group","next"]"#,
    ];
    assert_eq!(found.unwrap_err(), expected);
    assert_eq!(checked(json!({"type": "A", "of": "1"})), Ok(Adjacent::A(1)));
    assert_eq!(checked(json!({"type": "B"})), Ok(Adjacent::B));
    let found = checked::<Adjacent>(json!({"type": "A"})).unwrap_err();
    assert_eq!(found, [r#"missing ["body","A","of"]"#]);
}

#[test]
fn what_may_be_anything_and_what_may_be_null() {
    let value = json!({"any": [1, {}], "object": {"a": 1}, "holes": ["on", null, 0]});
    let loose = checked::<Loose>(value).unwrap();
    assert_eq!(loose.any, json!([1, {}]));
    assert_eq!(loose.holes, [Some(true), None, Some(false)]);
    let found = checked::<Loose>(json!({"object": [], "holes": [2]})).unwrap_err();
    let expected = [
        r#"missing ["body","any"]"#,
        r#"dict_type ["body","object"]"#,
        r#"bool_parsing ["body","holes",0]"#,
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_has_no_counterpart_is_refused() {
    for found in [
        checked::<External>(Value::Null).map(drop).unwrap_err(),
        checked::<(i32, i32)>(Value::Null).map(drop).unwrap_err(),
        checked::<std::collections::HashSet<i32>>(Value::Null)
            .map(drop)
            .unwrap_err(),
        checked::<std::net::IpAddr>(Value::Null)
            .map(drop)
            .unwrap_err(),
    ] {
        assert!(found[0].contains("cannot be checked"), "{found:?}");
    }
}
