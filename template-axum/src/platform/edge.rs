//! Everything between the socket and the router, in one service: correlation, limits, time-out, panics, the error envelope,
//! security headers, CORS, the access line and the metrics hook.
//!
//! One service, because ten layers cost ten times as much; around the router, because a layer inside of it is copied and
//! boxed for each request.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower::Service;

use super::context::{Context, REQUEST_ID, Scoped, scoped};
use super::cors::Cors;
use super::in_flight::{InFlight, Ticket};
use super::routes::{Patterns, Routes};
use super::serving::{End, Serving, Work};
use crate::app::AppState;
use crate::config::ServerSettings;
use crate::error::ApiError;
use crate::metrics::Recorder;
use crate::metrics::span::Tracer;

/// What axum's extractors read of a body unless they are told otherwise, in bytes.
const AXUM_LIMIT: u64 = 2 << 20;

/// Routes with all that surrounds them. Cloning is cheap.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

pub(super) struct Inner {
    state: AppState,
    router: Router,
    patterns: Patterns,
    body_limit: usize,
    in_flight: InFlight,
    cors: Cors,
    /// None on the management address: scrapes are neither logged at info nor counted.
    pub(super) recorder: Option<Arc<dyn Recorder>>,
    tracer: Option<Tracer>,
}

impl Edge {
    /// For the public address.
    pub(crate) fn public(state: AppState, routes: Routes<()>) -> Self {
        let in_flight = state.in_flight.clone();
        let cors = Cors::new(&state.config.settings.cors.allowed_origins);
        let recorder = Some(state.exporter.recorder.clone());
        Self::new(state, routes, in_flight, cors, recorder)
    }

    /// For the management address, whose requests take nothing from the public one's limit.
    pub(crate) fn private(state: AppState, routes: Routes<()>) -> Self {
        Self::new(state, routes, InFlight::default(), Cors::new(&[]), None)
    }

    fn new(
        state: AppState,
        routes: Routes<()>,
        in_flight: InFlight,
        cors: Cors,
        recorder: Option<Arc<dyn Recorder>>,
    ) -> Self {
        let body_limit = state.config.settings.server.body_limit.as_u64();
        let tracer = recorder.as_ref().and(state.exporter.tracer.clone());
        let (router, patterns) = routes.into_parts();
        Self(Arc::new(Inner {
            router,
            patterns,
            body_limit: usize::try_from(body_limit).unwrap_or(usize::MAX),
            in_flight,
            cors,
            recorder,
            tracer,
            state,
        }))
    }
}

impl Service<Request> for Edge {
    type Response = Response;
    type Error = Infallible;
    type Future = Scoped<Serving>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        let edge = &self.0;
        let pattern = edge.patterns.of(request.uri().path());
        let end = End::new(edge.clone(), label(request.method()), pattern, started);
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
                    Work::new(
                        edge.router.clone().call(request),
                        edge.server().request_timeout,
                    ),
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
    fn server(&self) -> &ServerSettings {
        &self.state.config.settings.server
    }

    /// Applies the limits that need no handler. Probes get no ticket: they are never refused, and never counted.
    fn admit(&self, request: &mut Request, probe: bool) -> Result<Option<Ticket>, ApiError> {
        let ticket = if probe {
            None
        } else {
            let ticket = self.in_flight.enter(self.server().max_in_flight);
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
        if self.state.readiness.is_draining() {
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
