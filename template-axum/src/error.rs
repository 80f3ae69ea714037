//! The one door for errors: what can go wrong for a client, its status, and the envelope it arrives in.
//!
//! A handler returns an [`ApiError`]; the platform's edge writes the `application/problem+json` body, because only there
//! the request id is at hand for every answer, those of axum and of time-outs and panics included.

use std::error::Error;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::platform::context::Context;

/// Everything a client can be told. The text is for the client; it never quotes an inner error of ours.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request cannot be read, such as malformed JSON.
    #[error("{0}")]
    BadRequest(String),
    /// The bearer token is missing or wrong.
    #[error("a valid bearer token is needed")]
    Unauthorized,
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The handler took longer than `server.request_timeout` and was cancelled.
    #[error("the request took too long")]
    TimedOut,
    /// `If-Match` names a version that is not the current one.
    #[error("the resource has changed since it was read: read it again")]
    PreconditionFailed,
    /// The body exceeds `server.body_limit`.
    #[error("the body is too large")]
    TooLarge,
    /// The body is not declared as JSON.
    #[error("the body must be sent as content-type: application/json")]
    UnsupportedMediaType,
    /// The request was understood, and its content refused.
    #[error("{0}")]
    Unprocessable(String),
    /// A change asks for `If-Match`.
    #[error("send the version you read as If-Match")]
    PreconditionRequired,
    /// Something failed here. The source goes to the log and never to the client.
    #[error("something went wrong on our side")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
    /// A dependency, such as the database, does not answer. What is wrong with it goes to the log.
    #[error("something this needs is down: try again shortly")]
    Unavailable,
    /// `server.max_in_flight` requests are being served already.
    #[error("too many requests at once: try again shortly")]
    TooBusy,
}

impl ApiError {
    /// The HTTP status of each error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable | Self::TooBusy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The client's text, on its way from a handler to the edge.
#[derive(Clone)]
struct Detail(String);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Internal(source) = &self {
            let chain =
                std::iter::successors(Some(&**source as &dyn Error), |&error| error.source());
            let chain: Vec<String> = chain.map(ToString::to_string).collect();
            tracing::error!(error = chain.join(": "), "request failed");
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Detail(self.to_string()));
        let headers = response.headers_mut();
        match self {
            Self::Unavailable | Self::TooBusy => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"))
            }
            Self::Unauthorized => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            _ => None,
        };
        response
    }
}

/// RFC 9457, with the request id to quote when asking for help.
#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    request_id: &'a str,
}

/// Puts an error into the envelope, whoever made it: an [`ApiError`], axum (404, 405, a rejection) or a bare status.
/// An error that a handler has given a body of its own, in JSON, is left as it is.
pub(crate) fn enveloped(mut response: Response, context: &Context) -> Response {
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
    let title = status.canonical_reason().unwrap_or("Error");
    let detail = response.extensions_mut().remove::<Detail>();
    let detail = match (&detail, status) {
        (Some(Detail(detail)), _) => detail,
        (None, StatusCode::NOT_FOUND) => "nothing answers at this path",
        (None, StatusCode::METHOD_NOT_ALLOWED) => "this path does not answer that method",
        (None, _) => title,
    };
    let problem = Problem {
        r#type: "about:blank",
        title,
        status: status.as_u16(),
        detail,
        request_id: context.request_id(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
    response
}
