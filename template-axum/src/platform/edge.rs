//! Everything between the socket and a handler, in one layer: correlation, limits, time-out, panics, the error envelope,
//! security headers, CORS, the access line and the metrics hook.
//!
//! One layer, because ten of them cost ten times as much: each boxes the request's future anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower::{Layer, Service};

use super::context::{Context, REQUEST_ID, Scoped, scoped};
use super::cors::Cors;
use super::health::Readiness;
use super::in_flight::{InFlight, Ticket};
use super::serving::{End, Serving, Work};
use crate::app::AppState;
use crate::error::ApiError;
use crate::metrics::Recorder;
use crate::metrics::span::Tracer;

/// What axum's extractors read of a body unless they are told otherwise, in bytes.
const AXUM_LIMIT: u64 = 2 << 20;

/// The layer around a router.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

pub(super) struct Inner {
    request_timeout: Duration,
    body_limit: usize,
    max_in_flight: usize,
    in_flight: InFlight,
    readiness: Readiness,
    cors: Cors,
    /// None on the management address: scrapes are neither logged at info nor counted.
    pub(super) recorder: Option<Arc<dyn Recorder>>,
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
    S: Service<Request, Response = Response, Error = Infallible, Future: Unpin>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Scoped<Serving<S::Future>>;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        let edge = &self.edge;
        let matched = request.extensions().get::<MatchedPath>().cloned();
        let end = End::new(edge.clone(), label(request.method()), matched, started);
        let context = Context::of(request.headers(), started, |parent| {
            let tracer = edge.tracer.as_ref().filter(|_| !end.probe)?;
            tracer.begin(parent, end.method, end.route())
        });
        let origin = edge.cors.origin(request.headers());
        let (ticket, work) = if origin.is_some() && Cors::is_preflight(&request) {
            (None, Work::Refused(Cors::allowed()))
        } else {
            match edge.admit(&mut request, end.probe) {
                Ok(ticket) => (
                    ticket,
                    Work::new(self.inner.call(request), edge.request_timeout),
                ),
                Err(refusal) => (None, Work::Refused(refusal.into_response())),
            }
        };
        let serving = Serving {
            context: context.clone(),
            work,
            origin,
            ticket,
            end: Some(end),
        };
        scoped(context, serving)
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
        if size.upper().is_none_or(|size| size > AXUM_LIMIT) {
            // axum's own limit would overrule a larger `server.body_limit`.
            DefaultBodyLimit::disable().apply(request);
        }
        Ok(ticket)
    }

    /// The headers that every response carries: what OWASP's REST security cheat sheet asks of an API. What it asks of
    /// pages alone, such as a referrer policy, has nothing to say about JSON.
    pub(super) fn stamp(
        &self,
        headers: &mut HeaderMap,
        context: &Context,
        origin: Option<HeaderValue>,
    ) {
        headers.reserve(4);
        headers.insert(REQUEST_ID, context.request_id_header());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // A handler that answers with a page knows better what that may do.
        headers
            .entry(CONTENT_SECURITY_POLICY)
            .or_insert(HeaderValue::from_static(
                "default-src 'none'; frame-ancestors 'none'",
            ));
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        if self.readiness.is_draining() {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        self.cors.stamp(headers, origin);
    }
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
