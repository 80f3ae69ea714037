//! A server that is not there, stops, hangs, is slow or is full: the service stays alive, says so, and recovers by itself.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::time::timeout;

use crate::proxy::{Proxy, Way};
use crate::server::database;
use crate::support::{PATIENCE, are, becomes, look, service};

/// More than any wait in these tests has a reason to take, and less than what the settings make endless.
const BOUND: Duration = Duration::from_secs(20);
const ASLEEP: &str = "wait_event = 'PgSleep'";
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

#[tokio::test]
async fn work_whose_client_left_ends_at_the_server_too() {
    // Nothing else ends it.
    let settings = [("APP__DATABASE__STATEMENT_TIMEOUT", "1h")];
    let url = database().await;
    let service = service(&url, &settings).await;
    becomes(&service, 200).await;
    let mut onlooker = PgConnection::connect(&url).await.unwrap();
    tokio::select! {
        _ = look(&service, "/sleep/3600") => panic!("it slept"),
        () = are(&mut onlooker, 1, ASLEEP) => {}
    }
    are(&mut onlooker, 0, ASLEEP).await;
}

#[tokio::test]
async fn a_full_pool_brings_no_further_connections_to_the_server() {
    let settings = [
        ("APP__DATABASE__MAX_CONNECTIONS", "1"),
        ("APP__DATABASE__ACQUIRE_TIMEOUT", "150ms"),
    ];
    let url = database().await;
    let (proxy, over_proxy) = Proxy::to(&url, Way::Open).await;
    let service = service(&over_proxy, &settings).await;
    becomes(&service, 200).await;
    let mut onlooker = PgConnection::connect(&url).await.unwrap();
    let meanwhile = async {
        are(&mut onlooker, 1, ASLEEP).await;
        let before = proxy.taken();
        // Readiness shares answers for half a second: this many take longer.
        for _ in 0..5 {
            assert_eq!(look(&service, "/sleep/0").await.0, 503);
        }
        assert_eq!(look(&service, "/health/ready").await.0, 200);
        assert_eq!(proxy.taken(), before);
    };
    tokio::select! {
        _ = look(&service, "/sleep/3") => panic!("it slept for less than that takes"),
        () = meanwhile => {}
    }
}

#[tokio::test]
async fn who_may_not_connect_any_more_goes_on_with_the_connections_that_are_open() {
    let settings = [("APP__DATABASE__MAX_CONNECTIONS", "2")];
    let url = database().await;
    let user = format!("leaves_{}", uuid::Uuid::now_v7().simple());
    let mut owner = PgConnection::connect(&url).await.unwrap();
    let create = format!("CREATE ROLE {user} LOGIN PASSWORD 'tests' IN ROLE CURRENT_USER");
    owner.execute(AssertSqlSafe(create)).await.unwrap();
    let mut own: ::url::Url = url.parse().unwrap();
    own.set_username(&user).unwrap();
    own.set_password(Some("tests")).unwrap();
    let service = service(own.as_str(), &settings).await;
    becomes(&service, 200).await;
    let meanwhile = async {
        are(&mut owner, 1, ASLEEP).await;
        let leave = format!("ALTER ROLE {user} NOLOGIN");
        owner.execute(AssertSqlSafe(leave)).await.unwrap();
        // The one that is open is taken: this wants another.
        look(&service, "/sleep/0").await.0
    };
    let (slept, refused) = tokio::join!(look(&service, "/sleep/1"), meanwhile);
    assert_eq!((slept.0, refused), (200, 503));
    assert_eq!(look(&service, "/health/ready").await.0, 200);
    // A connection is back in its pool a moment after its work's answer; until then this wants another, too.
    let served = async { while look(&service, "/sleep/0").await.0 != 200 {} };
    timeout(PATIENCE, served).await.unwrap();
    // It owns tables, and goes with them.
    let drop = format!("REASSIGN OWNED BY {user} TO CURRENT_USER; DROP ROLE {user}");
    owner.execute(AssertSqlSafe(drop)).await.unwrap();
}
