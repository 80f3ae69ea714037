//! Everything between the socket and a handler, in one layer: correlation, limits, time-out, panics, the error envelope,
//! security headers, CORS, the access line and the metrics hook.
//!
//! One layer, because ten of them cost ten times as much: each boxes the request's future anew.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower::{Layer, Service};

use super::context::{Context, REQUEST_ID};
use super::cors::Cors;
use super::health::Readiness;
use super::in_flight::{InFlight, Ticket};
use crate::app::AppState;
use crate::error::{ApiError, enveloped};
use crate::metrics::span::Tracer;
use crate::metrics::{Recorder, Sample};

/// The status in the log and the metrics of a request whose client left before its answer, as nginx has it.
const GIVEN_UP: u16 = 499;

/// The layer around a router.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    request_timeout: Duration,
    body_limit: usize,
    max_in_flight: usize,
    in_flight: InFlight,
    readiness: Readiness,
    cors: Cors,
    /// None on the management address: scrapes are neither logged at info nor counted.
    recorder: Option<Arc<dyn Recorder>>,
    tracer: Option<Tracer>,
}

impl Edge {
    /// For the public address.
    pub(crate) fn public(state: &AppState) -> Self {
        let recorder = Some(state.exporter.recorder.clone());
        let origins = &state.config.settings.cors.allowed_origins;
        Self::new(state, state.in_flight.clone(), origins, recorder)
    }

    /// For the management address, whose requests take nothing from the public one's limit.
    pub(crate) fn private(state: &AppState) -> Self {
        Self::new(state, InFlight::default(), &[], None)
    }

    fn new(
        state: &AppState,
        in_flight: InFlight,
        origins: &[HeaderValue],
        recorder: Option<Arc<dyn Recorder>>,
    ) -> Self {
        let server = &state.config.settings.server;
        let tracer = recorder.as_ref().and(state.exporter.tracer.clone());
        Self(Arc::new(Inner {
            request_timeout: server.request_timeout,
            body_limit: usize::try_from(server.body_limit.as_u64()).unwrap_or(usize::MAX),
            max_in_flight: server.max_in_flight,
            in_flight,
            readiness: state.readiness.clone(),
            cors: Cors::new(origins),
            recorder,
            tracer,
        }))
    }
}

impl<S> Layer<S> for Edge {
    type Service = Edged<S>;

    fn layer(&self, inner: S) -> Edged<S> {
        Edged {
            edge: self.0.clone(),
            inner,
        }
    }
}

/// A service with the edge around it.
#[derive(Clone)]
pub struct Edged<S> {
    edge: Arc<Inner>,
    inner: S,
}

impl<S> Service<Request> for Edged<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        let edge = self.edge.clone();
        let method = label(request.method());
        let matched = request.extensions().get::<MatchedPath>().cloned();
        let probe = matched
            .as_ref()
            .is_some_and(|path| path.as_str().starts_with("/health/"));
        let context = Context::of(request.headers(), |parent| {
            let tracer = edge.tracer.as_ref().filter(|_| !probe)?;
            tracer.begin(parent, method, pattern(matched.as_ref()))
        });
        let origin = edge.cors.origin(request.headers());
        let (ticket, admitted) = if origin.is_some() && Cors::is_preflight(&request) {
            (None, Err(Cors::allowed()))
        } else {
            match edge.admit(&mut request, probe) {
                Ok(ticket) => (ticket, Ok(self.inner.call(request))),
                Err(refusal) => (None, Err(refusal.into_response())),
            }
        };
        let mut end = End {
            edge,
            method,
            matched,
            started,
            probe,
            status: GIVEN_UP,
        };
        Box::pin(context.clone().scope(async move {
            let answer = match admitted {
                Ok(handler) => guarded(handler, end.edge.request_timeout)
                    .await
                    .unwrap_or_else(IntoResponse::into_response),
                Err(answer) => answer,
            };
            let mut response = enveloped(answer, context.request_id());
            end.edge.stamp(response.headers_mut(), &context);
            end.edge.cors.stamp(response.headers_mut(), origin);
            end.status = response.status().as_u16();
            drop(end);
            Ok(match ticket {
                Some(ticket) => response.map(|body| ticket.follow(body, context)),
                None => response,
            })
        }))
    }
}

impl Inner {
    /// Applies the limits that need no handler. Probes get no ticket: they are never refused, and never counted.
    fn admit(&self, request: &mut Request, probe: bool) -> Result<Option<Ticket>, ApiError> {
        let ticket = if probe {
            None
        } else {
            let ticket = self.in_flight.enter(self.max_in_flight);
            Some(ticket.ok_or(ApiError::TooBusy)?)
        };
        let size = request.body().size_hint();
        if size.lower() > self.body_limit as u64 {
            return Err(ApiError::TooLarge);
        }
        if size.exact().is_none() {
            let body = std::mem::take(request.body_mut());
            *request.body_mut() = Body::new(Limited::new(body, self.body_limit));
        }
        // axum's own limit of 2 MB would overrule a larger `server.body_limit`.
        DefaultBodyLimit::disable().apply(request);
        Ok(ticket)
    }

    /// The headers that every response carries.
    fn stamp(&self, headers: &mut HeaderMap, context: &Context) {
        headers.reserve(8);
        headers.insert(REQUEST_ID, context.request_id_header());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        if self.readiness.is_draining() {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// The end of a request, answered or dropped unanswered: the access line and the metrics hook.
struct End {
    edge: Arc<Inner>,
    method: &'static str,
    matched: Option<MatchedPath>,
    started: Instant,
    probe: bool,
    status: u16,
}

impl Drop for End {
    fn drop(&mut self) {
        let (method, status, latency) = (self.method, self.status, self.started.elapsed());
        let route = pattern(self.matched.as_ref());
        #[expect(
            clippy::cast_precision_loss,
            reason = "2^53 microseconds are 285 years"
        )]
        let latency_ms = latency.as_micros() as f64 / 1000.0;
        if let Some(recorder) = &self.edge.recorder {
            recorder.record(&Sample {
                method,
                route,
                status,
                latency,
            });
        }
        if self.probe || self.edge.recorder.is_none() {
            tracing::debug!(method, route, status, latency_ms, "request");
        } else {
            tracing::info!(method, route, status, latency_ms, "request");
        }
    }
}

/// Runs the handler: a panic becomes an error, and past the time limit it is dropped, which cancels it.
async fn guarded<F>(handler: F, limit: Duration) -> Result<Response, ApiError>
where
    F: Future<Output = Result<Response, Infallible>>,
{
    let mut handler = pin!(Some(handler));
    let mut timer = None;
    std::future::poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| match handler.as_mut().as_pin_mut() {
            Some(handler) => handler.poll(cx),
            None => Poll::Pending,
        }));
        match polled {
            Ok(Poll::Ready(Ok(response))) => return Poll::Ready(Ok(response)),
            // The panic hook has logged it.
            Err(_) => {
                return Poll::Ready(Ok(
                    axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
                ));
            }
            Ok(Poll::Pending) => {}
        }
        // Most handlers are ready at once and never need a timer.
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(timer.as_mut().poll(cx));
        // What it drops may panic in its turn.
        let _ = catch_unwind(AssertUnwindSafe(|| handler.set(None)));
        Poll::Ready(Err(ApiError::TimedOut))
    })
    .await
}

/// Bounded: whatever path a client asks for.
fn pattern(matched: Option<&MatchedPath>) -> &str {
    matched.map_or("unmatched", MatchedPath::as_str)
}

/// Bounded: whatever token a client sends as its method.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "OTHER",
    }
}
