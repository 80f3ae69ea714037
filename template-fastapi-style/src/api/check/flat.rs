//! Parts of a request that are pairs of strings: path, query, headers. A key may occur many times, and a field that is a
//! list takes them all.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::model::{Extras, FORBIDDEN, Field, Model};
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
    fn name(self, field: &str) -> Cow<'_, str> {
        match self {
            Self::Header => field.replace('_', "-").into(),
            Self::Path | Self::Query | Self::Form => field.into(),
        }
    }

    /// Whether `key` is what a field is called in the request.
    fn same(self, key: &str, field: &str) -> bool {
        match self {
            Self::Header => {
                let dashed = field.bytes().map(|b| if b == b'_' { b'-' } else { b });
                let mut both = key.bytes().zip(dashed);
                key.len() == field.len() && both.all(|(a, b)| a.eq_ignore_ascii_case(&b))
            }
            Self::Path | Self::Query | Self::Form => key == field,
        }
    }
}

impl Plan {
    /// Judges the pairs of one part, as [`Plan::check`] judges a value. A type that ignores unknown keys is to FastAPI so
    /// many single parameters, for which a missing one has no `input`; one that forbids them is a model of parameters.
    pub fn check_flat<K: AsRef<str>, V: AsRef<str>>(
        &self,
        part: Part,
        pairs: &[(K, V)],
        problems: &mut Vec<Problem>,
    ) -> Option<Value> {
        let Some(model) = self.model(self.root()) else {
            // Nothing has parts but a model: this says so.
            return self.check(Value::Null, &part.loc(), problems);
        };
        let mut values = Map::new();
        for field in &model.fields {
            if let Some(value) = self.take(part, field, pairs) {
                values.insert(field.name.clone(), value);
            }
        }
        let extras = model.extras(part, pairs);
        let input = || match model.extras {
            Extras::Forbidden => Value::Object(sent(part, &values, &extras)),
            _ => Value::Null,
        };
        let before = problems.len();
        let mut findings = self.findings(problems);
        let root = part.loc();
        for field in &model.fields {
            let name = part.name(&field.name);
            let loc = root.key(&name);
            match values.get(&field.name) {
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
        values.extend(extras);
        let mut value = Value::Object(values);
        if coerces {
            model.coerce(&mut value, self);
        }
        Some(value)
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

    fn resolved<'p>(&'p self, node: &'p Node) -> &'p Node {
        match node {
            Node::Ref(index) => self.resolved(self.node(*index)),
            Node::Nullable(node) => self.resolved(node),
            node => node,
        }
    }

    /// What the pairs say of a field.
    fn take<K: AsRef<str>, V: AsRef<str>>(
        &self,
        part: Part,
        field: &Field,
        pairs: &[(K, V)],
    ) -> Option<Value> {
        let mut values = pairs
            .iter()
            .filter(|(key, _)| part.same(key.as_ref(), &field.name))
            .map(|(_, value)| Value::from(value.as_ref()));
        match (self.resolved(&field.node), part) {
            (Node::List(_), _) => {
                let values: Vec<Value> = values.collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            (_, Part::Header) => values.next(),
            _ => values.next_back(),
        }
    }
}

impl Model {
    /// The pairs of no field, by key, in order. A key that occurs many times has a list of values.
    fn extras<K: AsRef<str>, V: AsRef<str>>(
        &self,
        part: Part,
        pairs: &[(K, V)],
    ) -> Map<String, Value> {
        let mut extras = Map::new();
        if matches!(self.extras, Extras::Ignored) {
            return extras;
        }
        let is_field = |key: &str| {
            let mut fields = self.fields.iter();
            fields.any(|field| part.same(key, &field.name))
        };
        let pairs = pairs.iter().map(|(key, value)| (key.as_ref(), value));
        for (key, value) in pairs.filter(|(key, _)| !is_field(key)) {
            let value = Value::from(value.as_ref());
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
    values: &Map<String, Value>,
    extras: &Map<String, Value>,
) -> Map<String, Value> {
    let values = values
        .iter()
        .map(|(name, value)| (part.name(name).into_owned(), value));
    let extras = extras.iter().map(|(key, value)| (key.clone(), value));
    let all = values.chain(extras);
    all.map(|(name, value)| (name, value.clone())).collect()
}
