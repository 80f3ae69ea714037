//! Integers, floats and booleans, and what pydantic takes for one.

use serde_json::{Number, Value};

use super::bounds::{self, Bound};
use super::leaf::Reading;
use super::python::without_underscores;
use crate::api::problem::Fault;

/// An integer within bounds, of which the last are those of its type.
#[derive(Debug)]
pub(super) struct Int {
    pub(super) bounds: Vec<Bound<i128>>,
}

/// A float that JSON can carry: neither infinite nor NaN.
#[derive(Debug)]
pub(super) struct Float {
    pub(super) bounds: Vec<Bound<f64>>,
}

impl Int {
    pub(super) fn read(&self, value: &Value) -> Reading {
        let int = int(value)?;
        self.hold(int)?;
        Ok(match value {
            Value::Number(number) if !number.is_f64() => None,
            _ => json(int),
        })
    }

    /// Holds an integer to the bounds.
    pub(super) fn hold(&self, int: i128) -> Result<(), Fault> {
        let divides = |int: &i128, of: &i128| int.checked_rem(*of) == Some(0);
        bounds::check(&int, &self.bounds, divides)
    }
}

impl Float {
    pub(super) fn read(&self, value: &Value) -> Reading {
        let float = float(value)?;
        let Some(number) = Number::from_f64(float) else {
            return Err(NOT_FINITE);
        };
        self.hold(float)?;
        Ok((!value.is_number()).then_some(Value::Number(number)))
    }

    /// Holds a finite float to the bounds.
    pub(super) fn hold(&self, float: f64) -> Result<(), Fault> {
        // The tolerance is pydantic's.
        let divides = |float: &f64, of: &f64| (float - (float / of).round() * of).abs() <= 1e-9;
        bounds::check(&float, &self.bounds, divides)
    }
}

/// An integer as JSON, if JSON as it is read here can carry it.
pub(super) fn json(int: i128) -> Option<Value> {
    Number::from_i128(int).map(Value::Number)
}

pub(super) const NOT_FINITE: Fault = Fault::new("finite_number", "Input should be a finite number");

const INT_SIZE: Fault = Fault::new(
    "int_parsing_size",
    "Unable to parse input string as an integer, exceeded maximum size",
);

pub(super) fn int(value: &Value) -> Result<i128, Fault> {
    match value {
        Value::Bool(bool) => Ok(i128::from(*bool)),
        Value::Number(number) => number.as_i128().map_or_else(
            || int_from_float(number.as_f64().unwrap_or(f64::INFINITY)),
            Ok,
        ),
        Value::String(text) => match int_from_text(text) {
            Some(_) if text.len() > 4300 => Err(INT_SIZE),
            Some(int) => Ok(int),
            None => Err(Fault::new(
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer",
            )),
        },
        _ => Err(Fault::new("int_type", "Input should be a valid integer")),
    }
}

fn int_from_float(float: f64) -> Result<i128, Fault> {
    let msg = "Input should be a valid integer, got a number with a fractional part";
    if float.fract() != 0.0 {
        return Err(Fault::new("int_from_float", msg));
    }
    // 2^63, beyond which pydantic takes no float for an integer either.
    if float.abs() >= 9_223_372_036_854_775_808.0 {
        return Err(INT_SIZE);
    }
    // Exact: it has no fraction and fits, and formatting a float never uses an exponent.
    format!("{float:.0}").parse().map_err(|_| INT_SIZE)
}

/// Digits, perhaps signed, spaced, underscored, or with a fraction of zeros.
fn int_from_text(text: &str) -> Option<i128> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || fraction.bytes().any(|digit| digit != b'0') || whole.ends_with('_') {
        return None;
    }
    // Among leading zeros underscores stand as they like.
    let digits = if whole.starts_with('0') {
        whole.trim_start_matches(['0', '_'])
    } else if whole.is_empty() {
        return None;
    } else {
        whole
    };
    if digits.is_empty() {
        return Some(0);
    }
    let plain = without_underscores(digits);
    let digits = plain.as_deref().unwrap_or(digits);
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // More digits than fit are still an integer: one that is beyond every bound.
    let int = digits.parse().unwrap_or(i128::MAX);
    Some(if negative { -int } else { int })
}

pub(super) fn float(value: &Value) -> Result<f64, Fault> {
    match value {
        Value::Bool(bool) => Ok(f64::from(u8::from(*bool))),
        Value::Number(number) => Ok(number.as_f64().unwrap_or(f64::INFINITY)),
        Value::String(text) => {
            let float = text.trim().parse().ok();
            float
                .or_else(|| without_underscores(text)?.parse().ok())
                .ok_or(Fault::new(
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number",
                ))
        }
        _ => Err(Fault::new("float_type", "Input should be a valid number")),
    }
}

/// A boolean, its usual names, or 0 and 1.
pub(super) fn read_bool(value: &Value) -> Reading {
    const TRUE: [&str; 6] = ["1", "true", "t", "yes", "y", "on"];
    const FALSE: [&str; 6] = ["0", "false", "f", "no", "n", "off"];
    let is_in = |names: [&str; 6], text: &str| names.iter().any(|n| text.eq_ignore_ascii_case(n));
    let bool = match value {
        Value::Bool(_) => return Ok(None),
        Value::String(text) if is_in(TRUE, text) => Some(true),
        Value::String(text) if is_in(FALSE, text) => Some(false),
        Value::String(_) => None,
        Value::Number(number) => match whole(number) {
            Some(0) => Some(false),
            Some(1) => Some(true),
            Some(_) => None,
            None => return Err(NO_BOOL),
        },
        _ => return Err(NO_BOOL),
    };
    bool.map(|bool| Some(Value::Bool(bool))).ok_or(Fault::new(
        "bool_parsing",
        "Input should be a valid boolean, unable to interpret input",
    ))
}

const NO_BOOL: Fault = Fault::new("bool_type", "Input should be a valid boolean");

/// A number without fraction that fits 64 bits.
fn whole(number: &Number) -> Option<i64> {
    let float = || int_from_float(number.as_f64()?).ok();
    let int = number.as_i128().or_else(float)?;
    i64::try_from(int).ok()
}
