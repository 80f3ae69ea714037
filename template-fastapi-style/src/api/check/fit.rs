//! Whether a body fits as it stands, found while it is read. Most do, and building a value of one costs more than all else
//! that is done to it.
//!
//! What is in doubt here is left to [`Plan::check`], which alone knows what is wrong, and what is coerced: so this may say
//! no where that says yes, and never the other way round.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use uuid::Uuid;

use super::leaf::Leaf;
use super::model::{Field, Model};
use super::{Node, Plan};

impl Plan {
    /// Whether this is JSON in which [`Plan::check`] finds no problem, nothing to coerce, and no key but declared ones, each
    /// once: what the type's own `Deserialize` may read at once.
    #[must_use]
    pub fn fits(&self, json: &[u8]) -> bool {
        // Looked through once, and not string by string.
        let Ok(json) = str::from_utf8(json) else {
            return false;
        };
        let mut reader = serde_json::Deserializer::from_str(json);
        let fit = Fit {
            plan: self,
            node: self.root(),
        };
        fit.deserialize(&mut reader).is_ok() && reader.end().is_ok()
    }
}

/// One value, held to one node. An error is a doubt.
struct Fit<'p> {
    plan: &'p Plan,
    node: &'p Node,
}

fn sure<E: Error>(sure: bool) -> Result<(), E> {
    sure.then_some(()).ok_or_else(|| E::custom("in doubt"))
}

impl<'p> Fit<'p> {
    /// What is asked of anything but null.
    fn node(&self) -> &'p Node {
        self.plan.resolved(self.node)
    }

    fn takes_null(&self) -> bool {
        match self.node {
            Node::Nullable(_) => true,
            Node::Ref(index) => self.of(self.plan.node(*index)).takes_null(),
            _ => false,
        }
    }

    fn of(&self, node: &'p Node) -> Self {
        Self {
            plan: self.plan,
            node,
        }
    }

    fn integer(&self, int: i128) -> bool {
        match self.node() {
            Node::Leaf(Leaf::Int(rule)) => rule.hold(int).is_ok(),
            _ => false,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Fit<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fit<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what fits")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        sure(self.takes_null())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        sure(matches!(self.node(), Node::Leaf(Leaf::Bool)))
    }

    fn visit_i64<E: Error>(self, int: i64) -> Result<(), E> {
        sure(self.integer(int.into()))
    }

    fn visit_u64<E: Error>(self, int: u64) -> Result<(), E> {
        sure(self.integer(int.into()))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<(), E> {
        sure(match self.node() {
            Node::Leaf(Leaf::Float(rule)) => float.is_finite() && rule.hold(float).is_ok(),
            _ => false,
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        sure(match self.node() {
            Node::Leaf(Leaf::Text(rule)) => rule.hold(text).is_ok(),
            Node::Leaf(Leaf::Choice(choice)) => choice.has(text),
            Node::Leaf(Leaf::Uuid) => Uuid::parse_str(text).is_ok(),
            _ => false,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Node::List(list) = self.node() else {
            return sure(false);
        };
        let mut length = 0;
        while items.next_element_seed(self.of(&list.items))?.is_some() {
            length += 1;
        }
        let least = list.min.unwrap_or_default();
        let most = list.max.unwrap_or(usize::MAX);
        sure((least..=most).contains(&length))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Node::Model(model) = self.node() else {
            return sure(false);
        };
        // One bit a field.
        let mut seen = 0_u64;
        sure(model.fields.len() <= 64)?;
        while let Some((index, field)) = entries.next_key_seed(Key(model))? {
            sure(seen >> index & 1 == 0)?;
            seen |= 1 << index;
            entries.next_value_seed(self.of(&field.node))?;
        }
        let mut fields = model.fields.iter().enumerate();
        sure(fields.all(|(index, field)| !field.required || seen >> index & 1 == 1))
    }
}

/// A key that is a field of the model, and which one.
struct Key<'p>(&'p Model);

impl<'de, 'p> DeserializeSeed<'de> for Key<'p> {
    type Value = (usize, &'p Field);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for Key<'p> {
    type Value = (usize, &'p Field);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        let mut fields = self.0.fields.iter().enumerate();
        let field = fields.find(|(_, field)| field.name == key);
        field.ok_or_else(|| E::custom("in doubt"))
    }
}
