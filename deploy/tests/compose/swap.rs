//! A version takes the place of another.

use deploy::backend::{Backend, BackendError};
use deploy::names::Commit;
use deploy::names::Environment::{Dev, Staging};

use crate::support::docker::{available, docker};
use crate::support::load::{Outcome, gap};
use crate::support::{Behaviour, Load, Place, shop};

#[test]
fn the_first_and_the_next() {
    if !available() {
        return;
    }
    let (one, two) = (shop('1', Behaviour::Good), shop('2', Behaviour::Good));
    let place = Place::new();
    let backend = place.backend();
    assert_eq!(backend.running(Staging).unwrap(), None);
    let nothing = backend.verify(Staging, &one.commit);
    assert!(
        matches!(nothing, Err(BackendError::NotReady(_))),
        "{nothing:?}"
    );

    backend.deploy(Staging, &one.image).unwrap();
    assert_eq!(backend.running(Staging).unwrap(), Some(one.image.digest));
    backend.verify(Staging, &one.commit).unwrap();
    let other = backend
        .verify(Staging, &two.commit)
        .unwrap_err()
        .to_string();
    assert!(other.contains("another commit"), "{other}");
    assert_eq!(
        backend.running(Dev).unwrap(),
        None,
        "it is another environment"
    );

    let load = Load::on(place.address);
    backend.deploy(Staging, &two.image).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let seen = load.stop();
    assert_eq!(backend.running(Staging).unwrap(), Some(two.image.digest));
    backend.verify(Staging, &two.commit).unwrap();
    assert_eq!(
        place.containers("-staging-").len(),
        1,
        "no candidate is left"
    );

    let (fresh, kept) = (gap(&seen.fresh), gap(&seen.kept));
    println!(
        "gap: {fresh:?} for new connections, {kept:?} for kept ones; {} of {} requests not answered",
        seen.away(),
        seen.all().count()
    );
    // What plain Compose costs is a second or so; ten times that is another thing.
    assert!(fresh.as_secs() < 10 && kept.as_secs() < 10);
    let says = |outcome: &Outcome, commit: &Commit| matches!(outcome, Outcome::Answered(body) if body.contains(commit.as_str()));
    for requests in [&seen.fresh, &seen.kept] {
        let last_old = requests
            .iter()
            .rposition(|r| says(&r.outcome, &one.commit))
            .unwrap();
        let first_new = requests
            .iter()
            .position(|r| says(&r.outcome, &two.commit))
            .unwrap();
        assert!(last_old < first_new, "one version at a time");
    }
}

#[test]
fn dev_runs_what_was_built_once() {
    if !available() {
        return;
    }
    let one = shop('1', Behaviour::Good);
    let place = Place::new();
    // A developer's: it has no place in an environment, and there is nothing here to build from.
    std::fs::write(place.folder.path().join(".env"), "OF_A_LAPTOP=yes\n").unwrap();
    place.backend().deploy(Dev, &one.image).unwrap();
    assert_eq!(
        place.backend().running(Dev).unwrap(),
        Some(one.image.digest.clone())
    );
    let variables = docker(&[
        "inspect",
        "--format",
        "{{json .Config.Env}}",
        &place.only(Dev),
    ]);
    assert!(variables.contains("APP_ENV=dev"), "{variables}");
    assert!(!variables.contains("OF_A_LAPTOP"), "{variables}");
}

#[test]
fn one_that_is_in_place_and_not_well_is_replaced() {
    if !available() {
        return;
    }
    let one = shop('1', Behaviour::Good);
    let place = Place::new();
    let backend = place.backend();
    backend.deploy(Staging, &one.image).unwrap();
    let first = docker(&["inspect", "--format", "{{.Id}}", &place.only(Staging)]);

    backend.deploy(Staging, &one.image).unwrap();
    let same = docker(&["inspect", "--format", "{{.Id}}", &place.only(Staging)]);
    assert_eq!(first, same, "what is well stays as it is");

    docker(&["kill", &first]);
    assert_eq!(backend.running(Staging).unwrap(), None);
    backend.deploy(Staging, &one.image).unwrap();
    let next = docker(&["inspect", "--format", "{{.Id}}", &place.only(Staging)]);
    assert_ne!(first, next);
    assert_eq!(
        backend.running(Staging).unwrap(),
        Some(one.image.digest.clone())
    );

    // Frozen: it is there, and answers nobody.
    docker(&["pause", &next]);
    assert_eq!(backend.running(Staging).unwrap(), None);
    backend.deploy(Staging, &one.image).unwrap();
    backend.verify(Staging, &one.commit).unwrap();
}
