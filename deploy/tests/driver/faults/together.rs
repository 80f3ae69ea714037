//! Cases that take more than one driver, or somebody who acts while one runs.

use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::driver::Ran;
use crate::support::world::{World, short};

/// Both end well: one deploys, and the other finds that done.
pub fn one_waits(world: &World, command: &str) -> Option<i32> {
    slow(world, "1");
    let (first, second) = (world.start(command, &[]), world.start(command, &[]));
    let (first, second) = (world.finish(first), world.finish(second));
    assert_eq!(first.code, Some(0), "{first:?}");
    let deploys = |ran: &Ran| ran.out.lines().any(|line| line.starts_with("deploy "));
    assert!(
        deploys(&first) != deploys(&second),
        "it is deployed once: {first:?} {second:?}"
    );
    second.code
}

/// The second one's exit code; the first ends well.
pub fn one_gives_up(world: &World, command: &str) -> Option<i32> {
    slow(world, "1");
    let first = world.start(command, &[]);
    wait_for_begin(world);
    let second = world.run_with(command, &[("IDP_LOCK_WAIT", "0s")]);
    assert!(
        second.err.contains("staging is locked by tester@"),
        "{}",
        second.err
    );
    let first = world.finish(first);
    assert_eq!(first.code, Some(0), "{first:?}");
    second.code
}

/// `kill -9`, while what it called goes on for a while.
pub fn killed_while_the_back_end_works(world: &World, command: &str) -> Option<i32> {
    slow(world, "2");
    let mut driver = world.start(command, &[]);
    wait_for_begin(world);
    kill(&mut driver);
    None
}

/// As if the lock had expired under it.
pub fn another_records_meanwhile(world: &World, command: &str) -> Option<i32> {
    slow(world, "1");
    let driver = world.start(command, &[]);
    wait_for_begin(world);
    let record = format!("deployed-staging-2-{}", short('C'));
    world.repository.tag(&record, world.digest('C'));
    world
        .repository
        .tag(&crate::support::world::sha('C'), world.digest('C'));
    let ran = world.finish(driver);
    assert!(ran.err.contains("somebody else recorded"), "{}", ran.err);
    ran.code
}

/// A good deployment; what runs dies once everything is done.
pub fn dies_after_its_record(world: &World, command: &str) -> Option<i32> {
    let ran = world.run(command);
    world.place.take_away("staging");
    ran.code
}

fn slow(world: &World, seconds: &str) {
    world.place.slow(world.version('B'), seconds);
}

fn wait_for_begin(world: &World) {
    let begun = Instant::now();
    while !world.place.begun("staging", world.version('B')) {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the deployment does not begin"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn kill(driver: &mut Child) {
    driver.kill().unwrap();
    driver.wait().unwrap();
}
