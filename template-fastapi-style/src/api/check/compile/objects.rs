//! Schemas of objects: models, dictionaries, and models told apart by a tag.

use serde_json::{Map, Value};

use super::keywords::Keywords;
use super::{Compiler, Unsupported};
use crate::api::check::Node;
use crate::api::check::choice::Choice;
use crate::api::check::collection::Dict;
use crate::api::check::leaf::Leaf;
use crate::api::check::model::{Extras, Field, Model};
use crate::api::check::union::{Union, Variant};

impl Compiler<'_> {
    pub(super) fn object(&mut self, keywords: &Keywords<'_>) -> Result<Node, Unsupported> {
        let values = keywords.map.get("additionalProperties");
        match values {
            Some(values) if *values != false && !keywords.map.contains_key("properties") => {
                keywords.only(&[
                    "type",
                    "additionalProperties",
                    "minProperties",
                    "maxProperties",
                ])?;
                let at = keywords.at.key("additionalProperties");
                Ok(Node::Dict(Dict {
                    values: Box::new(self.node(values, &at, false)?),
                    min: keywords.count("minProperties")?,
                    max: keywords.count("maxProperties")?,
                }))
            }
            _ => self.model(keywords, None).map(Node::Model),
        }
    }

    /// `tag` has been judged before the model is; it is a field like any other to what else is said of keys.
    fn model(&mut self, keywords: &Keywords<'_>, tag: Option<&str>) -> Result<Model, Unsupported> {
        keywords.only(&["type", "properties", "required", "additionalProperties"])?;
        let required = keywords.branches("required");
        let at = keywords.at.key("properties");
        let mut fields = Vec::new();
        for (name, schema) in properties(keywords.map) {
            let node = if tag == Some(name) {
                Node::Any
            } else {
                self.node(schema, &at.key(name), false)?
            };
            fields.push(Field {
                name: name.clone(),
                dashed: name.replace('_', "-"),
                required: required.iter().any(|required| required == name),
                node,
            });
        }
        let at = keywords.at.key("additionalProperties");
        let extras = match keywords.map.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Extras::Ignored,
            Some(Value::Bool(false)) => Extras::Forbidden,
            Some(schema) => Extras::Each(Box::new(self.node(schema, &at, false)?)),
        };
        Ok(Model { fields, extras })
    }

    /// An enum whose values are described one by one, or models told apart by a tag.
    pub(super) fn one_of(
        &mut self,
        keywords: &Keywords<'_>,
        named: bool,
    ) -> Result<Node, Unsupported> {
        keywords.only(&["oneOf"])?;
        let at = keywords.at.key("oneOf");
        let mut branches = Vec::new();
        for (index, branch) in keywords.branches("oneOf").iter().enumerate() {
            let map = branch
                .as_object()
                .ok_or_else(|| keywords.unsupported("oneOf"))?;
            branches.push(self.merged(map, &at.index(index), 0)?);
        }
        if let Some(tag) = tag(&branches) {
            let mut variants = Vec::new();
            for (index, map) in branches.iter().enumerate() {
                let at = &at.index(index);
                let model = self.model(&Keywords { map, at }, Some(tag))?;
                let tag = constant(map, tag).unwrap_or_default().to_owned();
                variants.push(Variant { tag, model });
            }
            let tag = tag.to_owned();
            return Ok(Node::Union(Union { tag, variants }));
        }
        let mut values = Vec::new();
        for (index, map) in branches.iter().enumerate() {
            let at = &at.index(index);
            let branch = Keywords { map, at };
            let told = branch.only(&["type", "const", "enum"]);
            let told = told.and_then(|()| branch.values());
            values.extend(told.map_err(|_| keywords.unsupported("oneOf"))?);
        }
        Ok(Node::Leaf(Leaf::Choice(Choice::new(values, named))))
    }
}

fn properties(map: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let properties = map.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

/// The property that is a constant in all of them.
fn tag(branches: &[Map<String, Value>]) -> Option<&str> {
    let mut names = properties(branches.first()?).map(|(name, _)| name.as_str());
    names.find(|name| branches.iter().all(|map| constant(map, name).is_some()))
}

fn constant<'m>(map: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    map.get("properties")?.get(name)?.get("const")?.as_str()
}
