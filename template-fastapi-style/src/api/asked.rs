//! A request while its handler's arguments are asked for, one after the other.

use std::any::TypeId;
use std::error::Error;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::check::Flat;
use super::input::{Reads, Takes};
use super::json::{self, Unreadable};
use super::parts::{self, Sent};
use super::problem::{Loc, Problem, Step};
use crate::AppState;
use crate::error::ApiError;

/// The request, and what has been found wrong with it.
pub struct Asked {
    /// All but the body.
    pub parts: Parts,
    /// What the service shares.
    pub state: AppState,
    /// What is wrong: an argument that cannot be had leaves at least one.
    pub problems: Vec<Problem>,
    body: Option<Read>,
    form: Sent,
}

/// A body in JSON.
enum Read {
    /// The type with this id takes it as it stands, so no value has been built of it.
    Fits(TypeId, Bytes),
    Value(Value),
}

impl Asked {
    pub(super) fn new(parts: Parts, state: AppState) -> Self {
        Self {
            parts,
            state,
            problems: Vec::new(),
            body: None,
            form: Sent::default(),
        }
    }

    /// Reads the body. No argument is asked for where it cannot be read, as in FastAPI.
    pub(super) async fn read(&mut self, reads: Reads, body: Body) -> Result<(), ApiError> {
        match reads {
            Reads::Nothing => {}
            Reads::Json => self.read_json(body, |_| None).await?,
            Reads::JsonFor(takes) => self.read_json(body, takes).await?,
            Reads::Form => self.form = parts::read(&self.parts.headers, body).await?,
        }
        Ok(())
    }

    async fn read_json(&mut self, body: Body, takes: Takes) -> Result<(), ApiError> {
        let bytes = whole(body).await?;
        if bytes.is_empty() {
            return Ok(());
        }
        if !self.parts.headers.get(CONTENT_TYPE).is_some_and(is_json) {
            return Err(ApiError::UnsupportedMediaType);
        }
        self.body = Some(match takes(&bytes) {
            Some(id) => Read::Fits(id, bytes),
            None => Read::Value(json::parse(&bytes).map_err(|unreadable| match unreadable {
                Unreadable::NoJson(problem) => ApiError::Invalid(vec![*problem]),
                Unreadable::NoText => ApiError::Unreadable,
            })?),
        });
        Ok(())
    }

    /// The value itself. What the schema cannot say, such as a `TryFrom` of yours, is refused here, in its own words.
    pub(super) fn made<T: DeserializeOwned>(
        &mut self,
        place: &'static str,
        value: Option<&Value>,
    ) -> Option<T> {
        let value = value?;
        if let Ok(made) = T::deserialize(value) {
            return Some(made);
        }
        self.refused(place, value)
    }

    /// As [`Asked::made`], of what came in pairs.
    pub(super) fn made_flat<T: DeserializeOwned>(
        &mut self,
        place: &'static str,
        flat: Option<Flat<'_>>,
    ) -> Option<T> {
        let flat = flat?;
        match flat.make() {
            Ok(made) => Some(made),
            Err(_) => self.refused(place, &flat.into()),
        }
    }

    /// Deserialises a value again, to see where it is refused: nobody pays for that otherwise.
    fn refused<T: DeserializeOwned>(&mut self, place: &'static str, value: &Value) -> Option<T> {
        let error = match serde_path_to_error::deserialize::<_, T>(value) {
            Ok(made) => return Some(made),
            Err(error) => error,
        };
        let mut steps = vec![Step::Key(place.to_owned())];
        let mut input = value;
        for segment in error.path() {
            let (step, inner) = match segment {
                Segment::Seq { index } => (Step::Index(*index), input.get(index)),
                Segment::Map { key } => (Step::Key(key.clone()), input.get(key)),
                Segment::Enum { .. } | Segment::Unknown => continue,
            };
            steps.push(step);
            input = inner.unwrap_or(&Value::Null);
        }
        let text = error.inner().to_string();
        let mut problem = Problem::value_error(&Loc::BODY, &text, input.clone());
        problem.loc = steps;
        self.problems.push(problem);
        None
    }

    /// The problems in FastAPI's order: path, query, headers, body.
    pub(super) fn in_order(mut self) -> Vec<Problem> {
        let places = ["path", "query", "header", "cookie", "body"];
        self.problems
            .sort_by_key(|problem| places.iter().position(|place| of(problem, place)));
        self.problems
    }

    /// The form, once.
    pub(super) fn form(&mut self) -> Sent {
        std::mem::take(&mut self.form)
    }

    /// The body's value, once; nothing where the client has sent none.
    pub fn body(&mut self) -> Option<Value> {
        match self.body.take()? {
            Read::Fits(_, bytes) => json::parse(&bytes).ok(),
            Read::Value(value) => Some(value),
        }
    }

    /// The body, once, where `T` takes it as it stands. Where not, [`Asked::body`] still has it.
    pub(super) fn fitting<T: DeserializeOwned + 'static>(&mut self) -> Option<T> {
        let made = match &self.body {
            Some(Read::Fits(id, bytes)) if *id == TypeId::of::<T>() => {
                serde_json::from_str(str::from_utf8(bytes).ok()?).ok()?
            }
            _ => return None,
        };
        self.body = None;
        Some(made)
    }
}

/// Whether a problem is in that part of the request.
fn of(problem: &Problem, place: &str) -> bool {
    matches!(problem.loc.first(), Some(Step::Key(first)) if first == place)
}

/// Limits are the platform's: by the time the body comes here, it is cut off beyond `server.body_limit`.
pub(super) async fn whole(mut body: Body) -> Result<Bytes, ApiError> {
    let Some(first) = body.frame().await else {
        return Ok(Bytes::new());
    };
    let first = first
        .map_err(|error| unread(&error))?
        .into_data()
        .unwrap_or_default();
    // So it is with nearly every body, and then there is nothing to collect.
    if body.is_end_stream() {
        return Ok(first);
    }
    // Not piece beside piece until all are there: those of a byte each would take a hundred times the memory.
    let mut whole = Vec::from(first);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unread(&error))?;
        if let Ok(piece) = frame.into_data() {
            whole.extend_from_slice(&piece);
        }
    }
    Ok(whole.into())
}

fn unread(error: &axum::Error) -> ApiError {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    if causes.any(<dyn Error>::is::<LengthLimitError>) {
        ApiError::TooLarge
    } else {
        ApiError::Unreadable
    }
}

/// Without axum's own limit of 2 MB, which would overrule a larger `server.body_limit`.
pub(super) fn unlimited(mut request: Request) -> Request {
    DefaultBodyLimit::disable().apply(&mut request);
    request
}

/// `application/json`, and the kinds that end with `+json`.
fn is_json(kind: &HeaderValue) -> bool {
    // What nearly everybody sends.
    if kind == "application/json" {
        return true;
    }
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind.strip_prefix("application/")
        .is_some_and(|rest| rest == "json" || rest.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;

    use super::*;

    /// A body whose end nobody knows before it is there, last piece first.
    struct Pieces(Vec<&'static str>);

    impl HttpBody for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let piece = self.0.pop();
            Poll::Ready(piece.map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes())))))
        }
    }

    #[tokio::test]
    async fn a_body_is_whole_however_it_comes() {
        for (pieces, expected) in [
            (vec![], ""),
            (vec!["one"], "one"),
            (vec!["three", " two ", "one"], "one two three"),
            (vec!["", "two", "", "one ", ""], "one two"),
        ] {
            let whole = whole(Body::new(Pieces(pieces))).await.unwrap();
            assert_eq!(whole, expected);
        }
        assert_eq!(whole(Body::from("known")).await.unwrap(), "known");
    }
}
