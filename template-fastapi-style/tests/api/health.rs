//! Health, on both addresses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use serde_json::json as value;
use service::platform::health::{Readiness, Verdict};
use service::platform::management;
use service::{AppState, Routes};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{backed, config, request, send};

/// A service that stands on nothing but what a test gives it.
async fn alone() -> AppState {
    let mut state = AppState::new(config(&[])).await.unwrap();
    Arc::get_mut(&mut state.0).unwrap().readiness = Readiness::default();
    state
}

#[tokio::test]
async fn a_check_that_fails_is_named_and_the_process_stays_alive() {
    let register = post(|State(state): State<AppState>| async move {
        state
            .readiness
            .register("cache", Duration::from_secs(1), || async { Ok(()) });
        state
            .readiness
            .register("database", Duration::from_secs(1), || async {
                Err("an inner text".into())
            });
        state
            .readiness
            .register("queue", Duration::ZERO, std::future::pending);
    });
    let service = service::app::router(alone().await, Routes::new().route("/register", register));
    let ready = send(&service, request("GET", "/health/ready")).await;
    assert_eq!(
        (ready.status.as_u16(), ready.body),
        (200, value!({ "status": "ready", "checks": {} }))
    );
    send(&service, request("POST", "/register")).await;
    let unready = send(&service, request("GET", "/health/ready")).await;
    let checks = value!({
        "cache": { "status": "pass" },
        "database": { "status": "fail", "detail": "failed" },
        "queue": { "status": "fail", "detail": "timed out" },
    });
    assert_eq!(unready.status, 503);
    assert_eq!(
        unready.body,
        value!({ "status": "unavailable", "checks": checks })
    );
    assert_eq!(
        send(&service, request("GET", "/health/live")).await.status,
        200
    );
}

#[tokio::test]
async fn a_dependency_that_is_half_well_is_told_of_and_the_service_stays_ready() {
    let state = alone().await;
    let half = || async { Verdict::Warn("kept an old answer".into()) };
    let limit = Duration::from_secs(1);
    state.readiness.register_verdict("cache", limit, half);
    let service = service::app::router(state, Routes::new());
    let ready = send(&service, request("GET", "/health/ready")).await;
    let checks = value!({ "cache": { "status": "warn", "detail": "kept an old answer" } });
    assert_eq!(
        (ready.status.as_u16(), ready.body),
        (200, value!({ "status": "ready", "checks": checks }))
    );
}

#[tokio::test(start_paused = true)]
async fn dependencies_do_not_feel_how_many_ask() {
    let state = alone().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    state
        .readiness
        .register("database", Duration::from_secs(1), move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::task::yield_now().await;
                Ok(())
            }
        });
    let service = service::app::router(state, Routes::new());
    for round in 1..=2 {
        let ready = || send(&service, request("GET", "/health/ready"));
        let (one, other) = tokio::join!(ready(), ready());
        assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
        assert_eq!(asked.load(Ordering::SeqCst), round);
        tokio::time::advance(Duration::from_millis(600)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_a_slow_dependency_shares_its_answer() {
    let state = alone().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let limit = Duration::from_secs(1);
    state.readiness.register("database", limit, move || {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::pending()
    });
    let service = service::app::router(state, Routes::new());
    let began = Instant::now();
    let mut probes = JoinSet::new();
    for _ in 0..5 {
        let service = service.clone();
        probes.spawn(async move { send(&service, request("GET", "/health/ready")).await });
    }
    for probe in probes.join_all().await {
        assert_eq!(probe.status, 503);
        assert_eq!(probe.body["checks"]["database"]["detail"], "timed out");
    }
    // Nobody waits for more than one round, and there is one.
    assert!(began.elapsed() < limit * 2, "{:?}", began.elapsed());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_management_address_has_health_and_nothing_of_the_public_routes() {
    let state = alone().await;
    let management = management::router(&state);
    assert_eq!(
        send(&management, request("GET", "/health/ready"))
            .await
            .status,
        200
    );
    send(&management, request("GET", "/version"))
        .await
        .is_problem(404);
    state.readiness.drain();
    let draining = send(&management, request("GET", "/health/ready")).await;
    assert_eq!(
        (draining.status.as_u16(), draining.header("connection")),
        (503, "close")
    );
    assert_eq!(draining.body["checks"]["shutdown"]["detail"], "draining");
}

#[tokio::test]
async fn a_service_with_all_that_it_stands_on_is_ready_for_traffic() {
    let ready = send(&backed().await, request("GET", "/health/ready")).await;
    assert_eq!(ready.status, 200);
    assert_eq!(ready.body["status"], "ready");
}
