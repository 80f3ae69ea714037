//! The lock: one holder at a time, whatever becomes of holders.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use deploy::backend::{Backend, BackendError};
use deploy::names::Environment::{Dev, Staging};

use crate::support::Place;
use crate::support::docker::{available, docker, perhaps};

fn name(place: &Place) -> String {
    format!("idp-lock-{}", place.project(Staging))
}

#[test]
fn one_holder_at_a_time() {
    if !available() {
        return;
    }
    let place = Place::new();
    let backend = place.backend();
    let mut first = backend.lock(Staging, "first", Duration::ZERO).unwrap();
    first.renew().unwrap();
    let _other_environment = backend.lock(Dev, "first", Duration::ZERO).unwrap();
    let began = Instant::now();
    match backend
        .lock(Staging, "second", Duration::from_secs(2))
        .err()
    {
        Some(BackendError::Locked {
            owner,
            remaining,
            environment: Staging,
        }) => {
            assert_eq!(owner, "first");
            assert!((100..=130).contains(&remaining), "{remaining}");
        }
        other => panic!("{other:?}"),
    }
    assert!(began.elapsed() >= Duration::from_secs(2), "it waits");
    drop(first);
    let second = backend.lock(Staging, "second", Duration::ZERO).unwrap();
    drop(second);
    assert_eq!(place.containers(&name(&place)), [""; 0]);
}

#[test]
fn a_holder_that_lives_keeps_it_beyond_its_time() {
    if !available() {
        return;
    }
    let place = Place::new();
    let backend = place.backend().lock_ttl(Duration::from_secs(4));
    let mut held = backend.lock(Staging, "first", Duration::ZERO).unwrap();
    let locked = backend.lock(Staging, "second", Duration::from_secs(12));
    assert!(matches!(locked, Err(BackendError::Locked { .. })));
    held.renew().unwrap();
    assert!(
        place.containers(&name(&place)).len() <= 3,
        "renewals replace each other"
    );

    // Somebody removes it by hand, and another takes it.
    docker(&["rm", &name(&place)]);
    let second = backend.lock(Staging, "second", Duration::ZERO).unwrap();
    let lost = held.renew();
    assert!(
        matches!(&lost, Err(BackendError::Locked { owner, .. }) if owner == "second"),
        "{lost:?}"
    );
    drop(held);
    assert!(
        !place.containers(&name(&place)).is_empty(),
        "it gives back its own only"
    );
    drop(second);
    assert_eq!(place.containers(&name(&place)), [""; 0]);
}

/// A lock whose holder nobody can see, such as one on a machine that is gone.
fn strange(place: &Place, seconds: u32) {
    // The image is there once somebody had a lock.
    drop(place.backend().lock(Staging, "me", Duration::ZERO).unwrap());
    let project = format!("idp.lock.project={}", place.project(Staging));
    docker(&[
        "container",
        "create",
        "--name",
        &name(place),
        "--label",
        &project,
        "--label",
        "idp.lock.owner=a stranger",
        "--label",
        &format!("idp.lock.seconds={seconds}"),
        "--label",
        "idp.lock.holder=0-0/pid:[1]/0/1/1",
        "idp-lock:1",
        "/never-started",
    ]);
}

#[test]
fn one_that_nobody_renews_expires() {
    if !available() {
        return;
    }
    let place = Place::new();
    strange(&place, 3);
    let locked = place.backend().lock(Staging, "me", Duration::ZERO).err();
    let Some(BackendError::Locked {
        owner, remaining, ..
    }) = locked
    else {
        panic!("{locked:?}");
    };
    assert_eq!(owner, "a stranger");
    assert!((1..=6).contains(&remaining), "{remaining}");
    place
        .backend()
        .lock(Staging, "me", Duration::from_secs(20))
        .unwrap();
}

#[test]
fn many_who_find_it_expired_take_turns() {
    if !available() {
        return;
    }
    let place = Place::new();
    strange(&place, 0);
    let (holders, turns) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let held = place
                    .backend()
                    .lock(Staging, "one of many", Duration::from_mins(1));
                let held = held.unwrap();
                assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0, "two at once");
                turns.fetch_add(1, Ordering::SeqCst);
                // Longer than it takes to break a lock.
                thread::sleep(Duration::from_secs(1));
                holders.fetch_sub(1, Ordering::SeqCst);
                drop(held);
            });
        }
    });
    assert_eq!(turns.load(Ordering::SeqCst), 6);
}

#[test]
fn a_name_that_something_else_has_is_told() {
    if !available() {
        return;
    }
    let place = Place::new();
    drop(place.backend().lock(Staging, "me", Duration::ZERO).unwrap());
    docker(&[
        "container",
        "create",
        "--name",
        &name(&place),
        "idp-lock:1",
        "/x",
    ]);
    let error = place.backend().lock(Staging, "me", Duration::ZERO).err();
    let Some(BackendError::Unreachable(text)) = error else {
        panic!("{error:?}");
    };
    assert!(
        text.contains(&format!("docker rm {}", name(&place))),
        "{text}"
    );
}

#[test]
fn it_needs_no_image_from_anywhere() {
    if !available() {
        return;
    }
    // Others of these tests may hold a lock of it just now; then it stays, and this shows nothing new.
    perhaps(&["image", "rm", "idp-lock:1"]);
    drop(
        Place::new()
            .backend()
            .lock(Staging, "me", Duration::ZERO)
            .unwrap(),
    );
    docker(&["image", "inspect", "idp-lock:1"]);
}
