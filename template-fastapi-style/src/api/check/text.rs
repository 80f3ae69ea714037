//! Strings, and UUIDs in them.

use regex::Regex;
use serde_json::Value;
use uuid::Uuid;

use super::leaf::Reading;
use crate::api::problem::Fault;

/// A string of a certain length that matches a pattern. Length counts characters.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) pattern: Option<Regex>,
}

impl Text {
    pub(super) fn read(&self, value: &Value) -> Reading {
        let Value::String(text) = value else {
            return Err(Fault::new("string_type", "Input should be a valid string"));
        };
        self.hold(text).map(|()| None)
    }

    /// Holds a string to the rules.
    pub(super) fn hold(&self, text: &str) -> Result<(), Fault> {
        if self.min_length.is_some() || self.max_length.is_some() {
            let length = text.chars().count();
            if let Some(least) = self.min_length.filter(|&least| length < least) {
                let msg = format!(
                    "String should have at least {least} character{}",
                    plural(least)
                );
                let ctx = vec![("min_length", least.into())];
                return Err(Fault::with("string_too_short", msg, ctx));
            }
            if let Some(most) = self.max_length.filter(|&most| length > most) {
                let msg = format!(
                    "String should have at most {most} character{}",
                    plural(most)
                );
                let ctx = vec![("max_length", most.into())];
                return Err(Fault::with("string_too_long", msg, ctx));
            }
        }
        if let Some(pattern) = &self.pattern
            && !pattern.is_match(text)
        {
            let msg = format!("String should match pattern '{pattern}'");
            let ctx = vec![("pattern", pattern.as_str().into())];
            return Err(Fault::with("string_pattern_mismatch", msg, ctx));
        }
        Ok(())
    }
}

pub(super) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Takes a UUID in any of its forms and leaves it, since `Uuid` is deserialised by the same parser.
pub(super) fn read_uuid(value: &Value) -> Reading {
    let Value::String(text) = value else {
        let msg = "UUID input should be a string, bytes or UUID object";
        return Err(Fault::new("uuid_type", msg));
    };
    match Uuid::parse_str(text) {
        Ok(_) => Ok(None),
        Err(error) => {
            let error = error.to_string();
            let msg = format!("Input should be a valid UUID, {error}");
            let ctx = vec![("error", error.into())];
            Err(Fault::with("uuid_parsing", msg, ctx))
        }
    }
}
