//! Reads the parts of a form.

use std::error::Error;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::asked::{unlimited, whole};
use super::form::Upload;
use crate::error::ApiError;

/// A form as it was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) texts: Vec<(String, String)>,
    pub(super) files: Vec<(String, Upload)>,
}

/// Reads a form. What is declared as something else holds no fields, as in FastAPI.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Sent, ApiError> {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::to_str);
    let kind = kind.and_then(Result::ok).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let bytes = whole(body).await?;
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let texts = form_urlencoded::parse(&bytes).into_owned().collect();
        return Ok(Sent {
            texts,
            ..Sent::default()
        });
    }
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        return Ok(Sent::default());
    }
    let request = Request::builder().header(CONTENT_TYPE, kind);
    let request = request
        .body(Body::from(bytes))
        .map_err(|_| ApiError::Unreadable)?;
    let parts = Multipart::from_request(unlimited(request), &()).await;
    let parts = parts.map_err(|_| invalid("Missing boundary in multipart."))?;
    read_parts(parts)
        .await
        .map_err(|_| invalid("Invalid multipart data."))
}

async fn read_parts(mut parts: Multipart) -> Result<Sent, Box<dyn Error + Send + Sync>> {
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let filename = part.file_name().map(str::to_owned);
        let content_type = part.content_type().map(str::to_owned);
        let bytes = part.bytes().await?;
        match filename {
            None => sent.texts.push((name, String::from_utf8(bytes.into())?)),
            // What a browser sends where no file was chosen.
            Some(filename) if filename.is_empty() && bytes.is_empty() => {}
            Some(filename) => {
                let file = Upload {
                    filename,
                    content_type,
                    bytes,
                };
                sent.files.push((name, file));
            }
        }
    }
    Ok(sent)
}

fn invalid(detail: &str) -> ApiError {
    ApiError::http(StatusCode::BAD_REQUEST, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(kind: &'static str, body: impl Into<Body>) -> Result<Sent, String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let sent = read(&headers, body.into()).await;
        sent.map_err(|error| error.to_string())
    }

    const KIND: &str = "Multipart/Form-Data; boundary=b";

    #[tokio::test]
    async fn texts_and_files_are_told_apart() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nCaf\u{e9}\r\n\
            --b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n\
            --b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n1\r\n--b--\r\n";
        let sent = sent(KIND, body).await.unwrap();
        assert_eq!(sent.texts, [("t".into(), "Caf\u{e9}".into())]);
        let [(name, file)] = sent.files.as_slice() else {
            panic!("a file that was not chosen is none: {:?}", sent.files);
        };
        assert_eq!((name.as_str(), file.filename.as_str()), ("f", "a.png"));
        assert_eq!(file.content_type.as_deref(), Some("image/png"));
        assert_eq!(file.bytes, "1");
    }

    #[tokio::test]
    async fn a_file_may_be_larger_than_axum_takes_by_itself() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n";
        let body = format!("{head}{}\r\n--b--\r\n", "x".repeat(3 << 20));
        assert_eq!(
            sent(KIND, body).await.unwrap().files[0].1.bytes.len(),
            3 << 20
        );
    }

    #[tokio::test]
    async fn what_is_broken_is_refused() {
        let part = "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nx";
        let invalid = "400 Bad Request: \"Invalid multipart data.\"";
        assert_eq!(sent(KIND, part).await.unwrap_err(), invalid);
        let missing = "400 Bad Request: \"Missing boundary in multipart.\"";
        assert_eq!(
            sent("multipart/form-data", part).await.unwrap_err(),
            missing
        );
    }

    #[tokio::test]
    async fn other_kinds_hold_texts_or_nothing() {
        let sent_urlencoded = sent("application/x-www-form-urlencoded", "a=1&b=%20").await;
        let texts = [("a".into(), "1".into()), ("b".into(), " ".into())];
        assert_eq!(sent_urlencoded.unwrap().texts, texts);
        assert!(
            sent("application/json", "{}")
                .await
                .unwrap()
                .texts
                .is_empty()
        );
    }
}
