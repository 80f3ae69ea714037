//! Calls to other services, as part of a request: with its ids, within a deadline, tried again where that does no harm.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use super::context::Context;
use super::transport::{CallError, Transport};
use crate::config::ClientSettings;
use crate::error::ApiError;
use crate::version;

/// The first wait between two tries; each is twice as long as the one before, and a little more or less, so that callers
/// who failed together do not come back together.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The largest answer. What is larger wants to be streamed, which this does not do.
const LARGEST: usize = 8 << 20;

/// Calls other services. Cloning is cheap; connections are shared, and made when the first call needs them.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: ClientSettings,
    transport: Transport,
}

impl Client {
    /// A client that has not connected to anything yet.
    pub fn new(settings: &ClientSettings) -> Self {
        Self(Arc::new(Inner {
            settings: settings.clone(),
            transport: Transport::new(settings.connect_timeout, None),
        }))
    }

    /// `GET`, as [`Self::send`].
    pub async fn get(&self, address: &str) -> Result<Answer, CallFailed> {
        let mut request = Request::new(Bytes::new());
        // What is no address has no scheme, and is refused for that.
        *request.uri_mut() = address.parse().unwrap_or_default();
        self.send(request).await
    }

    /// Sends `body` as JSON, as [`Self::send`].
    pub async fn send_json<T: Serialize>(
        &self,
        method: Method,
        address: &str,
        body: &T,
    ) -> Result<Answer, CallFailed> {
        let uri: Uri = address.parse().unwrap_or_default();
        let body = serde_json::to_vec(body).map_err(|error| CallFailed {
            peer: peer(&uri),
            problem: Problem::Unsendable(error),
        })?;
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        self.send(request).await
    }

    /// Sends a request with the ids of the one that is being served. Whatever status the other side answers with is an
    /// answer, and redirects are not followed: headers go to the host they were meant for.
    ///
    /// A method that can be repeated is tried again after a failure in passing, `client.retries` times and until
    /// `client.timeout` has passed; `Retry-After` is waited for.
    pub async fn send(&self, mut request: Request<Bytes>) -> Result<Answer, CallFailed> {
        let settings = &self.0.settings;
        let deadline = Instant::now() + settings.timeout;
        let headers = request.headers_mut();
        headers
            .entry(USER_AGENT)
            .or_insert(HeaderValue::from_static(version::SERVICE));
        if let Some(context) = Context::current() {
            context.inject(headers);
        }
        let (retries, limit) = if request.method().is_idempotent() {
            (settings.retries, settings.try_timeout)
        } else {
            (0, settings.timeout)
        };
        let waits = ExponentialBuilder::new()
            .with_min_delay(FIRST_WAIT)
            .with_max_times(retries)
            .with_jitter();
        let mut waits = waits.build();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let tried = self
                .0
                .transport
                .exchange(request.clone(), limit.min(left), LARGEST);
            let outcome = tried.await;
            if let Some(asked) = passing(&outcome)
                && let Some(wait) = waits.next().map(|wait| wait.max(asked))
                // Not `now + wait`: the other side may ask for more time than there is.
                && wait < deadline.saturating_duration_since(Instant::now())
            {
                tracing::debug!(peer = peer(request.uri()), "calling again");
                sleep(wait).await;
                continue;
            }
            return match outcome {
                Ok(answer) => Ok(Answer {
                    peer: peer(request.uri()),
                    answer,
                }),
                Err(problem) => Err(CallFailed {
                    peer: peer(request.uri()),
                    problem: Problem::Call(problem),
                }),
            };
        }
    }
}

/// What the other side answered, whole.
#[derive(Debug)]
pub struct Answer {
    peer: String,
    answer: Response<Bytes>,
}

impl Answer {
    /// The status, whatever it is.
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The body, whatever the status.
    pub fn body(&self) -> &Bytes {
        self.answer.body()
    }

    /// The body as JSON, of an answer that is a success.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, CallFailed> {
        let problem = if self.status().is_success() {
            match serde_json::from_slice(self.body()) {
                Ok(value) => return Ok(value),
                // What serde says of it may quote it.
                Err(error) => Problem::Json(error.line(), error.column()),
            }
        } else {
            Problem::Status(self.status())
        };
        Err(CallFailed {
            peer: self.peer,
            problem,
        })
    }
}

/// A call that came to nothing. With `?` in a handler it becomes a 503, or a 500 where trying again is of no use; the log
/// says what happened.
#[derive(Debug, thiserror::Error)]
#[error("call to {peer}: {problem}")]
pub struct CallFailed {
    /// Host and port.
    pub peer: String,
    /// What happened.
    pub problem: Problem,
}

/// What can come of a call instead of what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There was no answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// What was to be sent cannot be written as JSON.
    #[error("not sent: {0}")]
    Unsendable(serde_json::Error),
    /// The answer was no success.
    #[error("answered with status {0}")]
    Status(StatusCode),
    /// The body was not the JSON that was expected: line and column.
    #[error("answered with unexpected JSON, at line {0}, column {1}")]
    Json(usize, usize),
}

impl From<CallFailed> for ApiError {
    fn from(failed: CallFailed) -> Self {
        let down = match &failed.problem {
            Problem::Call(error) => error.is_passing(),
            Problem::Status(status) => is_later(*status),
            Problem::Json(..) | Problem::Unsendable(_) => false,
        };
        if !down {
            return Self::Internal(Box::new(failed));
        }
        tracing::warn!(error = failed.to_string(), "something this needs is down");
        Self::Unavailable
    }
}

/// Whether a status says that the same may succeed shortly.
fn is_later(status: StatusCode) -> bool {
    [429, 502, 503, 504].contains(&status.as_u16())
}

/// How long to wait at least before the next try, if one may help.
fn passing(outcome: &Result<Response<Bytes>, CallError>) -> Option<Duration> {
    match outcome {
        Ok(answer) => is_later(answer.status()).then(|| retry_after(answer.headers())),
        Err(error) => error.is_passing().then_some(Duration::ZERO),
    }
}

/// `Retry-After`, in seconds or as a date.
fn retry_after(headers: &HeaderMap) -> Duration {
    let asked = headers
        .get(RETRY_AFTER)
        .and_then(|asked| asked.to_str().ok());
    let asked = asked.map(|asked| match asked.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => DateTime::parse_from_rfc2822(asked)
            .ok()
            .and_then(|date| (date.to_utc() - Utc::now()).to_std().ok())
            .unwrap_or_default(),
    });
    asked.unwrap_or_default()
}

/// Host and port alone: the rest of an address may hold what is nobody's business.
fn peer(address: &Uri) -> String {
    let host = address.host().unwrap_or("?");
    let port = address
        .port_u16()
        .map_or(String::new(), |port| format!(":{port}"));
    format!("{host}{port}")
}
