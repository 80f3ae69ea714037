//! The comparison itself: what it has to find, it finds.

use std::collections::BTreeMap;

use serde_json::json;

use crate::answers::Answer;
use crate::corpus::Case;
use crate::ledger::Ledger;

/// What is wrong, where the twin has answered `theirs`, this service `ours`, and `named` are the differences.
fn faults(named: &serde_json::Value, theirs: &str, ours: &str) -> Vec<String> {
    let case = json!({
        "name": "case",
        "request": { "method": "GET", "path": "/", "headers": {} },
        "response": { "status": 422, "headers": {}, "body": theirs },
    });
    let case: Case = serde_json::from_value(case).unwrap();
    let seen = Answer {
        status: 422,
        headers: BTreeMap::new(),
        body: ours.into(),
    };
    let mut ledger = Ledger::new(&named.to_string());
    ledger.answer(&case, &seen);
    let faults = ledger.faults_of_answers();
    let first = |fault: String| fault.lines().next().unwrap().to_owned();
    faults.into_iter().map(first).collect()
}

const THEIRS: &str = r#"{"detail":[{"type":"missing","msg":"Field required"}]}"#;
const OURS: &str = r#"{"detail":[{"type":"missing","msg":"Field needed"}]}"#;

fn named(id: &str, cases: &str) -> serde_json::Value {
    json!({ "id": id, "reason": "", "answers": [{ "cases": [cases], "types": ["missing"] }] })
}

#[test]
fn the_same_is_no_fault_whatever_its_white_space() {
    let spaced = THEIRS.replace(':', " : ");
    assert_eq!(faults(&json!([]), THEIRS, &spaced), [""; 0]);
}

#[test]
fn another_message_is_a_fault_unless_it_is_named() {
    let fault = "`case` differs in body, and nothing says why";
    assert_eq!(faults(&json!([]), THEIRS, OURS), [fault]);
    assert_eq!(faults(&json!([named("a", "c*")]), THEIRS, OURS), [""; 0]);
}

#[test]
fn what_is_named_is_held_to_what_is_said_of_it() {
    let other = OURS.replace("missing", "enum");
    let fault = r#"`case` is not as `a` says: the types are ["enum"]"#;
    assert_eq!(faults(&json!([named("a", "c*")]), THEIRS, &other), [fault]);
}

#[test]
fn a_difference_has_one_name() {
    let both = json!([named("a", "c*"), named("b", "*e")]);
    assert_eq!(
        faults(&both, THEIRS, OURS),
        ["`case` is claimed by `a` and `b`"]
    );
}

#[test]
fn a_name_that_nothing_needs_is_a_fault() {
    let fault = "`a` names `other`, which nothing needs";
    assert_eq!(
        faults(&json!([named("a", "other")]), THEIRS, THEIRS),
        [fault]
    );
    let fault = "`case` is the same, and `a` says otherwise";
    assert_eq!(
        faults(&json!([named("a", "case")]), THEIRS, THEIRS),
        [fault]
    );
}

#[test]
fn a_header_of_every_answer_is_in_every_answer() {
    let always = json!([{ "id": "a", "reason": "", "always": { "cache-control": "no-store" } }]);
    let fault = "`case` has no cache-control: no-store";
    assert_eq!(faults(&always, THEIRS, THEIRS), [fault]);
}
