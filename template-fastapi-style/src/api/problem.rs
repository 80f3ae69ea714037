//! What is wrong with a request, in the shape that FastAPI's clients know: an entry of `detail`.
//!
//! A `Fault` says what is wrong; a [`Problem`] also where, and with which input. Places are kept as a chain of borrowed
//! steps on the stack, so that a request without a problem never builds one.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// One entry of `detail`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// pydantic's name for the kind of problem, such as `missing`.
    pub r#type: &'static str,
    /// Where: the part of the request, then keys and indices.
    pub loc: Vec<Step>,
    /// One sentence for people.
    pub msg: Cow<'static, str>,
    /// What was sent there.
    pub input: Value,
    /// The numbers and names that `msg` was made with.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub ctx: Context,
}

/// Named values, in pydantic's order.
pub type Context = Vec<(&'static str, Value)>;

/// One step of a [`Problem`]'s `loc`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// A key of an object, or the part of the request that the rest lies in.
    Key(String),
    /// A place in a list, or a character of a text that is no JSON.
    Index(usize),
}

impl Problem {
    /// A value that has to be there and is not. FastAPI gives the enclosing object as `input` in a body, else `null`.
    #[must_use]
    pub fn missing(loc: &Loc<'_>, input: Value) -> Self {
        Fault::new("missing", "Field required").at(loc, input)
    }

    /// A value that fits the schema and that its type refuses all the same, with the type's own words.
    #[must_use]
    pub fn value_error(loc: &Loc<'_>, error: &str, input: Value) -> Self {
        let ctx = vec![("error", Value::Object(serde_json::Map::new()))];
        let msg = format!("Value error, {error}");
        Fault::with("value_error", msg, ctx).at(loc, input)
    }
}

/// A place in a request: a step, and the place that it was taken from.
#[derive(Clone, Copy, Debug)]
pub struct Loc<'a> {
    parent: Option<&'a Loc<'a>>,
    step: Place<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Loc<'a> {
    /// The JSON body.
    pub const BODY: Self = Self::of("body");
    /// The query string.
    pub const QUERY: Self = Self::of("query");
    /// The variable parts of the path.
    pub const PATH: Self = Self::of("path");
    /// The headers.
    pub const HEADER: Self = Self::of("header");

    /// A part of the request.
    #[must_use]
    pub const fn of(part: &'a str) -> Self {
        let step = Place::Key(part);
        Self { parent: None, step }
    }

    /// The value of a key.
    #[must_use]
    pub const fn key(&'a self, key: &'a str) -> Self {
        self.then(Place::Key(key))
    }

    /// A place in a list.
    #[must_use]
    pub const fn index(&'a self, index: usize) -> Self {
        self.then(Place::Index(index))
    }

    const fn then(&'a self, step: Place<'a>) -> Self {
        let parent = Some(self);
        Self { parent, step }
    }

    /// The steps from the part of the request on, owned.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = std::iter::successors(Some(self), |loc| loc.parent)
            .map(|loc| match loc.step {
                Place::Key(key) => Step::Key(key.to_owned()),
                Place::Index(index) => Step::Index(index),
            })
            .collect();
        steps.reverse();
        steps
    }
}

/// What is wrong with a value, before anybody asks where it stands.
#[derive(Debug)]
pub(crate) struct Fault {
    r#type: &'static str,
    msg: Cow<'static, str>,
    ctx: Context,
}

impl Fault {
    /// A fault that is always told in the same words.
    pub(crate) const fn new(r#type: &'static str, msg: &'static str) -> Self {
        let msg = Cow::Borrowed(msg);
        Self {
            r#type,
            msg,
            ctx: Vec::new(),
        }
    }

    pub(crate) fn with(r#type: &'static str, msg: String, ctx: Context) -> Self {
        let msg = Cow::Owned(msg);
        Self { r#type, msg, ctx }
    }

    pub(crate) fn at(self, loc: &Loc<'_>, input: Value) -> Problem {
        Problem {
            r#type: self.r#type,
            loc: loc.steps(),
            msg: self.msg,
            input,
            ctx: self.ctx,
        }
    }
}

fn as_map<S: Serializer>(ctx: &Context, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(ctx.iter().map(|(name, value)| (name, value)))
}
