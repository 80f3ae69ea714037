//! What is read at once, because it fits as it stands, is what the checker would have taken and changed nothing about.

use schemars::{JsonSchema, schema_for};
use serde::Deserialize;
use serde_json::Value;
use service::api::check::Plan;
use service::api::problem::Loc;
use uuid::Uuid;

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Part {
    #[schemars(range(max = 9))]
    size: i64,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Bolt,
    Nut,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Whole {
    #[schemars(length(min = 1, max = 4), regex(pattern = "^[^x]*$"))]
    text: String,
    #[schemars(range(min = -1))]
    int: i8,
    #[schemars(range(max = 2.5))]
    float: f64,
    yes: bool,
    id: Uuid,
    kind: Kind,
    #[schemars(length(min = 1, max = 2))]
    list: Vec<Option<Part>>,
    #[serde(default)]
    next: Option<Box<Whole>>,
}

const FITTING: &[(&str, &str)] = &[
    ("text", r#""\u00e9""#),
    ("int", "7"),
    ("float", "1.5"),
    ("yes", "true"),
    ("id", r#""0197a1d2-0000-7000-8000-000000000000""#),
    ("kind", r#""nut""#),
    ("list", r#"[{"size":9},null]"#),
    ("next", "null"),
];

fn plan() -> Plan {
    Plan::of(&schema_for!(Whole)).unwrap()
}

fn body<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let entries = entries.map(|(key, value)| format!("\"{key}\": {value}"));
    format!(" {{{}}}\n", entries.collect::<Vec<_>>().join(", "))
}

/// The usual body, with this value for this key.
fn with(key: &str, value: &str) -> String {
    body(
        FITTING
            .iter()
            .map(|&(known, usual)| (known, if known == key { value } else { usual })),
    )
}

/// Whether it fits; if so, the checker has to agree, and the type has to be made the same.
fn fits(plan: &Plan, text: &str) -> bool {
    let fits = plan.fits(text.as_bytes());
    if fits {
        let value: Value = serde_json::from_str(text).unwrap();
        let mut problems = Vec::new();
        let checked = plan.check(value.clone(), &Loc::BODY, &mut problems);
        assert_eq!(problems, [], "{text}");
        assert_eq!(checked.as_ref(), Some(&value), "{text}");
        let at_once: Whole = serde_json::from_str(text).unwrap();
        assert_eq!(at_once, serde_json::from_value(value).unwrap(), "{text}");
    }
    fits
}

#[test]
fn what_fits_is_what_the_checker_takes() {
    let plan = plan();
    let whole = body(FITTING.iter().copied());
    assert!(fits(&plan, &whole));
    let values = [
        "null",
        "true",
        "0",
        "-1",
        "-2",
        "9",
        "10",
        "127",
        "128",
        "1.0",
        "2.5",
        "2.6",
        "1e999",
        "-0",
        "18446744073709551616",
        r#""""#,
        r#""a""#,
        r#""x""#,
        r#""abcd""#,
        r#""abcde""#,
        r#""1""#,
        r#""true""#,
        r#""bolt""#,
        r#""Bolt""#,
        r#""0197a1d2""#,
        r#""0197a1d2000070008000000000000000""#,
        "[]",
        "[null]",
        r#"[{"size":10}]"#,
        r#"[{"size":"9"}]"#,
        r#"[{"size":9,"size":9}]"#,
        "[null,null,null]",
        "{}",
        whole.as_str(),
    ];
    let mut found = Vec::new();
    for &(key, _) in FITTING {
        for value in values {
            if fits(&plan, &with(key, value)) {
                found.push(format!(
                    "{key} {}",
                    if value == whole { "whole" } else { value }
                ));
            }
        }
    }
    let expected = [
        "text \"a\"",
        "text \"abcd\"",
        "text \"1\"",
        "text \"true\"",
        "text \"bolt\"",
        "text \"Bolt\"",
        "int 0",
        "int -1",
        "int 9",
        "int 10",
        "int 127",
        "float 1.0",
        "float 2.5",
        "float -0",
        "yes true",
        "id \"0197a1d2000070008000000000000000\"",
        "kind \"bolt\"",
        "list [null]",
        "next null",
        "next whole",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_in_doubt_is_left_to_the_checker() {
    let plan = plan();
    let whole = body(FITTING.iter().copied());
    let twice = FITTING.iter().chain(&FITTING[..1]).copied();
    let unknown = FITTING.iter().chain(&[("other", "1")]).copied();
    for text in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        format!("{whole}1"),
        format!("\u{feff}{whole}"),
        whole.replace("true", "tru"),
        body(twice),
        body(unknown),
        body(FITTING[1..].iter().copied()),
        format!("{}{}", r#"{"next":"#.repeat(200), "}".repeat(200)),
    ] {
        assert!(!fits(&plan, &text), "{text}");
    }
    // What need not be there need not.
    assert!(fits(&plan, &body(FITTING[..7].iter().copied())));
}
