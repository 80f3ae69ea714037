//! What happens when nothing goes wrong, and what is refused before anything is done: a file a command.

mod promote;
mod publish;
mod rollback;
mod status;
mod usage;

use crate::support::observe::{names, newest, runs};
use crate::support::world::{World, short};

/// A and B published; A in dev, staging and prod; B in dev.
pub fn published(world: &World) {
    for name in ['A', 'B'] {
        world.must(&format!("publish {name}"));
        world.must(&format!("promote {name} dev"));
        if name == 'A' {
            world.must("promote A staging");
            world.must("promote A prod");
        }
    }
}

#[test]
fn one_digest_travels_through_three_environments() {
    let Some(world) = World::new() else { return };
    let ran = world.must("publish A");
    assert_eq!(ran.outputs["action"], "published");
    assert_eq!(ran.outputs["digest"], world.digest('A'));
    assert_eq!(
        ran.outputs["image-ref"],
        format!("{}@{}", world.image(), world.digest('A'))
    );
    assert_eq!(names(&world, "latest-dev"), "A");
    for environment in ["dev", "staging", "prod"] {
        let ran = world.must(&format!("promote A {environment}"));
        assert_eq!(ran.outputs["action"], "promoted");
        assert_eq!(ran.outputs["changed"], "true");
        assert_eq!(ran.outputs["previous-digest"], "");
        assert_eq!(
            ran.outputs["record"],
            format!("deployed-{environment}-1-{}", short('A'))
        );
        assert_eq!(runs(&world, environment), "A");
        assert_eq!(newest(&world, environment), "1-A");
        assert_eq!(names(&world, environment), "A");
        let again = world.must(&format!("promote A {environment}"));
        assert_eq!(again.outputs["action"], "noop");
        assert_eq!(again.outputs["changed"], "false");
        assert_eq!(newest(&world, environment), "1-A");
    }
    // The bytes under every tag are those that were pushed.
    for tag in world.repository.tags() {
        assert_eq!(names(&world, &tag), "A", "{tag}");
    }
}
