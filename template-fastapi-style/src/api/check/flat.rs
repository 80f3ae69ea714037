//! Parts of a request that are pairs of strings: path, query, headers. A key may occur many times, and a field that is a
//! list takes them all.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde_json::{Map, Value};

use super::model::{Extras, FORBIDDEN, Field, Model, NO_MODEL};
use super::{Node, Plan};
use crate::api::problem::{Loc, Problem};

/// Which part of the request the pairs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The variable parts of the path.
    Path,
    /// The query string. Of a key that occurs many times the last value counts.
    Query,
    /// The headers. `x_token` is `X-Token` there, and of many values the first counts.
    Header,
    /// The fields of a form. Of a key that occurs many times the last value counts.
    Form,
}

impl Part {
    const fn loc(self) -> Loc<'static> {
        match self {
            Self::Path => Loc::PATH,
            Self::Query => Loc::QUERY,
            Self::Header => Loc::HEADER,
            Self::Form => Loc::BODY,
        }
    }

    /// What a field is called in the request.
    fn name(self, field: &Field) -> &str {
        match self {
            Self::Header => &field.dashed,
            Self::Path | Self::Query | Self::Form => &field.name,
        }
    }

    /// Whether `key` is what a field is called in the request.
    fn same(self, key: &str, field: &Field) -> bool {
        match self {
            Self::Header => key.eq_ignore_ascii_case(&field.dashed),
            Self::Path | Self::Query | Self::Form => key == field.name,
        }
    }
}

/// A text as it was sent.
pub trait Sent {
    /// The text.
    fn text(&self) -> Cow<'_, str>;
}

impl Sent for str {
    fn text(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl Sent for Cow<'_, str> {
    fn text(&self) -> Cow<'_, str> {
        self.as_ref().into()
    }
}

/// As Starlette reads them: in Latin-1, of which ASCII is a part that needs no copy.
impl Sent for HeaderValue {
    fn text(&self) -> Cow<'_, str> {
        self.to_str().map_or_else(
            |_| self.as_bytes().iter().copied().map(char::from).collect(),
            Cow::Borrowed,
        )
    }
}

impl<T: Sent + ?Sized> Sent for &T {
    fn text(&self) -> Cow<'_, str> {
        (**self).text()
    }
}

/// Keys and texts, in the order in which they were sent.
pub trait Pairs {
    /// Each of them.
    fn pairs(&self) -> impl Iterator<Item = (&str, impl Sent)>;
}

impl<K: AsRef<str>, V: Sent> Pairs for [(K, V)] {
    fn pairs(&self) -> impl Iterator<Item = (&str, impl Sent)> {
        self.iter().map(|(key, value)| (key.as_ref(), value))
    }
}

impl Pairs for HeaderMap {
    fn pairs(&self) -> impl Iterator<Item = (&str, impl Sent)> {
        self.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// What one part of a request has been found to hold: no problem, and all coerced.
#[derive(Debug)]
pub struct Flat<'p> {
    /// All that are declared, with what was sent for them.
    fields: Vec<(&'p Field, Option<Value>)>,
    extras: Map<String, Value>,
}

impl Flat<'_> {
    /// The value itself, unless its type refuses what the schema takes.
    pub fn make<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        let fields = self.fields.iter();
        let fields =
            fields.filter_map(|(field, value)| Some((field.name.as_str(), value.as_ref()?)));
        let extras = self.extras.iter().map(|(key, value)| (key.as_str(), value));
        T::deserialize(MapDeserializer::new(fields.chain(extras)))
    }
}

impl From<Flat<'_>> for Value {
    fn from(Flat { fields, extras }: Flat<'_>) -> Self {
        let fields = fields.into_iter();
        let fields = fields.filter_map(|(field, value)| Some((field.name.clone(), value?)));
        Self::Object(fields.chain(extras).collect())
    }
}

impl Plan {
    /// Judges the pairs of one part, as [`Plan::check`] judges a value. A type that ignores unknown keys is to FastAPI so
    /// many single parameters, for which a missing one has no `input`; one that forbids them is a model of parameters.
    pub fn check_flat<P: Pairs + ?Sized>(
        &self,
        part: Part,
        pairs: &P,
        problems: &mut Vec<Problem>,
    ) -> Option<Flat<'_>> {
        let Some(model) = self.model(self.root()) else {
            // Nothing has parts but a model: the document's faults say so, and so does this.
            problems.push(NO_MODEL.at(&part.loc(), Value::Null));
            return None;
        };
        let fields = model.fields.iter();
        let mut fields: Vec<_> = fields
            .map(|field| (field, self.take(part, field, pairs)))
            .collect();
        let mut extras = model.extras(part, pairs);
        let input = || match model.extras {
            Extras::Forbidden => Value::Object(sent(part, &fields, &extras)),
            _ => Value::Null,
        };
        let before = problems.len();
        let mut findings = self.findings(problems);
        let root = part.loc();
        for (field, value) in &fields {
            let loc = root.key(part.name(field));
            match value {
                Some(value) => field.node.judge(value, &loc, &mut findings),
                None if field.required => {
                    findings.problems.push(Problem::missing(&loc, input()));
                }
                None => {}
            }
        }
        for (key, value) in &extras {
            match &model.extras {
                Extras::Forbidden => findings.push(FORBIDDEN, &root.key(key), value),
                Extras::Each(node) => node.judge(value, &root.key(key), &mut findings),
                Extras::Ignored => {}
            }
        }
        let coerces = findings.coerces;
        if problems.len() > before {
            return None;
        }
        if coerces {
            for (field, value) in &mut fields {
                if let Some(value) = value {
                    field.node.coerce(value, self);
                }
            }
            if let Extras::Each(node) = &model.extras {
                for value in extras.values_mut() {
                    node.coerce(value, self);
                }
            }
        }
        Some(Flat { fields, extras })
    }

    /// Whether its values have named fields.
    pub fn has_fields(&self) -> bool {
        self.model(self.root()).is_some()
    }

    fn model<'p>(&'p self, node: &'p Node) -> Option<&'p Model> {
        match self.resolved(node) {
            Node::Model(model) => Some(model),
            _ => None,
        }
    }

    /// What a node comes to for anything but null.
    pub(super) fn resolved<'p>(&'p self, node: &'p Node) -> &'p Node {
        match node {
            Node::Ref(index) => self.resolved(self.node(*index)),
            Node::Nullable(node) => self.resolved(node),
            node => node,
        }
    }

    /// What the pairs say of a field.
    fn take<P: Pairs + ?Sized>(&self, part: Part, field: &Field, pairs: &P) -> Option<Value> {
        let sent = pairs.pairs();
        let mut sent = sent.filter(|(key, _)| part.same(key, field));
        let value = |(_, value): (_, _)| Value::from(Sent::text(&value));
        match (self.resolved(&field.node), part) {
            (Node::List(_), _) => {
                let values: Vec<Value> = sent.map(value).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            (_, Part::Header) => sent.next().map(value),
            _ => sent.last().map(value),
        }
    }
}

impl Model {
    /// The pairs of no field, by key, in order. A key that occurs many times has a list of values.
    fn extras<P: Pairs + ?Sized>(&self, part: Part, pairs: &P) -> Map<String, Value> {
        let mut extras = Map::new();
        if matches!(self.extras, Extras::Ignored) {
            return extras;
        }
        let is_field = |key: &str| {
            let mut fields = self.fields.iter();
            // `x_token` is no header of the field's, and would be one more value for it all the same.
            fields.any(|field| part.same(key, field) || key == field.name)
        };
        for (key, value) in pairs.pairs().filter(|(key, _)| !is_field(key)) {
            let value = Value::from(value.text());
            match extras.get_mut(key) {
                None => {
                    extras.insert(key.to_owned(), value);
                }
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        extras
    }
}

/// All that was sent, by name: what a model of parameters has for `input` where one is missing.
fn sent(
    part: Part,
    fields: &[(&Field, Option<Value>)],
    extras: &Map<String, Value>,
) -> Map<String, Value> {
    let fields = fields
        .iter()
        .filter_map(|(field, value)| Some((part.name(field), value.as_ref()?)));
    let extras = extras.iter().map(|(key, value)| (key.as_str(), value));
    let all = fields.chain(extras);
    all.map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}
