//! A server that is not there, stops, hangs, is slow or is full: the service stays alive, says so, and recovers by itself.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use crate::proxy::{Proxy, Way};
use crate::server::database;
use crate::support::{becomes, look, service};

/// More than any wait in these tests has a reason to take, and less than what the settings make endless.
const BOUND: Duration = Duration::from_secs(20);
const QUICK: [(&str, &str); 2] = [
    ("APP__DATABASE__CONNECT_TIMEOUT", "300ms"),
    ("APP__DATABASE__READINESS_TIMEOUT", "300ms"),
];

#[tokio::test]
async fn a_server_that_comes_late_is_waited_for() {
    let (proxy, url) = Proxy::to(&database().await, Way::Shut).await;
    let service = service(&url, &[]).await;
    let body = becomes(&service, 503).await;
    assert_eq!(body["checks"]["database"]["status"], "fail");
    assert_eq!(look(&service, "/health/live").await.0, 200);
    let (status, body) = look(&service, "/sleep/0").await;
    assert_eq!(status, 503);
    assert!(!body.to_string().contains("connect"), "{body}");

    proxy.is(Way::Open).await;
    let body = becomes(&service, 200).await;
    assert_eq!(body["checks"]["database"]["status"], "pass");
    assert_eq!(look(&service, "/sleep/0").await.0, 200);
}

#[tokio::test]
async fn a_server_that_stops_is_noticed_without_waiting_for_a_time_out() {
    let (proxy, url) = Proxy::to(&database().await, Way::Open).await;
    // Whoever waits for a time-out here waits too long.
    let endless = [("APP__DATABASE__ACQUIRE_TIMEOUT", "1h")];
    let service = service(&url, &endless).await;
    for _ in 0..2 {
        becomes(&service, 200).await;
        assert_eq!(look(&service, "/sleep/0").await.0, 200);
        proxy.is(Way::Shut).await;
        let began = Instant::now();
        // The first one finds out, the second one is told.
        for _ in 0..2 {
            assert_eq!(look(&service, "/sleep/0").await.0, 503);
        }
        assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
        let body = becomes(&service, 503).await;
        assert_eq!(body["checks"]["database"]["status"], "fail");
        assert_eq!(look(&service, "/health/live").await.0, 200);
        proxy.is(Way::Open).await;
    }
    becomes(&service, 200).await;
    assert_eq!(look(&service, "/sleep/0").await.0, 200);
}

#[tokio::test]
async fn a_server_that_hangs_is_bounded_and_what_hung_is_not_used_again() {
    let (proxy, url) = Proxy::to(&database().await, Way::Open).await;
    let mut settings = QUICK.to_vec();
    settings.extend([
        ("APP__DATABASE__MAX_CONNECTIONS", "2"),
        ("APP__DATABASE__ACQUIRE_TIMEOUT", "300ms"),
        ("APP__DATABASE__STATEMENT_TIMEOUT", "1s"),
    ]);
    let service = service(&url, &settings).await;
    becomes(&service, 200).await;
    // All connections of the pool are in the middle of a statement when the server hangs.
    let (one, other) = (look(&service, "/sleep/0.5"), look(&service, "/sleep/0.5"));
    let hang = async {
        tokio::task::yield_now().await;
        proxy.is(Way::Swallowed).await;
    };
    let (one, other, ()) = tokio::join!(one, other, hang);
    assert_eq!((one.0, other.0), (503, 503));
    assert_eq!(look(&service, "/sleep/0").await.0, 503);
    becomes(&service, 503).await;
    proxy.is(Way::Open).await;
    becomes(&service, 200).await;
    for _ in 0..4 {
        assert_eq!(look(&service, "/sleep/0").await.0, 200);
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_by_the_server() {
    let settings = [
        ("APP__DATABASE__MAX_CONNECTIONS", "1"),
        ("APP__DATABASE__STATEMENT_TIMEOUT", "100ms"),
    ];
    let url = database().await;
    let service = service(&url, &settings).await;
    becomes(&service, 200).await;
    let mut onlooker = PgConnection::connect(&url).await.unwrap();
    for _ in 0..2 {
        assert_eq!(look(&service, "/sleep/600").await.0, 503);
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        let asleep = sqlx::query_scalar::<_, i64>(asleep).fetch_one(&mut onlooker);
        assert_eq!(asleep.await.unwrap(), 0);
        assert_eq!(look(&service, "/sleep/0").await.0, 200);
    }
    assert_eq!(look(&service, "/health/ready").await.0, 200);
}

#[tokio::test]
async fn a_pool_that_is_busy_is_not_taken_for_a_server_that_is_down() {
    // Longer than readiness shares an answer.
    let settings = [
        ("APP__DATABASE__MAX_CONNECTIONS", "1"),
        ("APP__DATABASE__ACQUIRE_TIMEOUT", "700ms"),
    ];
    let service = service(&database().await, &settings).await;
    becomes(&service, 200).await;
    let meanwhile = async {
        let refused = look(&service, "/sleep/0").await;
        (refused.0, look(&service, "/health/ready").await.0)
    };
    let (busy, meanwhile) = tokio::join!(look(&service, "/sleep/4"), meanwhile);
    assert_eq!((busy.0, meanwhile), (200, (503, 200)));
}

#[tokio::test]
async fn work_whose_client_left_does_not_keep_its_connection() {
    let settings = [("APP__DATABASE__MAX_CONNECTIONS", "1")];
    let service = service(&database().await, &settings).await;
    becomes(&service, 200).await;
    let left = tokio::time::timeout(Duration::from_millis(100), look(&service, "/sleep/4"));
    assert!(left.await.is_err());
    // The pool has room for one: it would wait for the rest of the answer, longer than this one waits for it.
    assert_eq!(look(&service, "/sleep/0").await.0, 200);
}
