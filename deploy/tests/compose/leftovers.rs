//! What a run leaves that was ended half-way.

use std::time::{Duration, Instant};

use deploy::backend::compose::Compose;
use deploy::backend::{Backend, BackendError, interrupt};
use deploy::names::Environment::Staging;
use deploy::names::Pinned;

use crate::support::again::part;
use crate::support::docker::{available, perhaps};
use crate::support::{Again, Behaviour, Place, shop};

const OTHER: &str = "leftovers::the_other_process";

/// Deploys what it is told, under the lock, and says how that ended.
#[test]
fn the_other_process() {
    let Some(part) = part() else {
        return;
    };
    let [service, folder, image] = part.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{part}");
    };
    let (name, digest) = image.split_once('@').unwrap();
    let image = Pinned {
        image: name.parse().unwrap(),
        digest: digest.parse().unwrap(),
    };
    interrupt::install();
    let backend = Compose::new(service, folder).ready_within(Duration::from_mins(10));
    let _lock = backend.lock(Staging, "the other", Duration::ZERO).unwrap();
    println!("\n> locked");
    println!("\n> {:?}", backend.deploy(Staging, &image));
}

fn other(place: &Place, image: &Pinned) -> Again {
    let folder = place.folder.path().display();
    let mut again = Again::start(OTHER, &format!("{} {folder} {image}", place.service), &[]);
    assert_eq!(again.says(), "locked");
    let until = Instant::now() + Duration::from_mins(1);
    while place.containers("candidate").is_empty() {
        assert!(Instant::now() < until, "there is no candidate");
        std::thread::sleep(Duration::from_millis(50));
    }
    again
}

#[test]
fn a_killed_run_s_candidate_and_lock_hold_nobody_up() {
    if !available() {
        return;
    }
    let (good, slow) = (shop('1', Behaviour::Good), shop('5', Behaviour::NeverReady));
    let place = Place::new();
    let backend = place.backend();
    let again = other(&place, &slow.image);
    let locked = backend.lock(Staging, "me", Duration::ZERO).err();
    assert!(
        matches!(&locked, Some(BackendError::Locked { owner, .. }) if owner == "the other"),
        "{locked:?}"
    );
    again.kill();
    assert_eq!(place.containers("candidate").len(), 1);

    // What the killed process had begun, such as a call of Compose, ends soon; far sooner than the lock.
    let began = Instant::now();
    let lock = backend
        .lock(Staging, "me", Duration::from_secs(30))
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(15));
    backend.deploy(Staging, &good.image).unwrap();
    backend.verify(Staging, &good.commit).unwrap();
    assert_eq!(place.containers("candidate"), [""; 0]);
    drop(lock);
    assert_eq!(place.containers("idp-lock"), [""; 0]);
}

#[test]
fn a_swap_that_was_killed_half_way_is_repaired() {
    if !available() {
        return;
    }
    let (one, two) = (shop('1', Behaviour::Good), shop('2', Behaviour::Good));
    let place = Place::new();
    let backend = place.backend();
    backend.deploy(Staging, &one.image).unwrap();
    let again = other(&place, &two.image);
    // Compose gives the new container a name of its own until the old one is gone.
    let until = Instant::now() + Duration::from_mins(1);
    while place.containers("-staging-staging-1").len() < 2 {
        assert!(Instant::now() < until, "there is no swap");
        std::thread::sleep(Duration::from_millis(20));
    }
    again.kill_all();
    let left = place.containers("-staging-staging-1");
    assert_eq!(left.len(), 2);
    // The old one may have ended by then, and Compose may want the name of the new one for a third.
    let name = format!("{}-staging-1", place.project(Staging));
    perhaps(&["kill", left.iter().find(|left| **left == name).unwrap()]);

    let _lock = backend
        .lock(Staging, "me", Duration::from_secs(30))
        .unwrap();
    backend.deploy(Staging, &one.image).unwrap();
    backend.verify(Staging, &one.commit).unwrap();
    assert_eq!(backend.running(Staging).unwrap(), Some(one.image.digest));
    place.only(Staging);
    assert_eq!(place.containers("candidate"), [""; 0]);
}

#[test]
fn ctrl_c_leaves_nothing() {
    if !available() {
        return;
    }
    let slow = shop('5', Behaviour::NeverReady);
    for signal in ["INT", "TERM"] {
        let place = Place::new();
        let mut again = other(&place, &slow.image);
        again.signal(signal);
        let said = again.says();
        assert!(
            said.contains("NotReady") && said.contains("interrupted"),
            "{said}"
        );
        assert!(again.child.wait().unwrap().success());
        assert_eq!(place.containers(""), [""; 0], "neither candidate nor lock");
    }
}
