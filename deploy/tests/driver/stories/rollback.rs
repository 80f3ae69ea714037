//! `rollback` and `lift`: back, and in again.

use serde_json::Value;

use super::published;
use crate::support::observe::{newest, runs};
use crate::support::world::{NAMES, World, short};

#[test]
fn a_rollback_goes_back_further_each_time_and_then_stops() {
    let Some(world) = World::new() else { return };
    for name in NAMES {
        world.must(&format!("publish {name}"));
        world.must(&format!("promote {name} dev"));
    }
    let ran = world.must("rollback dev");
    assert_eq!(ran.outputs["action"], "rolled-back");
    assert_eq!(ran.outputs["digest"], world.digest('B'));
    assert_eq!(ran.outputs["previous-digest"], world.digest('C'));
    assert!(ran.summary.contains("orders are lost"), "{}", ran.summary);
    assert_eq!(
        (runs(&world, "dev"), newest(&world, "dev")),
        ("B".to_owned(), "4-B".to_owned())
    );
    world.must("rollback dev");
    assert_eq!(
        (runs(&world, "dev"), newest(&world, "dev")),
        ("A".to_owned(), "5-A".to_owned())
    );
    let ran = world.run("rollback dev");
    assert_eq!(ran.code, Some(13), "{ran:#?}");
    assert_eq!(
        (runs(&world, "dev"), newest(&world, "dev")),
        ("A".to_owned(), "5-A".to_owned())
    );
    // The reason stands in the registry.
    let note = world
        .repository
        .bytes(&format!("quarantined-dev-{}", short('C')))
        .unwrap();
    let note: Value = serde_json::from_slice(&note).unwrap();
    assert_eq!(
        note["annotations"]["dev.idp-lite.reason"],
        "orders are lost"
    );
    assert_eq!(
        note["annotations"]["dev.idp-lite.record"],
        format!("deployed-dev-3-{}", short('C'))
    );
    assert_eq!(
        note["annotations"]["dev.idp-lite.digest"],
        world.digest('C')
    );
}

#[test]
fn a_quarantine_holds_until_it_is_lifted_and_can_come_back() {
    let Some(world) = World::new() else { return };
    published(&world);
    world.must("promote B staging");
    world.must("rollback staging");
    let ran = world.run("promote B staging");
    assert_eq!(ran.code, Some(12), "{ran:#?}");
    assert!(ran.err.contains("idp-deploy lift --image"), "{}", ran.err);
    // What was rolled back in staging is not proven for prod either.
    assert_eq!(world.run("promote B prod").code, Some(12));
    assert_eq!(world.run("rollback staging B").code, Some(12));
    assert_eq!(world.must("lift staging B").outputs["action"], "lifted");
    assert_eq!(world.must("lift staging B").outputs["action"], "noop");
    world.must("promote B staging --allow-older");
    assert_eq!(newest(&world, "staging"), "4-B");
    world.must("rollback staging");
    assert_eq!(newest(&world, "staging"), "5-A");
    assert_eq!(world.run("promote B staging").code, Some(12));
    let tags = world.repository.tags();
    for tag in [
        format!("quarantined-staging-{}", short('B')),
        format!("lifted-staging-{}-2", short('B')),
        format!("quarantined-staging-{}-4", short('B')),
    ] {
        assert!(tags.contains(&tag), "{tag}: {tags:?}");
    }
    world.must("lift staging B");
    world.must("promote B staging");
    assert_eq!(newest(&world, "staging"), "6-B");
}

#[test]
fn a_rollback_to_a_version_by_name() {
    let Some(world) = World::new() else { return };
    for name in NAMES {
        world.must(&format!("publish {name}"));
        world.must(&format!("promote {name} dev"));
    }
    let ran = world.must("rollback dev A");
    assert_eq!(ran.outputs["action"], "rolled-back");
    assert_eq!(newest(&world, "dev"), "4-A");
    assert_eq!(world.must("rollback dev A").outputs["action"], "noop");
    assert_eq!(newest(&world, "dev"), "4-A");
    // Only what was gone back from is quarantined.
    assert_eq!(world.run("promote C dev").code, Some(12));
    world.must("promote B dev");
    world.must("publish A");
    assert_eq!(world.run("rollback staging A").code, Some(13));
}
