//! axum's extractors with our errors: what a client sent wrongly arrives as an [`ApiError`].

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::ApiError;

/// A JSON body, in or out. One that comes in is an object: a list could never get another field. Where it is to be a
/// list all the same, take `axum::Json`.
pub struct Json<T>(pub T);

/// The variable parts of a path.
pub struct Path<T>(pub T);

/// The query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let request = request.map(Whole::of);
        let axum::Json(Object(body)) = axum::Json::from_request(request, state)
            .await
            .map_err(refused_body)?;
        Ok(Self(body))
    }
}

/// A body in one piece, which takes the memory that its bytes take: pieces of a byte each would take a hundred times as
/// much until all are there.
struct Whole {
    /// None once it has ended.
    body: Option<Body>,
    read: Vec<u8>,
}

impl Whole {
    fn of(body: Body) -> Body {
        Body::new(Self {
            body: Some(body),
            read: Vec::new(),
        })
    }
}

impl HttpBody for Whole {
    type Data = Bytes;
    // What was wrong itself: axum looks only so deep to find that a body is too large.
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Self { body, read } = &mut *self;
        while let Some(more) = body.as_mut() {
            match ready!(Pin::new(&mut *more).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    let Ok(piece) = frame.into_data() else {
                        continue;
                    };
                    // So it is with nearly every body, and then there is nothing to gather.
                    if read.is_empty() && more.is_end_stream() {
                        *body = None;
                        return Poll::Ready(Some(Ok(Frame::data(piece))));
                    }
                    read.extend_from_slice(&piece);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into_inner()))),
                None => *body = None,
            }
        }
        let read = std::mem::take(read);
        Poll::Ready((!read.is_empty()).then(|| Ok(Frame::data(read.into()))))
    }
}

/// serde takes a list of its fields for a struct. Here only an object is one.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

fn refused_body(rejection: JsonRejection) -> ApiError {
    match rejection {
        JsonRejection::JsonDataError(error) => ApiError::Unprocessable(text(&error)),
        JsonRejection::JsonSyntaxError(error) => ApiError::BadRequest(text(&error)),
        JsonRejection::MissingJsonContentType(_) => ApiError::UnsupportedMediaType,
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
        _ => ApiError::BadRequest("the body could not be read to its end".into()),
    }
}

/// The parser's own words (`quantity: invalid type: …`): they speak of the client's text alone, of which they may quote
/// any amount.
fn text(error: &dyn std::error::Error) -> String {
    let text = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    text.chars().take(300).collect()
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        let axum::extract::Path(path) = path.map_err(|_: PathRejection| {
            ApiError::Unprocessable("a part of the path has the wrong form".into())
        })?;
        Ok(Self(path))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        let axum::extract::Query(query) =
            query.map_err(|rejection: QueryRejection| ApiError::Unprocessable(text(&rejection)))?;
        Ok(Self(query))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        // Room for an answer of usual size: `to_vec` begins with a quarter of it, and growing costs a copy.
        let mut body = Vec::with_capacity(512);
        if let Err(error) = serde_json::to_writer(&mut body, &self.0) {
            return ApiError::Internal(error.into()).into_response();
        }
        let mut response = Response::new(Body::from(body));
        // Room for what the platform adds, at once: making it later costs more than all of these headers.
        *response.headers_mut() = HeaderMap::with_capacity(8);
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

#[cfg(test)]
mod tests {
    use serde::ser::Error;

    use super::*;

    #[test]
    fn what_cannot_be_written_is_an_error_of_ours() {
        struct Unwritable;
        impl Serialize for Unwritable {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(S::Error::custom("inner text"))
            }
        }
        let response = Json(Unwritable).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!response.headers().contains_key(CONTENT_TYPE));
        let response = Json([1, 2]).into_response();
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    }
}
