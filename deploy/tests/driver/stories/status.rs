//! `status`, and what a program reads.

use serde_json::{Value, json};

use super::published;
use crate::support::world::{World, short};

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
