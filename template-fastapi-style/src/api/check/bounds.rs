//! Least, greatest and multiple, for every kind of number.

use serde_json::Value;

use crate::api::problem::Fault;

/// What a number has to keep to, with how it is shown: digits in the sentence, a number in `ctx`.
#[derive(Debug)]
pub(super) struct Bound<T> {
    pub(super) relation: Relation,
    pub(super) value: T,
    pub(super) text: String,
    pub(super) shown: Value,
}

/// How a number stands to its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    MultipleOf,
    AtMost,
    Below,
    AtLeast,
    Above,
}

impl Relation {
    /// In the order in which pydantic looks at them. It tells of the first that is broken.
    pub(super) const ALL: [Self; 5] = [
        Self::MultipleOf,
        Self::AtMost,
        Self::Below,
        Self::AtLeast,
        Self::Above,
    ];

    pub(super) const fn keyword(self) -> &'static str {
        match self {
            Self::MultipleOf => "multipleOf",
            Self::AtMost => "maximum",
            Self::Below => "exclusiveMaximum",
            Self::AtLeast => "minimum",
            Self::Above => "exclusiveMinimum",
        }
    }

    /// The problem's type, the name of the bound in its `ctx`, and the words for it.
    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::MultipleOf => ("multiple_of", "multiple_of", "a multiple of"),
            Self::AtMost => ("less_than_equal", "le", "less than or equal to"),
            Self::Below => ("less_than", "lt", "less than"),
            Self::AtLeast => ("greater_than_equal", "ge", "greater than or equal to"),
            Self::Above => ("greater_than", "gt", "greater than"),
        }
    }
}

/// Holds a number to its bounds. `divides` says whether it is a multiple of another, as its type sees it.
pub(super) fn check<T: PartialOrd>(
    number: &T,
    bounds: &[Bound<T>],
    divides: impl Fn(&T, &T) -> bool,
) -> Result<(), Fault> {
    let broken = bounds.iter().find(|bound| match bound.relation {
        Relation::MultipleOf => !divides(number, &bound.value),
        Relation::AtMost => *number > bound.value,
        Relation::Below => *number >= bound.value,
        Relation::AtLeast => *number < bound.value,
        Relation::Above => *number <= bound.value,
    });
    let Some(bound) = broken else {
        return Ok(());
    };
    let (r#type, name, words) = bound.relation.told();
    let msg = format!("Input should be {words} {}", bound.text);
    let ctx = vec![(name, bound.shown.clone())];
    Err(Fault::with(r#type, msg, ctx))
}
