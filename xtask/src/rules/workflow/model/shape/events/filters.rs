//! What narrows an event: its types, branches, tags and paths.

use super::super::super::yaml::{Fault, Kind, Node};
use super::table::Event;
use crate::report::nearest;
use crate::rules::workflow::words::did_you_mean;

/// What is wrong with what stands under `event:`.
pub(super) fn judge(event: &Event, node: &Node, faults: &mut Vec<Fault>) {
    if node.is_null() {
        return;
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let message = format!(
            "`{}` should hold a map or nothing, and holds {}",
            event.name,
            node.kind_in_words()
        );
        let help = match event.filters.first() {
            Some(filter) => format!("write `{filter}: [main]` under it"),
            None => "take the value away".into(),
        };
        faults.push(Fault::new(node.span.clone(), message, help));
        return;
    }
    for entry in node.entries() {
        let name = entry.key.text.as_str();
        let allowed = event.filters.contains(&name) || (name == "types" && !event.types.is_empty());
        if !allowed {
            let mut known = event.filters.to_vec();
            if !event.types.is_empty() {
                known.push("types");
            }
            let message = format!("`{}` can't be narrowed by `{name}`", event.name);
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => {
                    format!("write `{}:` with nothing under it", event.name)
                }
                None => format!("it takes {}", known.join(", ")),
            };
            faults.push(Fault::new(entry.key.span.clone(), message, help));
            continue;
        }
        for item in entry.value.one_or_many() {
            let Some(text) = item.text() else {
                let message = format!(
                    "an item of `{name}` should be text, and is {}",
                    item.kind_in_words()
                );
                faults.push(Fault::new(
                    item.span.clone(),
                    message,
                    "write a name or a pattern",
                ));
                continue;
            };
            if name == "types" && !event.types.contains(&text) {
                let message = format!("`{}` has no type `{text}`", event.name);
                let help = did_you_mean(
                    text,
                    event.types.iter().copied(),
                    format!("its types are {}", event.types.join(", ")),
                );
                faults.push(Fault::new(item.span.clone(), message, help));
            }
        }
        if matches!(entry.value.kind, Kind::Map(_)) {
            let message = format!("`{name}` should be a list, and is a map");
            faults.push(Fault::new(
                entry.value.span.clone(),
                message,
                format!("write `{name}: [main]`"),
            ));
        }
    }
    for [a, b] in [
        ["branches", "branches-ignore"],
        ["paths", "paths-ignore"],
        ["tags", "tags-ignore"],
    ] {
        if let (Some(_), Some(second)) = (node.entry(a), node.entry(b)) {
            let message = format!("`{a}` and `{b}` can't stand together");
            let help = format!("keep `{a}`, with `!` before what it leaves out");
            faults.push(Fault::new(second.key.span.clone(), message, help));
        }
    }
}
