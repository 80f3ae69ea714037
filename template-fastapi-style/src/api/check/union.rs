//! One of several models, told apart by the value of one key.

use serde_json::Value;

use super::model::{Model, NO_MODEL};
use super::python;
use super::{Findings, Plan};
use crate::api::problem::{Fault, Loc};

#[derive(Debug)]
pub(super) struct Union {
    pub(super) tag: String,
    pub(super) variants: Vec<Variant>,
}

#[derive(Debug)]
pub(super) struct Variant {
    pub(super) tag: String,
    pub(super) model: Model,
}

impl Union {
    pub(super) fn judge(&self, value: &Value, loc: &Loc<'_>, findings: &mut Findings<'_>) {
        let Value::Object(entries) = value else {
            return findings.push(NO_MODEL, loc, value);
        };
        match entries.get(&self.tag) {
            None => findings.push(self.not_found(), loc, value),
            Some(tag) => match self.variant(tag) {
                Some(variant) => variant.model.judge(value, &loc.key(&variant.tag), findings),
                None => findings.push(self.invalid(tag), loc, value),
            },
        }
    }

    pub(super) fn coerce(&self, value: &mut Value, plan: &Plan) {
        let variant = value.get(&self.tag).and_then(|tag| self.variant(tag));
        if let Some(variant) = variant {
            variant.model.coerce(value, plan);
        }
    }

    fn variant(&self, tag: &Value) -> Option<&Variant> {
        let tag = tag.as_str()?;
        self.variants.iter().find(|variant| variant.tag == tag)
    }

    fn not_found(&self) -> Fault {
        let discriminator = format!("'{}'", self.tag);
        let msg = format!("Unable to extract tag using discriminator {discriminator}");
        let ctx = vec![("discriminator", discriminator.into())];
        Fault::with("union_tag_not_found", msg, ctx)
    }

    fn invalid(&self, tag: &Value) -> Fault {
        let discriminator = format!("'{}'", self.tag);
        let tag = python::str(tag);
        let tags = self
            .variants
            .iter()
            .map(|variant| format!("'{}'", variant.tag));
        let expected = tags.collect::<Vec<_>>().join(", ");
        let msg = format!(
            "Input tag '{tag}' found using {discriminator} does not match any of the expected tags: {expected}"
        );
        let ctx = vec![
            ("discriminator", discriminator.into()),
            ("tag", tag.into()),
            ("expected_tags", expected.into()),
        ];
        Fault::with("union_tag_invalid", msg, ctx)
    }
}
