//! Objects whose keys are fields.

use serde_json::{Map, Value};

use super::{Findings, Node, Plan};
use crate::api::problem::{Fault, Loc, Problem};

#[derive(Debug)]
pub(super) struct Model {
    /// In the order in which the type declares them.
    pub(super) fields: Vec<Field>,
    pub(super) extras: Extras,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// The name with dashes for underscores, as a header has it.
    pub(super) dashed: String,
    pub(super) required: bool,
    pub(super) node: Node,
}

/// What becomes of a key that is no field.
#[derive(Debug)]
pub(super) enum Extras {
    Ignored,
    Forbidden,
    Each(Box<Node>),
}

impl Model {
    pub(super) fn judge(&self, value: &Value, loc: &Loc<'_>, findings: &mut Findings<'_>) {
        let Value::Object(entries) = value else {
            return findings.push(NO_MODEL, loc, value);
        };
        let mut known = 0;
        for field in &self.fields {
            let loc = loc.key(&field.name);
            if let Some(value) = get(entries, &field.name) {
                known += 1;
                field.node.judge(value, &loc, findings);
            } else if field.required {
                findings
                    .problems
                    .push(Problem::missing(&loc, value.clone()));
            }
        }
        if known < entries.len() {
            self.judge_extras(entries, loc, findings);
        }
    }

    fn judge_extras(
        &self,
        entries: &Map<String, Value>,
        loc: &Loc<'_>,
        findings: &mut Findings<'_>,
    ) {
        for (key, value) in entries {
            match &self.extras {
                Extras::Ignored => return,
                _ if self.has(key) => {}
                Extras::Forbidden => findings.push(FORBIDDEN, &loc.key(key), value),
                Extras::Each(node) => node.judge(value, &loc.key(key), findings),
            }
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.name == key)
    }

    pub(super) fn coerce(&self, value: &mut Value, plan: &Plan) {
        let Value::Object(entries) = value else {
            return;
        };
        for field in &self.fields {
            if let Some(value) = entries.get_mut(&field.name) {
                field.node.coerce(value, plan);
            }
        }
        if let Extras::Each(node) = &self.extras {
            let extras = entries.iter_mut().filter(|(key, _)| !self.has(key));
            for (_, value) in extras {
                node.coerce(value, plan);
            }
        }
    }
}

/// The value of a key. Among a few keys, comparing them costs less than hashing one.
fn get<'v>(entries: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    if entries.len() > 4 {
        return entries.get(key);
    }
    let mut entries = entries.iter();
    entries
        .find(|(known, _)| *known == key)
        .map(|(_, value)| value)
}

/// What FastAPI says of anything that is no object, at the top and below: it asks pydantic to read attributes too.
pub(super) const NO_MODEL: Fault = Fault::new(
    "model_attributes_type",
    "Input should be a valid dictionary or object to extract fields from",
);

pub(super) const FORBIDDEN: Fault = Fault::new("extra_forbidden", "Extra inputs are not permitted");
