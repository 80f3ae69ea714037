//! What happens when nothing goes wrong, and what is refused before anything is done.

use serde_json::{Value, json};

use crate::support::observe::{names, newest, runs};
use crate::support::world::{NAMES, World, sha, short};

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
    let image = world.image();
    let publish = [
        "publish",
        "--image",
        &image,
        "--sha",
        &sha('A'),
        "--digest",
        world.digest('B'),
    ];
    let ran = world.run_raw(&publish, &[]);
    assert_eq!(ran.code, Some(15), "{ran:#?}");
    assert!(
        ran.err.contains("says by its label that it was built from"),
        "{}",
        ran.err
    );
    // An image without the label is held against the tag alone.
    let bare = world.repository.push(&json!({"another": "build"}));
    let publish = [
        "publish",
        "--image",
        &image,
        "--sha",
        &sha('A'),
        "--digest",
        &bare,
    ];
    let ran = world.run_raw(&publish, &[]);
    assert_eq!(ran.code, Some(15), "{ran:#?}");
    assert!(ran.err.contains("is never moved"), "{}", ran.err);
    assert_eq!(names(&world, &sha('A')), "A");
    let promote = [
        "promote",
        "--image",
        &image,
        "--sha",
        &sha('A'),
        "--to",
        "dev",
        "--digest",
        &bare,
    ];
    assert_eq!(world.run_raw(&promote, &[]).code, Some(15));
    let absent = format!("sha256:{}", "0".repeat(64));
    let publish = [
        "publish",
        "--image",
        &image,
        "--sha",
        &sha('A'),
        "--digest",
        &absent,
    ];
    assert_eq!(world.run_raw(&publish, &[]).code, Some(10));
    assert_eq!(runs(&world, "dev"), "nothing");
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

#[test]
fn status_says_what_is_where() {
    let Some(world) = World::new() else { return };
    published(&world);
    world.must("promote B staging");
    world.must("rollback staging");
    world.repository.tag("prod", world.digest('B'));
    world.place.start_by_hand("dev", world.digest('C'));
    let ran = world.must("status --json");
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [dev, staging, prod] = &lines[0]["environments"].as_array().unwrap()[..] else {
        panic!("{lines:?}")
    };
    assert_eq!(lines[0]["latest-dev"], world.digest('B'));
    assert_eq!(dev["runs"], "another");
    assert_eq!(dev["running"], world.digest('C'));
    assert_eq!(
        staging["record"],
        format!("deployed-staging-3-{}", short('A'))
    );
    assert_eq!(staging["runs"], "as recorded");
    assert_eq!(staging["quarantined"][0]["reason"], "orders are lost");
    assert_eq!(
        (&staging["cache-stale"], &prod["cache-stale"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(ran.last_object()["summary"]["exit"], 0);
    let table = world.must("status").out;
    assert!(table.contains("is quarantined: orders are lost"), "{table}");
    assert!(
        table
            .lines()
            .any(|line| line.starts_with("prod") && line.contains("stale")),
        "{table}"
    );
    world.wrong("down");
    let table = world.must("status --env prod").out;
    assert!(
        table.contains("unknown") && !table.contains("staging"),
        "{table}"
    );
}

#[test]
fn json_is_one_object_a_line_whatever_happens() {
    let Some(world) = World::new() else { return };
    let ran = world.run("promote A dev --json");
    let summary = &ran.last_object()["summary"];
    assert_eq!(summary["exit"], 10);
    assert_eq!(summary["action"], "refused");
    assert!(
        summary["error"]
            .as_str()
            .unwrap()
            .contains("nothing was published")
    );
    world.must("publish A");
    let ran = world.must("promote A dev --json");
    for line in ran.out.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        assert!(
            object["step"].is_string() || object["summary"].is_object(),
            "{line}"
        );
    }
    assert_eq!(
        ran.last_object()["summary"]["record"],
        format!("deployed-dev-1-{}", short('A'))
    );
}

#[test]
fn bad_input_is_one_line_with_code_2() {
    let Some(world) = World::new() else { return };
    for (words, variables, says) in [
        (
            "promote A dev",
            &[("IDP_BACKEND", "ftp")][..],
            "there is no back end `ftp`",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_COMMAND", "")],
            "needs IDP_BACKEND_COMMAND",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_COMMAND", "/nowhere")],
            "there is no /nowhere",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_TIMEOUT", "soon")],
            "IDP_BACKEND_TIMEOUT `soon`",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_LOCKS", "/proc/1/nowhere")],
            "IDP_BACKEND_LOCKS names",
        ),
        (
            "reconcile dev",
            &[("IDP_REGISTRY_TIMEOUT", "0s")],
            "more than nothing",
        ),
    ] {
        let ran = world.run_with(words, variables);
        assert_eq!(ran.code, Some(2), "{words} {variables:?}: {ran:#?}");
        assert!(ran.err.contains(says), "{}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
    for arguments in [
        &[
            "promote",
            "--image",
            "ghcr.io/Org/x",
            "--sha",
            "1",
            "--to",
            "dev",
        ][..],
        &["rollback", "--image", "ghcr.io/o/x", "--env", "prod"],
        &[
            "rollback",
            "--image",
            "ghcr.io/o/x",
            "--env",
            "prod",
            "--reason",
            " ",
        ],
        &[],
    ] {
        assert_eq!(world.run_raw(arguments, &[]).code, Some(2), "{arguments:?}");
    }
}
