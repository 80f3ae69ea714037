//! `promote`: what has to hold before, and what does not count.

use serde_json::json;

use super::published;
use crate::support::observe::{names, newest, runs};
use crate::support::world::{World, sha};

#[test]
fn what_has_to_hold_before_a_promotion() {
    let Some(world) = World::new() else { return };
    published(&world);
    world.must("promote B staging");
    world.must("publish C");
    for (words, code, says) in [
        ("promote C staging", 11, "no record in dev"),
        ("promote C prod", 11, "no record in staging"),
        ("promote A staging", 14, "older than `deployed-staging-2-"),
        (
            "promote A dev",
            14,
            "created 2026-01-01T12:00:00Z, and what runs 2026-01-02",
        ),
    ] {
        let ran = world.run(words);
        assert_eq!(ran.code, Some(code), "{words}: {ran:#?}");
        assert!(ran.err.contains(says), "{words}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert_eq!(ran.outputs["action"], "refused");
        assert_eq!(ran.outputs["changed"], "false");
    }
    let nowhere = World::new().unwrap();
    let ran = nowhere.run("promote A dev");
    assert_eq!(ran.code, Some(10), "{ran:#?}");
    assert_eq!(nowhere.run("promote A staging").code, Some(10));
}

#[test]
fn an_older_version_goes_where_it_is_allowed_to() {
    let Some(world) = World::new() else { return };
    published(&world);
    world.must("promote B staging");
    let ran = world.must("promote A staging --allow-older");
    assert_eq!(ran.outputs["action"], "promoted");
    assert_eq!(newest(&world, "staging"), "3-A");
    // What counts for prod is the order in staging, where A came back after B.
    world.must("promote A prod");
    assert_eq!(world.run("promote B prod").code, Some(14));
}

#[test]
fn another_digest_than_what_was_published_is_refused() {
    let Some(world) = World::new() else { return };
    world.must("publish A");
    let (image, sha) = (world.image(), sha('A'));
    let told = |command: &[&str], digest: &str| {
        let what = ["--image", &image, "--sha", &sha, "--digest", digest];
        world.run_raw(&[command, &what].concat(), &[])
    };
    let ran = told(&["publish"], world.digest('B'));
    assert_eq!(ran.code, Some(15), "{ran:#?}");
    assert!(
        ran.err.contains("says by its label that it was built from"),
        "{}",
        ran.err
    );
    // An image without the label is held against the tag alone.
    let bare = world.repository.push(&json!({"another": "build"}));
    let ran = told(&["publish"], &bare);
    assert_eq!(ran.code, Some(15), "{ran:#?}");
    assert!(ran.err.contains("is never moved"), "{}", ran.err);
    assert_eq!(names(&world, &sha), "A");
    assert_eq!(told(&["promote", "--to", "dev"], &bare).code, Some(15));
    let absent = format!("sha256:{}", "0".repeat(64));
    assert_eq!(told(&["publish"], &absent).code, Some(10));
    assert_eq!(runs(&world, "dev"), "nothing");
}

#[test]
fn a_dry_run_changes_nothing() {
    let Some(world) = World::new() else { return };
    published(&world);
    let before = world.repository.tags();
    let ran = world.must("promote B staging --dry-run");
    assert_eq!(ran.outputs["action"], "planned");
    assert!(ran.out.contains("would deploy"), "{}", ran.out);
    assert_eq!(world.repository.tags(), before);
    assert_eq!(runs(&world, "staging"), "A");
    assert_eq!(world.run("promote C staging --dry-run").code, Some(10));
}
