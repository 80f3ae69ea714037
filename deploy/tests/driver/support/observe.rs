//! What stands after a command: looked up in the registry and at the back end, and never asked of the driver.

use std::collections::BTreeMap;

use deploy::ledger::Tag;

use super::world::World;

/// What runs in an environment: `A`, `nothing`.
pub fn runs(world: &World, environment: &str) -> String {
    world.named(world.place.runs(environment).as_deref())
}

/// The newest record of an environment: `2-B`, `none`.
pub fn newest(world: &World, environment: &str) -> String {
    let tags = world.repository.tags();
    let records = tags.iter().filter_map(|tag| match Tag::parse(tag) {
        Some(Tag::Record(record)) if record.environment.name() == environment => {
            Some((record.seq, tag))
        }
        _ => None,
    });
    match records.max_by_key(|(seq, _)| *seq) {
        Some((seq, tag)) => format!("{seq}-{}", names(world, tag)),
        None => "none".to_owned(),
    }
}

/// The image that a tag names: `A`, `nothing`.
pub fn names(world: &World, tag: &str) -> String {
    world.named(world.repository.digest(tag).as_deref())
}

/// All tags that never move, with what they name.
pub fn kept(world: &World) -> BTreeMap<String, Option<String>> {
    let tags = world.repository.tags().into_iter();
    tags.filter(|tag| Tag::parse(tag).is_some())
        .map(|tag| {
            let digest = world.repository.digest(&tag);
            (tag, digest)
        })
        .collect()
}
