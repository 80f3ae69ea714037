//! Decimals, as Python's `Decimal` reads them. What `rust_decimal` cannot hold digit for digit is refused, never rounded.

use std::borrow::Cow;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::Value;

use super::bounds::{self, Bound};
use super::digits::Digits;
use super::leaf::Reading;
use super::number::NOT_FINITE;
use crate::api::problem::Fault;

#[derive(Debug)]
pub(super) struct DecimalRule {
    pub(super) bounds: Vec<Bound<Decimal>>,
    pub(super) digits: Digits,
}

/// How many digits `rust_decimal` holds whichever they are.
const DIGITS: usize = 28;

impl DecimalRule {
    pub(super) fn read(&self, value: &Value) -> Reading {
        let text = match value {
            Value::String(text) => Cow::Borrowed(text),
            Value::Number(number) => Cow::Owned(number.to_string()),
            _ => {
                let msg = "Decimal input should be an integer, float, string or Decimal object";
                return Err(Fault::new("decimal_type", msg));
            }
        };
        let plain = plain(&text)?;
        self.digits.check(&plain)?;
        let Ok(decimal) = Decimal::from_str_exact(&plain) else {
            return Err(self.too_long(&plain));
        };
        let divides = |decimal: &Decimal, of: &Decimal| {
            let rest = decimal.checked_rem(*of);
            rest.is_some_and(|rest| rest.is_zero())
        };
        bounds::check(&decimal, &self.bounds, divides)?;
        let canonical = decimal.to_string();
        Ok((canonical != *text).then_some(Value::String(canonical)))
    }

    /// Bounds first, as in pydantic, which knows no such limit: what is too long is mostly also too large.
    fn too_long(&self, plain: &str) -> Fault {
        let end = if plain.starts_with('-') {
            Decimal::MIN
        } else {
            Decimal::MAX
        };
        let near = Decimal::from_str(plain).unwrap_or(end);
        bounds::check(&near, &self.bounds, |_, _| false)
            .err()
            .unwrap_or_else(|| {
                let msg =
                    format!("Decimal input should have no more than {DIGITS} digits in total");
                let ctx = vec![("max_digits", DIGITS.into())];
                Fault::with("decimal_max_digits", msg, ctx)
            })
    }
}

/// Digits and a point, without exponent.
fn plain(text: &str) -> Result<String, Fault> {
    let text = text.trim().replace('_', "");
    let (sign, number) = match text.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    if is_special(number) {
        return Err(NOT_FINITE);
    }
    digits(number)
        .map(|digits| format!("{sign}{digits}"))
        .ok_or(Fault::new(
            "decimal_parsing",
            "Input should be a valid decimal",
        ))
}

fn is_special(number: &str) -> bool {
    let number = number.to_ascii_lowercase();
    let payload = number.strip_prefix('s').unwrap_or(&number);
    let payload = payload.strip_prefix("nan");
    let is_nan = payload.is_some_and(|payload| payload.bytes().all(|b| b.is_ascii_digit()));
    is_nan || number == "inf" || number == "infinity"
}

fn digits(number: &str) -> Option<String> {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, power(exponent)?),
        None => (number, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let places = i64::try_from(fraction.len()).ok()?.saturating_sub(exponent);
    // A zero of whatever exponent is zero; any other number with so many zeros is too long already.
    let count = usize::try_from(places.unsigned_abs().min(4300)).ok()?;
    if places <= 0 {
        return Some(format!("{digits}{}", "0".repeat(count)));
    }
    let digits = format!("{digits:0>width$}", width = count + 1);
    let (whole, fraction) = digits.split_at(digits.len() - count);
    Some(format!("{whole}.{fraction}"))
}

/// The exponent, held within what can matter.
fn power(exponent: &str) -> Option<i64> {
    let (negative, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let power = digits.parse().unwrap_or(i64::from(u32::MAX));
    Some(if negative { -power } else { power })
}
