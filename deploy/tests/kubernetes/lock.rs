//! The Lease: one holder at a time, by the server's clock, which is an hour ahead here.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use deploy::backend::{Backend, BackendError};
use deploy::names::Environment::Staging;

use crate::support::Cluster;

#[test]
fn one_holder_at_a_time() {
    let Some(cluster) = Cluster::of("lock::one_holder_at_a_time") else {
        return;
    };
    let backend = cluster.backend().lock_ttl(Duration::from_secs(8));
    let mut first = backend.lock(Staging, "first", Duration::ZERO).unwrap();
    first.renew().unwrap();
    // Longer than it holds without a renewal.
    let second = backend.lock(Staging, "second", Duration::from_secs(13));
    match second.err() {
        Some(BackendError::Locked {
            owner, remaining, ..
        }) => {
            assert_eq!(owner, "first");
            assert!((1..=10).contains(&remaining), "{remaining}");
        }
        other => panic!("{other:?}"),
    }
    drop(first);
    assert!(
        !cluster.get("lease").contains("holderIdentity"),
        "it is given back"
    );
    let began = Instant::now();
    drop(backend.lock(Staging, "second", Duration::ZERO).unwrap());
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// A Lease whose holder nobody can see.
fn strange(cluster: &Cluster, renewed: &str, seconds: u32) {
    cluster.set("version", "7");
    cluster.set(
        "lease",
        &format!(
            r#"{{"metadata":{{"resourceVersion":"7","name":"idp-lock-shop","annotations":{{"idp-lite/holder":"0-0/pid:[1]/0/1/1"}}}},
            "spec":{{"holderIdentity":"a stranger","leaseDurationSeconds":{seconds},"renewTime":"{renewed}"}}}}"#
        ),
    );
}

#[test]
fn one_that_expired_is_replaced_by_one_of_many_at_a_time() {
    let Some(cluster) = Cluster::of("lock::one_that_expired_is_replaced_by_one_of_many_at_a_time")
    else {
        return;
    };
    strange(&cluster, "2026-01-01T00:00:00.000000Z", 10);
    let (holders, turns) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let held = cluster
                    .backend()
                    .lock(Staging, "one of many", Duration::from_mins(1));
                let held = held.unwrap();
                assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0, "two at once");
                turns.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(200));
                holders.fetch_sub(1, Ordering::SeqCst);
                drop(held);
            });
        }
    });
    assert_eq!(turns.load(Ordering::SeqCst), 4);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the clock that is not to count is the one that it sets against the server's"
)]
fn this_machine_s_clock_counts_for_nothing() {
    let Some(cluster) = Cluster::of("lock::this_machine_s_clock_counts_for_nothing") else {
        return;
    };
    // By this machine's clock it has just been renewed, by the server's it expired an hour ago.
    let now = humantime::format_rfc3339_micros(std::time::SystemTime::now()).to_string();
    strange(&cluster, &now, 60);
    drop(
        cluster
            .backend()
            .lock(Staging, "me", Duration::ZERO)
            .unwrap(),
    );

    // And the other way round.
    cluster.set("ahead", "-3600");
    let then = std::time::SystemTime::now() - Duration::from_hours(1);
    strange(
        &cluster,
        &humantime::format_rfc3339_micros(then).to_string(),
        60,
    );
    let locked = cluster.backend().lock(Staging, "me", Duration::ZERO).err();
    assert!(
        matches!(&locked, Some(BackendError::Locked { owner, remaining: 50..=62, .. }) if owner == "a stranger"),
        "{locked:?}"
    );
}

#[test]
fn one_that_was_lost_is_noticed_and_left_alone() {
    let Some(cluster) = Cluster::of("lock::one_that_was_lost_is_noticed_and_left_alone") else {
        return;
    };
    let mut held = cluster
        .backend()
        .lock(Staging, "me", Duration::ZERO)
        .unwrap();
    strange(&cluster, "2026-01-01T00:00:00.000000Z", 10);
    let lost = held.renew();
    assert!(
        matches!(&lost, Err(BackendError::Locked { owner, .. }) if owner == "a stranger"),
        "{lost:?}"
    );
    drop(held);
    assert!(
        cluster.get("lease").contains("a stranger"),
        "it gives back its own only"
    );
}
