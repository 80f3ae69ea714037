//! A value without parts: which kind there is, and where each is read.

use serde_json::Value;

use super::choice::Choice;
use super::decimal::DecimalRule;
use super::moment::Moment;
use super::number::{Float, Int};
use super::text::Text;
use super::{number, text};
use crate::api::problem::Fault;

#[derive(Debug)]
pub(super) enum Leaf {
    Bool,
    Int(Int),
    Float(Float),
    Decimal(DecimalRule),
    Text(Text),
    Uuid,
    Moment(Moment),
    Choice(Choice),
}

/// What a leaf makes of a value: nothing to do, another value to put in its place, or a fault.
pub(super) type Reading = Result<Option<Value>, Fault>;

impl Leaf {
    pub(super) fn read(&self, value: &Value) -> Reading {
        match self {
            Self::Bool => number::read_bool(value),
            Self::Int(int) => int.read(value),
            Self::Float(float) => float.read(value),
            Self::Decimal(decimal) => decimal.read(value),
            Self::Text(text) => text.read(value),
            Self::Uuid => text::read_uuid(value),
            Self::Moment(moment) => moment.read(value),
            Self::Choice(choice) => choice.read(value),
        }
    }
}
