//! The candidate beside the running version: what is not ready changes nothing.

use std::time::{Duration, Instant};

use deploy::backend::{Backend, BackendError};
use deploy::names::Environment::Staging;

use crate::support::docker::{available, docker};
use crate::support::load::Outcome;
use crate::support::{Behaviour, Load, Place, shop};

/// Deploys what is wrong over what is good, and holds that nobody noticed. Gives the error.
fn refused(behaviour: Behaviour, within: Duration) -> String {
    let (good, bad) = (shop('1', Behaviour::Good), shop('3', behaviour));
    let place = Place::new();
    let backend = place.backend();
    backend.deploy(Staging, &good.image).unwrap();
    let before = docker(&[
        "inspect",
        "--format",
        "{{.Id}} {{.State.StartedAt}}",
        &place.only(Staging),
    ]);

    let load = Load::on(place.address);
    let refused = backend.ready_within(within).deploy(Staging, &bad.image);
    let seen = load.stop();
    let backend = place.backend();

    assert!(
        matches!(refused, Err(BackendError::NotReady(_))),
        "{refused:?}"
    );
    assert!(seen.all().count() > 100);
    for request in seen.all() {
        let answered = matches!(&request.outcome, Outcome::Answered(body) if body.contains(good.commit.as_str()));
        assert!(answered, "{request:?}");
    }
    assert_eq!(place.containers("candidate"), [""; 0], "it is removed");
    let after = docker(&[
        "inspect",
        "--format",
        "{{.Id}} {{.State.StartedAt}}",
        &place.only(Staging),
    ]);
    assert_eq!(before, after);
    assert_eq!(backend.running(Staging).unwrap(), Some(good.image.digest));
    backend.verify(Staging, &good.commit).unwrap();
    let error = refused.unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn never_ready() {
    if !available() {
        return;
    }
    let began = Instant::now();
    let error = refused(Behaviour::NeverReady, Duration::from_secs(5));
    assert!(
        error.contains("not ready") && error.contains("not touched"),
        "{error}"
    );
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[test]
fn another_commit_than_its_label_says() {
    if !available() {
        return;
    }
    let error = refused(Behaviour::Lies, Duration::from_secs(5));
    assert!(error.contains("another commit"), "{error}");
}

#[test]
fn dies_as_soon_as_it_was_ready() {
    if !available() {
        return;
    }
    // It is not waited for to the end.
    let error = refused(Behaviour::Dies(1200), Duration::from_mins(10));
    assert!(error.contains("exit code 1"), "{error}");
}

#[test]
fn dies_later() {
    if !available() {
        return;
    }
    let (good, bad) = (shop('1', Behaviour::Good), shop('4', Behaviour::Dies(7000)));
    let place = Place::with_restart("no");
    let backend = place.backend();
    backend.deploy(Staging, &bad.image).unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while backend.running(Staging).unwrap().is_some() {
        assert!(Instant::now() < until, "it does not die");
        std::thread::sleep(Duration::from_millis(100));
    }
    let verified = backend.verify(Staging, &bad.commit);
    assert!(
        matches!(verified, Err(BackendError::NotReady(_))),
        "{verified:?}"
    );
    backend.deploy(Staging, &good.image).unwrap();
    backend.verify(Staging, &good.commit).unwrap();
}

#[test]
fn a_database_is_there_first_and_shared() {
    if !available() {
        return;
    }
    let (one, two) = (shop('1', Behaviour::Good), shop('2', Behaviour::Good));
    let place = Place::new();
    // Stands for PostgreSQL: an image with a health check that takes a while.
    place.add(&format!(
        "    depends_on: [staging-postgres]\n  staging-postgres:\n    profiles: [staging]\n    image: {}\n    \
         healthcheck: {{ test: [CMD, /app/shop, healthcheck], interval: 1s }}\n",
        one.image
    ));
    let backend = place.backend();
    backend.deploy(Staging, &one.image).unwrap();
    let database = || {
        let name = place.containers("staging-postgres");
        assert_eq!(name.len(), 1, "{name:?}");
        docker(&[
            "inspect",
            "--format",
            "{{.Id}} {{.State.StartedAt}} {{.State.Health.Status}}",
            &name[0],
        ])
    };
    let first = database();
    assert!(first.ends_with(" healthy"), "{first}");
    backend.deploy(Staging, &two.image).unwrap();
    assert_eq!(first, database(), "it is left alone");
}
