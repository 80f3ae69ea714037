//! The one door for errors: what can go wrong for a client, its status, and the `{"detail": …}` it arrives in, as FastAPI
//! has it.
//!
//! A handler returns an [`ApiError`]. The platform's edge gives the errors of others the same form: axum's own (404, 405),
//! those of limits and time-outs, and panics.

use std::error::Error;

use axum::Json;
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::api::Problem;
use crate::platform::context::Context;

/// Everything a client can be told. The text is for the client; it never quotes an inner error of ours.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Any status and any detail: FastAPI's `HTTPException`. See [`ApiError::http`].
    #[error("{0}: {1}")]
    Http(StatusCode, Value),
    /// The request does not fit its declaration: all that is wrong with it.
    #[error("the request does not fit its declaration")]
    Invalid(Vec<Problem>),
    /// The body broke off, or is none that HTTP knows.
    #[error("There was an error parsing the body")]
    Unreadable,
    /// There is no bearer token, or one that is not valid.
    #[error("Not authenticated")]
    Unauthorized,
    /// The token is valid, and does not allow this.
    #[error("Forbidden")]
    Forbidden,
    /// There is no such thing.
    #[error("There is no such {0}")]
    NotFound(&'static str),
    /// The handler took longer than `server.request_timeout` and was cancelled.
    #[error("The request took too long")]
    TimedOut,
    /// `If-Match` names a version that is not the current one.
    #[error("The resource has changed since it was read: read it again")]
    PreconditionFailed,
    /// The body exceeds `server.body_limit`.
    #[error("The body is too large")]
    TooLarge,
    /// The body is not declared as JSON.
    #[error("The body must be sent as content-type: application/json")]
    UnsupportedMediaType,
    /// A change asks for `If-Match`.
    #[error("Send the version you read as If-Match")]
    PreconditionRequired,
    /// Something failed here. The source goes to the log and never to the client.
    #[error("Internal Server Error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
    /// A dependency, such as the database, does not answer. What is wrong with it goes to the log.
    #[error("Something this needs is down: try again shortly")]
    Unavailable,
    /// `server.max_in_flight` requests are being served already.
    #[error("Too many requests at once: try again shortly")]
    TooBusy,
}

impl ApiError {
    /// `raise HTTPException(status, detail)`: the detail is a text, or whatever serialises.
    pub fn http(status: StatusCode, detail: impl Serialize) -> Self {
        match serde_json::to_value(detail) {
            Ok(detail) => Self::Http(status, detail),
            Err(error) => Self::Internal(error.into()),
        }
    }

    /// The HTTP status of each error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Http(status, _) => *status,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable | Self::TooBusy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// What every error looks like.
#[derive(Serialize)]
struct Envelope<T> {
    detail: T,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = match &self {
            Self::Http(_, detail) => (status, Json(Envelope { detail })).into_response(),
            Self::Invalid(detail) => (status, Json(Envelope { detail })).into_response(),
            other => {
                let detail = other.to_string();
                (status, Json(Envelope { detail })).into_response()
            }
        };
        let headers = response.headers_mut();
        match self {
            Self::Unavailable | Self::TooBusy => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            // A 401 names the scheme that it asks for (RFC 9110).
            Self::Unauthorized | Self::Http(StatusCode::UNAUTHORIZED, _) => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Internal(source) => {
                let chain = std::iter::successors(Some(&*source as &dyn Error), |&e| e.source());
                let chain: Vec<String> = chain.map(ToString::to_string).collect();
                tracing::error!(error = chain.join(": "), "request failed");
            }
            _ => {}
        }
        response
    }
}

/// Puts an error into the envelope that is not in it yet: axum's (404, 405) or a bare status, whose text is replaced.
/// One that came with a body in JSON is left as it is.
pub(crate) fn enveloped(mut response: Response, _context: &Context) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let kind = response.headers().get(CONTENT_TYPE);
    let json = kind
        .and_then(|kind| kind.to_str().ok()?.strip_prefix("application/"))
        .is_some_and(|kind| kind.contains("json"));
    if json {
        return response;
    }
    let detail = status.canonical_reason().unwrap_or("Error");
    let body = serde_json::to_vec(&Envelope { detail }).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
    response
}
