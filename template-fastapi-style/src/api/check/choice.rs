//! One of a few values: an enum, which has a name, or a literal, which stands in place.

use serde_json::Value;

use super::leaf::Reading;
use super::number;
use super::python;
use crate::api::problem::Fault;

#[derive(Debug)]
pub(super) struct Choice {
    values: Vec<Value>,
    expected: String,
    r#type: &'static str,
}

impl Choice {
    pub(super) fn new(values: Vec<Value>, named: bool) -> Self {
        let expected = python::alternatives(&values);
        let r#type = if named { "enum" } else { "literal_error" };
        Self {
            values,
            expected,
            r#type,
        }
    }

    pub(super) fn read(&self, value: &Value) -> Reading {
        if self.values.contains(value) {
            return Ok(None);
        }
        // 1.0 and true equal 1 in Python. "1" does not; but an enum of integers takes what an integer takes.
        if self.is_enum() || !value.is_string() {
            let int = number::int(value).ok().and_then(number::json);
            if int.as_ref().is_some_and(|int| self.values.contains(int)) {
                return Ok(int);
            }
        }
        let msg = format!("Input should be {}", self.expected);
        let ctx = vec![("expected", self.expected.as_str().into())];
        Err(Fault::with(self.r#type, msg, ctx))
    }

    /// Whether a string is one of them.
    pub(super) fn has(&self, text: &str) -> bool {
        self.values.iter().any(|value| value == text)
    }

    fn is_enum(&self) -> bool {
        self.r#type == "enum"
    }
}
