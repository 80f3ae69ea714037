//! The example resource.

use serde_json::json;
use service::app;

use crate::support::{backed, json as send_json, request, send, with};

const ITEMS: &str = "/api/v1/items";

#[tokio::test]
async fn an_item_lives_and_dies() {
    let service = backed().await;
    let created = send(
        &service,
        send_json("POST", ITEMS, r#"{"name":"bolt","quantity":3}"#),
    )
    .await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["version"], 1);
    let place = created.header("location").to_owned();
    assert_eq!(
        place,
        format!("{ITEMS}/{}", created.body["id"].as_str().unwrap())
    );

    let read = send(&service, request("GET", &place)).await;
    assert_eq!((read.status.as_u16(), read.header("etag")), (200, "\"1\""));
    assert_eq!(read.body, created.body);

    let change = || send_json("PUT", &place, r#"{"name":"nut","quantity":4}"#);
    send(&service, change()).await.is_problem(428);
    send(&service, with(change(), "if-match", "\"9\""))
        .await
        .is_problem(412);
    send(&service, with(change(), "if-match", "W/\"1\""))
        .await
        .is_problem(412);
    let changed = send(&service, with(change(), "if-match", "\"7\", \"1\"")).await;
    assert_eq!(
        (changed.status.as_u16(), changed.header("etag")),
        (200, "\"2\"")
    );
    assert_eq!(changed.body["name"], "nut");
    assert_eq!(changed.body["created_at"], created.body["created_at"]);
    send(&service, with(change(), "if-match", "\"1\""))
        .await
        .is_problem(412);

    send(
        &service,
        with(request("DELETE", &place), "if-match", "\"1\""),
    )
    .await
    .is_problem(412);
    assert_eq!(send(&service, request("DELETE", &place)).await.status, 204);
    for gone in [
        request("GET", &place),
        request("DELETE", &place),
        with(change(), "if-match", "*"),
    ] {
        send(&service, gone).await.is_problem(404);
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_that_miss_and_repeat_nothing() {
    let service = backed().await;
    for number in 0..5 {
        let body = json!({ "name": format!("item {number}"), "quantity": number }).to_string();
        assert_eq!(
            send(&service, send_json("POST", ITEMS, &body)).await.status,
            201
        );
    }
    let mut seen = Vec::new();
    let mut next = format!("{ITEMS}?limit=2");
    loop {
        let page = send(&service, request("GET", &next)).await;
        assert_eq!(page.status, 200);
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["quantity"].as_u64().unwrap()));
        let Some(cursor) = page.body["next_cursor"].as_str() else {
            break;
        };
        next = format!("{ITEMS}?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let service = backed().await;
    let long = "x".repeat(121);
    let bodies = [
        (422, r#"{"name":"#.to_owned()),
        (422, String::new()),
        (422, "[]".to_owned()),
        (422, r#"["a",1]"#.to_owned()),
        (422, r#"{"name":"a"}"#.to_owned()),
        (422, r#"{"name":"","quantity":1}"#.to_owned()),
        (422, json!({ "name": long, "quantity": 1 }).to_string()),
        (422, r#"{"name":"a","quantity":-1}"#.to_owned()),
        (422, r#"{"name":"a","quantity":1000001}"#.to_owned()),
        (422, r#"{"name":"a","quantity":"one"}"#.to_owned()),
        (422, r#"{"name":"a\u0000","quantity":1}"#.to_owned()),
        (
            422,
            r#"{"name":"a","quantity":1,"colour":"red"}"#.to_owned(),
        ),
        (422, json!({ &long.repeat(9): 1 }).to_string()),
    ];
    for (status, body) in bodies {
        let refused = send(&service, send_json("POST", ITEMS, &body)).await;
        refused.is_problem(status);
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "cursor=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    ] {
        send(&service, request("GET", &format!("{ITEMS}?{query}")))
            .await
            .is_problem(422);
    }
    send(&service, request("GET", &format!("{ITEMS}/no-uuid")))
        .await
        .is_problem(422);
}

#[tokio::test]
async fn the_bounds_themselves_are_allowed() {
    let service = backed().await;
    for (name, quantity) in [("x".to_owned(), 0), ("ü".repeat(120), 1_000_000)] {
        let body = json!({ "name": name, "quantity": quantity }).to_string();
        assert_eq!(
            send(&service, send_json("POST", ITEMS, &body)).await.status,
            201
        );
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let service = backed().await;
    let change = json!({ "name": "", "colour": "red" }).to_string();
    let refused = send(&service, send_json("PUT", &format!("{ITEMS}/7"), &change)).await;
    refused.is_problem(422);
    let problems = refused.body["detail"].as_array().unwrap();
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem["type"].as_str().unwrap(), &problem["loc"]))
        .collect();
    assert_eq!(
        told,
        [
            ("uuid_parsing", &json!(["path", "id"])),
            ("string_too_short", &json!(["body", "name"])),
            ("missing", &json!(["body", "quantity"])),
            ("extra_forbidden", &json!(["body", "colour"])),
        ]
    );
}

#[tokio::test]
async fn numbers_may_come_as_text() {
    let service = backed().await;
    let made = send(
        &service,
        send_json("POST", ITEMS, r#"{"name":"a","quantity":"7"}"#),
    )
    .await;
    assert_eq!(
        (made.status.as_u16(), &made.body["quantity"]),
        (201, &json!(7))
    );
}

#[test]
fn a_declaration_is_told_as_it_is_checked() {
    let document = app::api().document(app::info()).json;
    let content = &document["components"]["schemas"]["ItemContent"];
    assert_eq!(content["additionalProperties"], false);
    assert_eq!(content["required"], json!(["name", "quantity"]));
    assert_eq!(content["properties"]["name"]["maxLength"], 120);
    assert_eq!(content["properties"]["quantity"]["maximum"], 1_000_000);
    let items = &document["paths"][ITEMS];
    let create = &items["post"];
    assert_eq!(create["operationId"], "create_item_api_v1_items_post");
    assert_eq!(create["summary"], "Create Item");
    let limit = &items["get"]["parameters"][0];
    assert_eq!(
        (&limit["name"], &limit["in"]),
        (&json!("limit"), &json!("query"))
    );
    assert!(limit.get("required").is_none());
    assert_eq!(limit["schema"]["default"], 20);
}
