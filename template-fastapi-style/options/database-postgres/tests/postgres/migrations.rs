//! Migrations: once, however many start; and what a database that is behind, ahead or different means.

use std::time::Duration;

use sqlx::migrate::Migrate;
use sqlx::{Connection, Executor, PgConnection};
use tokio::time::sleep;

use crate::server::database;
use crate::support::{are, becomes, look, service};

async fn applied(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE success");
    count.fetch_one(&mut connection).await.unwrap()
}

fn files() -> i64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.filter(|file| file.as_ref().unwrap().file_name() != "README.md");
    files.count().try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_that_start_at_once_all_become_ready() {
    let url = database().await;
    let starting: Vec<_> = (0..6)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { service(&url, &[]).await })
        })
        .collect();
    for service in starting {
        becomes(&service.await.unwrap(), 200).await;
    }
    assert_eq!(applied(&url).await, files());
}

#[tokio::test]
async fn a_version_that_was_rolled_back_runs_on_a_database_that_is_ahead() {
    let url = database().await;
    becomes(&service(&url, &[]).await, 200).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let ahead = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of a later version', true, '\\x00', 1)";
    connection.execute(ahead).await.unwrap();
    becomes(&service(&url, &[]).await, 200).await;
}

#[tokio::test]
async fn what_can_not_be_migrated_is_not_ready_and_recovers_when_it_is_mended() {
    let url = database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    // Somebody else's: none of the migrations' columns fit.
    let table = "CREATE TABLE _sqlx_migrations (version bigint)";
    connection.execute(table).await.unwrap();
    let broken = service(&url, &[]).await;
    let body = becomes(&broken, 503).await;
    assert_eq!(body["checks"]["database"]["status"], "fail");
    assert_eq!(look(&broken, "/health/live").await.0, 200);
    // It has tried by then, many times over.
    for _ in 0..50 {
        assert_eq!(look(&broken, "/sleep/0").await.0, 503);
        sleep(Duration::from_millis(20)).await;
    }

    connection
        .execute("DROP TABLE _sqlx_migrations")
        .await
        .unwrap();
    becomes(&broken, 200).await;
}

#[tokio::test]
async fn an_instance_that_lacks_nothing_does_not_wait_for_one_that_migrates() {
    let url = database().await;
    becomes(&service(&url, &[]).await, 200).await;
    let mut later = PgConnection::connect(&url).await.unwrap();
    later.lock().await.unwrap();
    becomes(&service(&url, &[]).await, 200).await;
    later.close().await.unwrap();
}

/// What waits for a lock keeps everybody waiting who comes after it. Here it is the table of migrations that waits, since
/// that is there whatever the migrations are.
#[tokio::test]
async fn a_migration_does_not_go_on_waiting_for_its_lock() {
    const WAITS: &str = "wait_event = 'transactionid'";
    // Either the server gives up, where the service would not, or the service does, and the server with it.
    for limit in ["1h", "200ms"] {
        let url = database().await;
        let mut holder = PgConnection::connect(&url).await.unwrap();
        let mut holds = holder.begin().await.unwrap();
        let table = "CREATE TABLE _sqlx_migrations (version bigint)";
        holds.execute(table).await.unwrap();
        let mut onlooker = PgConnection::connect(&url).await.unwrap();
        let service = service(&url, &[("APP__DATABASE__MIGRATION_TIMEOUT", limit)]).await;
        are(&mut onlooker, 1, WAITS).await;
        are(&mut onlooker, 0, WAITS).await;
        assert_eq!(look(&service, "/health/ready").await.0, 503);
    }
}
