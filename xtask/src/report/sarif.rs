//! SARIF 2.1.0, which code scanning reads: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! One run with all rules in it, so that a viewer can say what a finding is about, and each finding with its place.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::Finding;
use crate::rules::{About, about};

/// The base that paths are relative to; code scanning takes it for the checkout.
const ROOT: &str = "%SRCROOT%";

/// Prints findings as one SARIF log.
pub(super) fn print(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let rules = about();
    let mut descriptors: Vec<Value> = rules.iter().map(rule).collect();
    let mut ids: Vec<&str> = rules.iter().map(|about| about.id).collect();
    for f in findings {
        // A rule of another tool, of which no more is known than its name.
        if !ids.contains(&f.rule) {
            ids.push(f.rule);
            descriptors.push(json!({"id": f.rule, "help": {"text": f.help}}));
        }
    }
    let results: Vec<Value> = findings.iter().map(|f| result(&ids, f)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cargo-xtask",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": descriptors,
            }},
            "invocations": [{"executionSuccessful": true}],
            "originalUriBaseIds": {ROOT: {"description": {"text": "The repository's root."}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(out, "{log}")
}

fn rule(about: &About) -> Value {
    json!({
        "id": about.id,
        "shortDescription": {"text": sentence(about.summary)},
        "fullDescription": {"text": about.why},
        "help": {
            "text": about.remedy,
            "markdown": format!("{}\n\n```text\n{}\n```\n\n{}", about.why, about.example, about.remedy),
        },
        "defaultConfiguration": {"level": about.severity.word()},
    })
}

fn result(ids: &[&str], f: &Finding) -> Value {
    let mut region = json!({"startLine": f.line, "startColumn": f.column});
    if let Some(excerpt) = &f.excerpt {
        region["endColumn"] = json!(f.column + excerpt.width);
        region["snippet"] = json!({"text": excerpt.text});
    }
    let mut result = json!({
        "ruleId": f.rule,
        "level": f.severity.word(),
        "message": {"text": format!("{}. help: {}", f.message, f.help)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&f.file), "uriBaseId": ROOT},
            "region": region,
        }}],
        "partialFingerprints": {"finding/v1": fingerprint(f)},
    });
    if let Some(index) = ids.iter().position(|id| *id == f.rule) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let capital: String = first.into_iter().flatten().chain(letters).collect();
    format!("{capital}.")
}

/// The same for the same mistake, wherever lines above it have moved it to.
fn fingerprint(f: &Finding) -> String {
    let mut hasher = DefaultHasher::new();
    let text = f.excerpt.as_ref().map(|excerpt| excerpt.text.trim());
    (f.rule, &f.file, &f.message, text).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A path as the relative reference that RFC 3986 has: names of template files hold braces and spaces.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for (index, part) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        for byte in part.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    out.push(char::from(byte));
                }
                other => out += &format!("%{other:02X}"),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::{Severity, Source};

    fn log(findings: &[Finding]) -> Value {
        let mut out = Vec::new();
        print(findings, &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    fn finding(file: &str, rule: &'static str) -> Finding {
        let source = Source::new(file, "# Title\n\tüber {{ typo }}\n");
        let start = source.text.find("typo").unwrap();
        source.finding(
            rule,
            Severity::Error,
            start..start + 4,
            "m".into(),
            "h".into(),
        )
    }

    #[test]
    fn a_result_has_its_rule_place_and_words() {
        let log = log(&[finding("template-x/{{a b}}.md", "undefined-variable")]);
        let run = &log["runs"][0];
        let result = &run["results"][0];
        let rule = &run["tool"]["driver"]["rules"]
            [usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], "undefined-variable");
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[key]["text"].as_str().unwrap().is_empty(), "{key}");
        }
        assert_eq!(rule["defaultConfiguration"]["level"], "error");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(
            place["artifactLocation"]["uri"],
            "template-x/%7B%7Ba%20b%7D%7D.md"
        );
        assert_eq!(
            place["region"],
            json!({"startLine": 2, "startColumn": 10, "endColumn": 14, "snippet": {"text": "\tüber {{ typo }}"}})
        );
    }

    #[test]
    fn a_fingerprint_outlives_lines_above() {
        let one = finding("a", "r");
        let mut moved = one.clone();
        moved.line = 90;
        assert_eq!(fingerprint(&one), fingerprint(&moved));
        let mut other = one.clone();
        other.message = "n".into();
        assert_ne!(fingerprint(&one), fingerprint(&other));
    }

    /// What the schema asks of the objects that are written here: their keys, and which of them have to be there.
    #[test]
    fn the_log_has_the_shape_that_the_schema_asks_for() {
        let mut whole = finding("a", "out-of-sync");
        whole.excerpt = None;
        let foreign = finding("a", "shellcheck/SC2086");
        let log = log(&[finding("a", "undefined-variable"), whole, foreign]);
        let keys = |value: &Value, required: &[&str], optional: &[&str]| {
            let object = value.as_object().unwrap_or_else(|| panic!("{value}"));
            let found: BTreeSet<&str> = object.keys().map(String::as_str).collect();
            for key in required {
                assert!(found.contains(key), "`{key}` is missing: {value}");
            }
            for key in found {
                assert!(
                    required.contains(&key) || optional.contains(&key),
                    "`{key}` is unknown: {value}"
                );
            }
        };
        keys(&log, &["version", "runs"], &["$schema"]);
        let run = &log["runs"][0];
        keys(
            run,
            &["tool", "results"],
            &["invocations", "originalUriBaseIds", "columnKind"],
        );
        keys(&run["invocations"][0], &["executionSuccessful"], &[]);
        let driver = &run["tool"]["driver"];
        keys(driver, &["name"], &["version", "semanticVersion", "rules"]);
        let mut ids = BTreeSet::new();
        for rule in driver["rules"].as_array().unwrap() {
            keys(
                rule,
                &["id"],
                &[
                    "shortDescription",
                    "fullDescription",
                    "help",
                    "defaultConfiguration",
                ],
            );
            keys(&rule["help"], &["text"], &["markdown"]);
            assert!(ids.insert(rule["id"].as_str().unwrap()), "twice: {rule}");
        }
        for result in run["results"].as_array().unwrap() {
            keys(
                result,
                &["message", "ruleId", "level", "locations"],
                &["ruleIndex", "partialFingerprints"],
            );
            assert!(ids.contains(result["ruleId"].as_str().unwrap()));
            let place = &result["locations"][0]["physicalLocation"];
            keys(place, &["artifactLocation", "region"], &[]);
            keys(&place["artifactLocation"], &["uri", "uriBaseId"], &[]);
            keys(
                &place["region"],
                &["startLine", "startColumn"],
                &["endColumn", "snippet"],
            );
            assert!(place["region"]["startLine"].as_u64() >= Some(1));
        }
    }
}
