//! From a schema, as schemars writes it, to nodes. What is not known here is an error: a rule that goes unchecked would be
//! one that the document promises and nobody keeps.

mod keywords;
mod leaves;
mod objects;

use std::fmt;

use schemars::Schema;
use serde_json::{Map, Value};

use self::keywords::Keywords;
use super::Node;
use super::choice::Choice;
use super::collection::List;
use super::leaf::Leaf;
use crate::api::problem::{Loc, Step};

/// A part of a schema that this does not know how to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// What is not known, such as `uniqueItems` or `format: ipv4`.
    pub keyword: String,
    /// Where it stands in the schema, such as `#/properties/tags`.
    pub path: String,
}

impl Unsupported {
    fn new(keyword: impl Into<String>, at: &Loc<'_>) -> Self {
        let steps = at.steps().into_iter().map(|step| match step {
            Step::Key(key) => key,
            Step::Index(index) => index.to_string(),
        });
        Self {
            keyword: keyword.into(),
            path: steps.collect::<Vec<_>>().join("/"),
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keyword, path } = self;
        write!(
            f,
            "{path}: `{keyword}` cannot be checked: write the type without it"
        )
    }
}

impl std::error::Error for Unsupported {}

/// The root first, then each definition that is referred to.
pub(super) fn compile(schema: &Schema) -> Result<Vec<Node>, Unsupported> {
    let root = schema.as_value();
    let mut compiler = Compiler {
        root,
        names: vec!["#".to_owned()],
    };
    let mut nodes = vec![compiler.node(root, &Loc::of("#"), true)?];
    // Each may name others that have not been seen before.
    while let Some(name) = compiler.names.get(nodes.len()).cloned() {
        let root = Loc::of("#");
        let defs = root.key("$defs");
        let at = defs.key(&name);
        let definition = compiler.definition(&name, &at)?;
        nodes.push(compiler.node(definition, &at, true)?);
    }
    if nodes.iter().any(|node| is_endless(node, &nodes)) {
        return Err(Unsupported::new("$ref", &Loc::of("#")));
    }
    Ok(nodes)
}

/// Whether a type is nothing but itself: following it would never come to a rule.
fn is_endless(node: &Node, nodes: &[Node]) -> bool {
    let chain = std::iter::successors(Some(node), |node| match node {
        Node::Ref(index) => nodes.get(*index),
        Node::Nullable(node) => Some(node),
        _ => None,
    });
    // Past each node once, and past each that may be null: whatever is longer comes by the same one again.
    chain.take(2 * nodes.len() + 2).count() > 2 * nodes.len() + 1
}

struct Compiler<'s> {
    root: &'s Value,
    /// What has been referred to, each at the index of its node.
    names: Vec<String>,
}

impl<'s> Compiler<'s> {
    /// `named`: the schema is the root or a definition, hence a type of its own and not a place in another.
    fn node(&mut self, schema: &Value, at: &Loc<'_>, named: bool) -> Result<Node, Unsupported> {
        let map = match schema {
            Value::Bool(true) => return Ok(Node::Any),
            Value::Object(map) => map,
            _ => return Err(Unsupported::new(schema.to_string(), at)),
        };
        let keywords = Keywords { map, at };
        let Some(reference) = map.get("$ref") else {
            return self.shape(&keywords, named);
        };
        if keywords.only(&["$ref"]).is_ok() {
            return self.refer(reference, at);
        }
        // A type's own rules and those of the place where it is used.
        let map = &self.merged(map, at, 0)?;
        self.shape(&Keywords { map, at }, true)
    }

    fn shape(&mut self, keywords: &Keywords<'_>, named: bool) -> Result<Node, Unsupported> {
        if keywords.only(&[]).is_ok() {
            return Ok(Node::Any);
        }
        let has = |keyword| keywords.map.contains_key(keyword);
        if has("anyOf") {
            return self.nullable(keywords);
        }
        if has("oneOf") {
            return self.one_of(keywords, named);
        }
        let (types, nullable) = keywords.types()?;
        let node = if has("enum") || has("const") {
            keywords.only(&["type", "enum", "const"])?;
            let values = keywords.values()?;
            Node::Leaf(Leaf::Choice(Choice::new(values, named && has("enum"))))
        } else {
            match types.as_slice() {
                ["array"] => self.list(keywords)?,
                ["object"] => self.object(keywords)?,
                types => Node::Leaf(keywords.leaf(types)?),
            }
        };
        Ok(if nullable {
            Node::Nullable(Box::new(node))
        } else {
            node
        })
    }

    /// `anyOf` something and null, which is how an `Option` of a named type is written.
    fn nullable(&mut self, keywords: &Keywords<'_>) -> Result<Node, Unsupported> {
        keywords.only(&["anyOf"])?;
        let at = keywords.at.key("anyOf");
        match keywords.branches("anyOf") {
            [some, null] if null.get("type").is_some_and(|name| name == "null") => {
                let node = self.node(some, &at.index(0), false)?;
                Ok(Node::Nullable(Box::new(node)))
            }
            _ => Err(keywords.unsupported("anyOf")),
        }
    }

    fn list(&mut self, keywords: &Keywords<'_>) -> Result<Node, Unsupported> {
        keywords.only(&["type", "items", "minItems", "maxItems"])?;
        let items = keywords.map.get("items").unwrap_or(&Value::Bool(true));
        Ok(Node::List(List {
            items: Box::new(self.node(items, &keywords.at.key("items"), false)?),
            min: keywords.count("minItems")?,
            max: keywords.count("maxItems")?,
        }))
    }

    fn refer(&mut self, reference: &Value, at: &Loc<'_>) -> Result<Node, Unsupported> {
        let name = name(reference, at)?;
        let known = self.names.iter().position(|known| known == name);
        Ok(Node::Ref(known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })))
    }

    /// What a reference names.
    fn definition(&self, name: &str, at: &Loc<'_>) -> Result<&'s Value, Unsupported> {
        if name == "#" {
            return Ok(self.root);
        }
        let definition = self.root.get("$defs").and_then(|defs| defs.get(name));
        definition.ok_or_else(|| Unsupported::new("$ref", at))
    }

    /// A schema with what it refers to laid under it.
    fn merged(
        &self,
        map: &Map<String, Value>,
        at: &Loc<'_>,
        depth: usize,
    ) -> Result<Map<String, Value>, Unsupported> {
        let Some(reference) = map.get("$ref") else {
            return Ok(map.clone());
        };
        if depth > 32 {
            return Err(Unsupported::new("$ref", at));
        }
        let definition = self.definition(name(reference, at)?, at)?.as_object();
        let definition = definition.ok_or_else(|| Unsupported::new("$ref", at))?;
        let mut merged = self.merged(definition, at, depth + 1)?;
        for (keyword, value) in map.iter().filter(|(keyword, _)| *keyword != "$ref") {
            match (merged.get_mut(keyword), value) {
                (Some(Value::Object(under)), Value::Object(over)) => under.extend(over.clone()),
                (Some(Value::Array(under)), Value::Array(over)) => under.extend(over.clone()),
                _ => {
                    merged.insert(keyword.clone(), value.clone());
                }
            }
        }
        Ok(merged)
    }
}

fn name<'v>(reference: &'v Value, at: &Loc<'_>) -> Result<&'v str, Unsupported> {
    match reference.as_str() {
        Some("#") => Some("#"),
        Some(path) => path.strip_prefix("#/$defs/"),
        None => None,
    }
    .ok_or_else(|| Unsupported::new(format!("$ref: {reference}"), at))
}
