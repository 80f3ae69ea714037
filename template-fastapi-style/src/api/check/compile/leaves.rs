//! Schemas of values without parts.

use regex::Regex;
use rust_decimal::Decimal;
use serde_json::{Number, Value};

use super::Unsupported;
use super::keywords::Keywords;
use crate::api::check::bounds::{Bound, Relation};
use crate::api::check::decimal::DecimalRule;
use crate::api::check::digits::Digits;
use crate::api::check::leaf::Leaf;
use crate::api::check::moment::Moment;
use crate::api::check::number::{Float, Int};
use crate::api::check::text::Text;

impl Keywords<'_> {
    pub(super) fn leaf(&self, types: &[&str]) -> Result<Leaf, Unsupported> {
        match types {
            ["boolean"] => {
                self.only(&["type"])?;
                Ok(Leaf::Bool)
            }
            ["integer"] => self.int(),
            ["number"] => self.float(),
            ["string"] => self.string(),
            ["string", "number"] => self.decimal(),
            [] => Err(self.untyped()),
            types => Err(self.unsupported(format!("type: {}", types.join(", ")))),
        }
    }

    /// The first keyword that would need a type to be understood.
    fn untyped(&self) -> Unsupported {
        let unsupported = self.only(&[]).err();
        unsupported.unwrap_or_else(|| self.unsupported("type"))
    }

    fn int(&self) -> Result<Leaf, Unsupported> {
        let (least, greatest) = self.width()?;
        let mut bounds = self.bounds(&["type", "format"], int)?;
        // schemars writes the limits of some types as bounds. They come last, behind the author's own.
        bounds.retain(|bound| match bound.relation {
            Relation::AtLeast => bound.value != least,
            Relation::AtMost => bound.value != greatest,
            _ => true,
        });
        bounds.extend(int_bound(Relation::AtMost, greatest));
        bounds.extend(int_bound(Relation::AtLeast, least));
        Ok(Leaf::Int(Int { bounds }))
    }

    /// What an integer type can hold. Without a format it is what JSON carries here: 64 bits, signed or not.
    fn width(&self) -> Result<(i128, i128), Unsupported> {
        Ok(match self.text("format")? {
            Some("int8") => (i8::MIN.into(), i8::MAX.into()),
            Some("int16") => (i16::MIN.into(), i16::MAX.into()),
            Some("int32") => (i32::MIN.into(), i32::MAX.into()),
            Some("int64" | "int") => (i64::MIN.into(), i64::MAX.into()),
            Some("uint8") => (0, u8::MAX.into()),
            Some("uint16") => (0, u16::MAX.into()),
            Some("uint32") => (0, u32::MAX.into()),
            Some("uint64" | "uint" | "uint128") => (0, u64::MAX.into()),
            None | Some("int128") => (i64::MIN.into(), u64::MAX.into()),
            Some(other) => return Err(self.unsupported(format!("format: {other}"))),
        })
    }

    fn float(&self) -> Result<Leaf, Unsupported> {
        match self.text("format")? {
            None | Some("float" | "double") => {}
            Some(other) => return Err(self.unsupported(format!("format: {other}"))),
        }
        let bounds = self.bounds(&["type", "format"], float)?;
        Ok(Leaf::Float(Float { bounds }))
    }

    /// A decimal, which schemars describes by the text that it takes.
    fn decimal(&self) -> Result<Leaf, Unsupported> {
        match self.text("pattern")? {
            Some(r"^-?[0-9]+(\.[0-9]+)?([eE][0-9]+)?$") => {}
            _ => return Err(self.unsupported("pattern")),
        }
        let bounds = self.bounds(&["type", "pattern"], decimal)?;
        let digits = Digits {
            max: self.count("x-max-digits")?,
            places: self.count("x-decimal-places")?,
        };
        Ok(Leaf::Decimal(DecimalRule { bounds, digits }))
    }

    fn string(&self) -> Result<Leaf, Unsupported> {
        let leaf = match self.text("format")? {
            Some("uuid") => Leaf::Uuid,
            Some("date-time") => Leaf::Moment(Moment::DateTime),
            Some("partial-date-time") => Leaf::Moment(Moment::Naive),
            Some("date") => Leaf::Moment(Moment::Date),
            Some("partial-time") => Leaf::Moment(Moment::Time),
            // It hides what is typed, no more.
            None | Some("password") => return self.plain_text(),
            Some(other) => return Err(self.unsupported(format!("format: {other}"))),
        };
        self.only(&["type", "format"])?;
        Ok(leaf)
    }

    fn plain_text(&self) -> Result<Leaf, Unsupported> {
        self.only(&["type", "format", "minLength", "maxLength", "pattern"])?;
        let pattern = self.text("pattern")?.map(Regex::new).transpose();
        Ok(Leaf::Text(Text {
            min_length: self.count("minLength")?,
            max_length: self.count("maxLength")?,
            pattern: pattern.map_err(|_| self.unsupported("pattern"))?,
        }))
    }
}

fn int(relation: Relation, number: &Number) -> Option<Bound<i128>> {
    // `range(min = 1.0)` is a whole number all the same.
    let whole = || format!("{}", number.as_f64()?).parse().ok();
    int_bound(relation, number.as_i128().or_else(whole)?)
}

fn int_bound(relation: Relation, value: i128) -> Option<Bound<i128>> {
    Some(Bound {
        relation,
        value,
        text: value.to_string(),
        shown: Number::from_i128(value)?.into(),
    })
}

fn float(relation: Relation, number: &Number) -> Option<Bound<f64>> {
    let value = number.as_f64()?;
    Some(Bound {
        relation,
        value,
        text: value.to_string(),
        shown: value.into(),
    })
}

fn decimal(relation: Relation, number: &Number) -> Option<Bound<Decimal>> {
    let text = number.to_string();
    let value = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
    let value = value.ok()?;
    // FastAPI writes a decimal as an integer where it has no places, else as a float.
    let shown = match text.parse::<i64>() {
        Ok(int) => Value::from(int),
        Err(_) => Value::from(number.as_f64()?),
    };
    Some(Bound {
        relation,
        value,
        text,
        shown,
    })
}
