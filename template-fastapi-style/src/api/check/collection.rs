//! Lists, and objects whose keys are data.

use serde_json::{Map, Value};

use super::text::plural;
use super::{Findings, Node, Plan};
use crate::api::problem::{Fault, Loc};

#[derive(Debug)]
pub(super) struct List {
    pub(super) items: Box<Node>,
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Dict {
    pub(super) values: Box<Node>,
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

impl List {
    pub(super) fn judge(&self, value: &Value, loc: &Loc<'_>, findings: &mut Findings<'_>) {
        let Value::Array(items) = value else {
            let fault = Fault::new("list_type", "Input should be a valid list");
            return findings.push(fault, loc, value);
        };
        if let Some(most) = self.max.filter(|&most| items.len() > most) {
            return findings.push(too_long("List", most, Some(items.len())), loc, value);
        }
        let before = findings.problems.len();
        for (index, item) in items.iter().enumerate() {
            self.items.judge(item, &loc.index(index), findings);
        }
        if let Some(least) = self.min
            && items.len() < least
            && findings.problems.len() == before
        {
            findings.push(too_short("List", least, items.len()), loc, value);
        }
    }

    pub(super) fn coerce(&self, value: &mut Value, plan: &Plan) {
        for item in value.as_array_mut().into_iter().flatten() {
            self.items.coerce(item, plan);
        }
    }
}

impl Dict {
    pub(super) fn judge(&self, value: &Value, loc: &Loc<'_>, findings: &mut Findings<'_>) {
        let Value::Object(entries) = value else {
            let fault = Fault::new("dict_type", "Input should be a valid dictionary");
            return findings.push(fault, loc, value);
        };
        let before = findings.problems.len();
        let mut good = 0;
        for (key, value_of_key) in entries {
            let known = findings.problems.len();
            self.values.judge(value_of_key, &loc.key(key), findings);
            good += usize::from(findings.problems.len() == known);
            // pydantic counts what it has taken, and speaks of nothing else once that is too much.
            if let Some(most) = self.max.filter(|&most| good > most) {
                findings.problems.truncate(before);
                return findings.push(too_long("Dictionary", most, None), loc, value);
            }
        }
        if let Some(least) = self.min
            && good < least
            && findings.problems.len() == before
        {
            findings.push(too_short("Dictionary", least, good), loc, value);
        }
    }

    pub(super) fn coerce(&self, value: &mut Value, plan: &Plan) {
        for (_, value) in value.as_object_mut().into_iter().flat_map(Map::iter_mut) {
            self.values.coerce(value, plan);
        }
    }
}

fn too_short(what: &'static str, least: usize, actual: usize) -> Fault {
    let msg = format!(
        "{what} should have at least {least} item{} after validation, not {actual}",
        plural(least)
    );
    let ctx = vec![
        ("field_type", what.into()),
        ("min_length", least.into()),
        ("actual_length", actual.into()),
    ];
    Fault::with("too_short", msg, ctx)
}

fn too_long(what: &'static str, most: usize, actual: Option<usize>) -> Fault {
    let msg = format!(
        "{what} should have at most {most} item{} after validation, not {}",
        plural(most),
        actual.map_or("more".to_owned(), |actual| actual.to_string())
    );
    let ctx = vec![
        ("field_type", what.into()),
        ("max_length", most.into()),
        ("actual_length", actual.into()),
    ];
    Fault::with("too_long", msg, ctx)
}
