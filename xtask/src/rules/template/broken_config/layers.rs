//! `config/ENV.yaml`: keys of the layer below it.

use super::{DEFAULT, Fault, Key, Place, key};
use crate::report::nearest;
use crate::rules::template::model::{Document, Model, Run, Template};
use crate::rules::workflow::yaml::Node;

/// The environments that a layer is for.
const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];

pub(super) fn faults(
    model: &Model,
    template: &Template,
    run: &Run,
    default: &Document<'_>,
) -> Vec<Fault> {
    let mut found = Vec::new();
    for environment in ENVIRONMENTS {
        let path = format!("config/{environment}.yaml");
        if let Some(layer) = model.document(template, run, &path) {
            in_map(default, &path, &layer.root, &mut Vec::new(), &mut found);
        }
    }
    found
}

fn in_map(
    default: &Document<'_>,
    path: &str,
    node: &Node,
    above: &mut Vec<String>,
    found: &mut Vec<Fault>,
) {
    for entry in node.entries() {
        above.push(entry.key.text.clone());
        match key(default, above) {
            Key::Known => in_map(default, path, &entry.value, above, found),
            Key::Unknown(_, known) => found.push(Fault {
                path: path.to_owned(),
                place: Place::Rendered(entry.key.span.clone()),
                message: format!("{DEFAULT} has no key `{}`", above.join(".")),
                help: match nearest(&entry.key.text, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the keys there are {}", known.join(", ")),
                },
            }),
        }
        above.pop();
    }
}
