//! One schema's keywords, read by type. A keyword of a wrong type is as unknown as one with a wrong name.

use serde_json::{Map, Number, Value};

use super::Unsupported;
use crate::api::check::bounds::{Bound, Relation};
use crate::api::problem::Loc;

pub(super) struct Keywords<'s> {
    pub(super) map: &'s Map<String, Value>,
    /// Where in the whole schema this one stands.
    pub(super) at: &'s Loc<'s>,
}

/// What tells people something and asks nothing of a value.
const ANNOTATIONS: [&str; 12] = [
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

impl Keywords<'_> {
    pub(super) fn unsupported(&self, keyword: impl Into<String>) -> Unsupported {
        Unsupported::new(keyword, self.at)
    }

    /// Refuses whatever is neither in `known` nor an annotation.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Unsupported> {
        let is_known = |keyword: &str| {
            known.contains(&keyword) || ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
        };
        match self.map.keys().find(|keyword| !is_known(keyword)) {
            Some(keyword) => Err(self.unsupported(keyword)),
            None => Ok(()),
        }
    }

    /// The types but null, and whether null is among them.
    pub(super) fn types(&self) -> Result<(Vec<&str>, bool), Unsupported> {
        let names = match self.map.get("type") {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            None => Vec::new(),
            Some(_) => return Err(self.unsupported("type")),
        };
        let nullable = names.len() > 1 && names.contains(&"null");
        let names = names
            .into_iter()
            .filter(|name| !nullable || *name != "null");
        Ok((names.collect(), nullable))
    }

    /// What `enum` or `const` allows, without null: strings, or integers.
    pub(super) fn values(&self) -> Result<Vec<Value>, Unsupported> {
        let (keyword, values) = match (self.map.get("const"), self.branches("enum")) {
            (Some(value), _) => ("const", std::slice::from_ref(value)),
            (None, values) => ("enum", values),
        };
        let values = values.iter().filter(|value| !value.is_null());
        let values: Vec<Value> = values.cloned().collect();
        let uniform = values.iter().all(Value::is_string)
            || values.iter().all(|value| value.is_i64() || value.is_u64());
        (uniform && !values.is_empty())
            .then_some(values)
            .ok_or_else(|| self.unsupported(keyword))
    }

    pub(super) fn branches(&self, keyword: &str) -> &[Value] {
        let branches = self.map.get(keyword).and_then(Value::as_array);
        branches.map_or(&[], Vec::as_slice)
    }

    pub(super) fn text(&self, keyword: &str) -> Result<Option<&str>, Unsupported> {
        self.read(keyword, Value::as_str)
    }

    pub(super) fn count(&self, keyword: &str) -> Result<Option<usize>, Unsupported> {
        self.read(keyword, |value| value.as_u64()?.try_into().ok())
    }

    /// The bounds of a number, and no keyword beside them but these others.
    pub(super) fn bounds<T>(
        &self,
        others: &[&str],
        bound: fn(Relation, &Number) -> Option<Bound<T>>,
    ) -> Result<Vec<Bound<T>>, Unsupported> {
        let names = Relation::ALL.map(Relation::keyword);
        self.only(&[others, &names].concat())?;
        let mut bounds = Vec::new();
        for relation in Relation::ALL {
            let read = |value: &Value| bound(relation, value.as_number()?);
            bounds.extend(self.read(relation.keyword(), read)?);
        }
        Ok(bounds)
    }

    fn read<'v, T>(
        &'v self,
        keyword: &str,
        read: impl Fn(&'v Value) -> Option<T>,
    ) -> Result<Option<T>, Unsupported> {
        let value = self.map.get(keyword);
        let read = value.map(|value| read(value).ok_or_else(|| self.unsupported(keyword)));
        read.transpose()
    }
}
