//! What a handler may answer: each answer documents itself.

use aide::openapi::Response as Answer;
use axum::Json;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::document::Described;
use crate::error::ApiError;

/// An answer of a handler.
pub trait Output: IntoResponse + Sized {
    /// Tells the document about it.
    fn describe(described: &mut Described<'_>);

    /// Makes the response: for JSON in a way that costs less than axum's own.
    fn respond(self) -> Response {
        self.into_response()
    }
}

/// A value as an answer in JSON. One that cannot be written is an error of ours, whatever the status was to be.
fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    // Room for an answer of usual size. axum's `Json` writes through another buffer, which costs a tenth of all that is done
    // to read one item.
    let mut body = Vec::with_capacity(512);
    if let Err(error) = serde_json::to_writer(&mut body, value) {
        return ApiError::Internal(error.into()).into_response();
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    // Room for what the platform adds, at once: making it later costs more than all of these headers.
    *response.headers_mut() = HeaderMap::with_capacity(8);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
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

    fn respond(self) -> Response {
        json(StatusCode::OK, &self.0)
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
        let mut response = json(StatusCode::CREATED, &self.value);
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

    fn respond(self) -> Response {
        json(Self::CODE, &self.0.0)
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

    fn respond(self) -> Response {
        (self.0, self.1.respond()).into_response()
    }
}

/// Errors are named where the route is: see [`Api::fails`](super::Api::fails).
impl<T: Output> Output for Result<T, ApiError> {
    fn describe(described: &mut Described<'_>) {
        T::describe(described);
    }

    fn respond(self) -> Response {
        match self {
            Ok(output) => output.respond(),
            Err(error) => error.into_response(),
        }
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

#[cfg(test)]
mod tests {
    use serde::ser::Error;

    use super::*;

    #[derive(JsonSchema)]
    struct Unwritable;

    impl Serialize for Unwritable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("inner text"))
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error_of_ours() {
        let created = Created {
            location: "/x".into(),
            value: Unwritable,
        };
        for response in [
            Json(Unwritable).respond(),
            Ok::<_, ApiError>(Json(Unwritable)).respond(),
            Status::<202, _>(Json(Unwritable)).respond(),
            created.respond(),
        ] {
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }

    #[test]
    fn what_is_written_has_its_status_and_its_kind() {
        let tagged = ([(LOCATION, "/x".to_owned())], Json([1, 2]));
        for (response, status) in [
            (Json([1, 2]).respond(), 200),
            (Status::<202, _>(Json([1, 2])).respond(), 202),
            (tagged.respond(), 200),
        ] {
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        }
    }
}
