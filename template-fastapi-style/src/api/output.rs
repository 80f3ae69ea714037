//! What a handler may answer: each answer documents itself.

use aide::openapi::Response as Answer;
use axum::Json;
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::document::Described;
use crate::error::ApiError;

/// An answer of a handler.
pub trait Output: IntoResponse {
    /// Tells the document about it.
    fn describe(described: &mut Described<'_>);
}

/// 201: what was made, and where it is.
pub struct Created<T> {
    /// Its path.
    pub location: String,
    /// What was made.
    pub value: T,
}

/// An answer with a status of its own: `status_code=` of FastAPI, as in `Status<202, Json<Job>>`.
pub struct Status<const CODE: u16, T>(pub T);

/// 204: done, and nothing to say.
pub struct NoContent;

impl<T: Serialize + JsonSchema> Output for Json<T> {
    fn describe(described: &mut Described<'_>) {
        let answer = described.json::<T>("Successful Response");
        described.answers(StatusCode::OK, answer);
    }
}

impl<T: Serialize + JsonSchema> Output for Created<T> {
    fn describe(described: &mut Described<'_>) {
        let answer = described.json::<T>("Successful Response");
        described.answers(StatusCode::CREATED, answer);
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::CREATED, Json(self.value)).into_response();
        match HeaderValue::try_from(self.location) {
            Ok(location) => {
                response.headers_mut().insert(LOCATION, location);
                response
            }
            Err(error) => ApiError::Internal(error.into()).into_response(),
        }
    }
}

impl<const CODE: u16, T: Serialize + JsonSchema> Output for Status<CODE, Json<T>> {
    fn describe(described: &mut Described<'_>) {
        let answer = described.json::<T>("Successful Response");
        described.answers(Self::CODE, answer);
    }
}

impl<const CODE: u16, T> Status<CODE, T> {
    /// A number that is no status does not compile.
    const CODE: StatusCode = match StatusCode::from_u16(CODE) {
        Ok(code) => code,
        Err(_) => panic!("not a status of HTTP"),
    };
}

impl<const CODE: u16, T: IntoResponse> IntoResponse for Status<CODE, T> {
    fn into_response(self) -> Response {
        (Self::CODE, self.0).into_response()
    }
}

impl Output for NoContent {
    fn describe(described: &mut Described<'_>) {
        let answer = Answer {
            description: "Successful Response".into(),
            ..Answer::default()
        };
        described.answers(StatusCode::NO_CONTENT, answer);
    }
}

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// Plain text.
impl Output for String {
    fn describe(described: &mut Described<'_>) {
        let answer = described.text("Successful Response");
        described.answers(StatusCode::OK, answer);
    }
}

/// Headers of its own.
impl<const N: usize, T: Output> Output for ([(HeaderName, String); N], T) {
    fn describe(described: &mut Described<'_>) {
        T::describe(described);
    }
}

/// Errors are named where the route is: see [`Api::fails`](super::Api::fails).
impl<T: Output> Output for Result<T, ApiError> {
    fn describe(described: &mut Described<'_>) {
        T::describe(described);
    }
}

/// Anything that axum can answer, such as a stream: the document says that there is an answer, and not of what kind.
impl Output for Response {
    fn describe(described: &mut Described<'_>) {
        let answer = Answer {
            description: "Successful Response".into(),
            ..Answer::default()
        };
        described.answers(StatusCode::OK, answer);
    }
}
