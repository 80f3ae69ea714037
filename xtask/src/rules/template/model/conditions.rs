//! The manifest's conditions, tried with what their variables can be.

use super::hooks::{Condition, Rhai, Value, Values, bounded, condition};
use super::script::{Script, sets};
use super::text::Problem;
use super::vocabulary::{BOOL_VARIABLES, TEXT_VARIABLES};
use crate::pack::Manifest;
use crate::pack::manifest::{Kind, Phase};

/// The conditions of `manifest`, in the order of its blocks.
pub fn conditions(
    manifest: &Manifest,
    scripts: &[Script],
    rhai: &Rhai,
) -> Vec<Result<Condition, Problem>> {
    let text = |value: &str| Value::Text(value.to_owned());
    let values = |name: &str| {
        if let Some(placeholder) = manifest.placeholder(name) {
            let default = placeholder
                .default
                .iter()
                .map(|default| text(&default.value));
            return Some(match placeholder.kind {
                Kind::Bool => yes_or_no(),
                Kind::String if placeholder.choices.is_empty() => Values {
                    known: default.chain([text("")]).collect(),
                    closed: false,
                },
                Kind::String => Values {
                    known: placeholder
                        .choices
                        .iter()
                        .map(|choice| text(choice))
                        .collect(),
                    closed: true,
                },
            });
        }
        if BOOL_VARIABLES.contains(&name) {
            return Some(yes_or_no());
        }
        if TEXT_VARIABLES.contains(&name) {
            let known = vec![text("sample")];
            return Some(Values {
                known,
                closed: false,
            });
        }
        let set = scripts
            .iter()
            .filter(|script| script.phase == Phase::Init)
            .any(|script| sets(script).any(|set| set == name));
        // Of any type, so there is nothing to try it with.
        set.then(|| Values {
            known: Vec::new(),
            closed: false,
        })
    };
    let engine = bounded(rhai.bare());
    manifest
        .conditionals
        .iter()
        .map(|block| condition(&engine, &block.condition.value, &values))
        .collect()
}

fn yes_or_no() -> Values {
    Values {
        known: vec![Value::Bool(true), Value::Bool(false)],
        closed: true,
    }
}
