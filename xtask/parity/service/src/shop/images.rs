//! `POST /products/{product_id}/image`: an upload.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use ring::digest::{SHA256, digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::Shop;
use crate::api::{Api, Form, Status, Upload};
use crate::error::ApiError;

const TAKEN: [&str; 2] = ["image/png", "image/jpeg"];

pub(super) fn routes() -> Api {
    Api::new()
        .post("/products/{product_id}/image", upload_image)
        .fails(&[StatusCode::NOT_FOUND, StatusCode::UNSUPPORTED_MEDIA_TYPE])
        .tag("products")
}

#[derive(Deserialize, JsonSchema)]
struct ImageIn {
    /// PNG or JPEG
    file: Upload,
    #[schemars(length(max = 80))]
    caption: Option<String>,
    #[serde(default)]
    #[schemars(range(min = 0, max = 9))]
    position: u8,
}

#[derive(JsonSchema, Serialize)]
struct ImageOut {
    filename: String,
    content_type: String,
    size: usize,
    sha256: String,
    caption: Option<String>,
    position: u8,
}

async fn upload_image(
    State(shop): State<Shop>,
    Path(product_id): Path<Uuid>,
    Form(sent): Form<ImageIn>,
) -> Result<Status<201, Json<ImageOut>>, ApiError> {
    shop.product(product_id)?;
    let file = sent.file;
    let kind = file
        .content_type
        .filter(|kind| TAKEN.contains(&kind.as_str()));
    let kind = kind.ok_or_else(|| {
        let detail = "Only PNG and JPEG images are taken";
        ApiError::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    })?;
    let sum = digest(&SHA256, &file.bytes);
    let sum = sum.as_ref().iter().map(|byte| format!("{byte:02x}"));
    Ok(Status(Json(ImageOut {
        filename: file.filename,
        content_type: kind,
        size: file.bytes.len(),
        sha256: sum.collect(),
        caption: sent.caption,
        position: sent.position,
    })))
}
