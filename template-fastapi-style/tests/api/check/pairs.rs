//! Parts of a request that are pairs of texts: path, query, headers.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use service::api::{Api, Headers};
use service::app;
use uuid::Uuid;

use crate::support::{request, send, service, with};

/// Told as a UUID, and read as any text.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct Id(#[schemars(with = "Uuid")] String);

#[tokio::test]
async fn a_type_that_reads_more_than_it_tells_is_held_to_what_it_tells() {
    let routes = Api::new()
        .get("/own/{id}", async |Path(id): Path<Id>| id.0)
        .get("/plain/{id}", async |Path(id): Path<Uuid>| id.to_string());
    let service = service(&[], routes.unpublished()).await;
    for path in ["/own", "/plain"] {
        let refused = send(&service, request("GET", &format!("{path}/7"))).await;
        refused.is_problem(422);
        assert_eq!(refused.body["detail"][0]["type"], "uuid_parsing");
        assert_eq!(refused.body["detail"][0]["loc"], json!(["path", "id"]));
        let taken = format!("{path}/0197a1d2-0000-7000-8000-000000000000");
        assert_eq!(send(&service, request("GET", &taken)).await.status, 200);
    }
}

#[derive(Deserialize, JsonSchema)]
struct Levels {
    x_level: i64,
    #[serde(flatten)]
    others: HashMap<String, String>,
}

#[tokio::test]
async fn a_header_with_underscores_is_no_second_value_of_a_field() {
    let level = async |Headers(levels): Headers<Levels>| {
        Json(json!([levels.x_level, levels.others.get("x-other")]))
    };
    let routes = Api::new().get("/level", level);
    let service = service(&[], routes.unpublished()).await;
    let mut asked = with(request("GET", "/level"), "x-level", "5");
    asked = with(asked, "x-other", "o");
    let answer = send(&service, with(asked, "x_level", "seven")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!([5, "o"]));
}

#[tokio::test]
async fn what_has_no_named_fields_is_a_fault_of_the_declaration() {
    #[derive(Deserialize, JsonSchema)]
    struct Empty {}
    type Any = Option<HashMap<String, String>>;
    let routes = || {
        Api::new()
            .get("/any/{id}", async |_: Path<Uuid>, _: Query<Any>| {
                String::new()
            })
            .get("/empty", async |_: Query<Empty>| String::new())
    };
    let faults = routes().document(app::info()).faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("HashMap") && faults[0].contains("struct of named fields"));
    let service = service(&[], routes().unpublished()).await;
    let path = "/any/0197a1d2-0000-7000-8000-000000000000";
    send(&service, request("GET", path)).await.is_problem(422);
    assert_eq!(send(&service, request("GET", "/empty")).await.status, 200);
}
