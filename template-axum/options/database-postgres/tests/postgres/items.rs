//! Items in the database: what only a database can get wrong. Their life is told in tests/api/items.rs.

use axum::body::Body;
use axum::http::Request;
use service::platform::edge::Edge;
use sqlx::{Connection, Executor, PgConnection};

use crate::server::database;
use crate::support::{ask, becomes, look, service};

const ITEMS: &str = "/api/v1/items";

fn write(method: &str, to: &str, tag: Option<&str>) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(to)
        .header("content-type", "application/json");
    let request = match tag {
        Some(tag) => request.header("if-match", tag),
        None => request,
    };
    request
        .body(Body::from(r#"{"name":"bolt","quantity":3}"#))
        .unwrap()
}

async fn created(service: &Edge) -> String {
    let (status, item) = ask(service, write("POST", ITEMS, None)).await;
    assert_eq!(status, 201, "{item}");
    format!("{ITEMS}/{}", item["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_change_the_same_version_one_succeeds() {
    let url = database().await;
    // Two instances: nothing in a process keeps them apart.
    let services = [service(&url, &[]).await, service(&url, &[]).await];
    for service in &services {
        becomes(service, 200).await;
    }
    let item = created(&services[0]).await;
    for version in 1..=10 {
        let tag = format!("\"{version}\"");
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let service = services[writer % 2].clone();
                let request = write("PUT", &item, Some(&tag));
                tokio::spawn(async move { ask(&service, request).await.0 })
            })
            .collect();
        let mut statuses = Vec::new();
        for writer in writers {
            statuses.push(writer.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    }
    assert_eq!(look(&services[1], &item).await.1["version"], 11);
}

#[tokio::test]
async fn an_item_outlives_the_instance_that_made_it() {
    let url = database().await;
    let first = service(&url, &[]).await;
    becomes(&first, 200).await;
    let item = created(&first).await;
    let before = look(&first, &item).await;
    drop(first);
    let second = service(&url, &[]).await;
    becomes(&second, 200).await;
    assert_eq!(look(&second, &item).await, before);
}

#[tokio::test]
async fn versions_that_no_item_can_have_match_nothing() {
    let service = service(&database().await, &[]).await;
    becomes(&service, 200).await;
    let item = created(&service).await;
    for tag in ["\"18446744073709551615\"", "\"0\""] {
        assert_eq!(ask(&service, write("PUT", &item, Some(tag))).await.0, 412);
    }
    let nul = Request::post(ITEMS)
        .header("content-type", "application/json")
        .body(Body::from(r#"{"name":"a\u0000b","quantity":3}"#));
    assert_eq!(ask(&service, nul.unwrap()).await.0, 422);
}

#[tokio::test]
async fn the_table_refuses_what_the_model_refuses() {
    let url = database().await;
    becomes(&service(&url, &[]).await, 200).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    for (values, wanted) in [
        ("'', 1, 1", false),
        ("repeat('ä', 121), 1, 1", false),
        ("'a', -1, 1", false),
        ("'a', 1000001, 1", false),
        ("'a', 1, 0", false),
        ("repeat('ä', 120), 1000000, 1", true),
    ] {
        let insert = format!(
            "INSERT INTO items (id, name, quantity, version) VALUES (gen_random_uuid(), {values})"
        );
        let taken = connection.execute(sqlx::AssertSqlSafe(insert)).await;
        assert_eq!(taken.is_ok(), wanted, "{values}: {taken:?}");
    }
}
