//! `publish`: tags of images.

use serde_json::json;

use crate::support::observe::names;
use crate::support::world::World;

#[test]
fn an_index_is_tagged_as_it_is() {
    let Some(world) = World::new() else { return };
    let digest = world
        .repository
        .push_index(&json!({"org.opencontainers.image.revision": "d".repeat(40)}));
    let sha = "d".repeat(40);
    world.says(&digest, &sha);
    let image = world.image();
    let ran = world.run_raw(
        &[
            "publish", "--image", &image, "--sha", &sha, "--digest", &digest,
        ],
        &[],
    );
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(!ran.err.contains("no label"), "{}", ran.err);
    let ran = world.run_raw(
        &[
            "promote", "--image", &image, "--sha", &sha, "--to", "dev", "--digest", &digest,
        ],
        &[],
    );
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert_eq!(world.repository.digest("dev"), Some(digest));
}

#[test]
fn latest_dev_does_not_go_back() {
    let Some(world) = World::new() else { return };
    world.must("publish B");
    let ran = world.must("publish A");
    assert!(ran.out.contains("stays"), "{}", ran.out);
    assert_eq!(names(&world, "latest-dev"), "B");
    assert_eq!(world.must("publish A").outputs["action"], "noop");
    world.must("publish C");
    assert_eq!(names(&world, "latest-dev"), "C");
}
