//! One request on its way through the edge: its handler is watched, its answer completed, its end told.
//!
//! A future with a name, where an async block would be shorter: a block has none, and whoever keeps one has to box it.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::future::RouteFuture;
use tokio::time::{Sleep, sleep};

use super::access;
use super::context::Context;
use super::edge::Inner;
use super::in_flight::Ticket;
use crate::error::{ApiError, enveloped};
use crate::metrics::{Sample, span};

/// The status in the log and the metrics of a request whose client left before its answer, as nginx has it.
const GIVEN_UP: u16 = 499;

/// A request that is being served, in the scope of its context.
pub struct Serving {
    pub(super) context: Context,
    pub(super) work: Work,
    /// The caller's origin, when it may call.
    pub(super) origin: Option<HeaderValue>,
    pub(super) ticket: Option<Ticket>,
    /// Gone once the request has ended.
    pub(super) end: Option<End>,
}

/// Where the answer comes from.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every request has a handler, which a box would cost one more allocation"
)]
pub(super) enum Work {
    Handler {
        handler: RouteFuture<Infallible>,
        limit: Duration,
        /// Most handlers are ready at once and never need one.
        timer: Option<Pin<Box<Sleep>>>,
    },
    /// It is there without a handler.
    Refused(Response),
    Done,
}

impl Work {
    /// Runs `handler` for as long as `limit`.
    pub(super) fn new(handler: RouteFuture<Infallible>, limit: Duration) -> Self {
        Self::Handler {
            handler,
            limit,
            timer: None,
        }
    }

    /// The answer. A panic of the handler becomes one, and past the time limit it is dropped, which cancels it.
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Response> {
        if let Self::Handler {
            handler,
            limit,
            timer,
        } = self
        {
            match catch_unwind(AssertUnwindSafe(|| Pin::new(handler).poll(cx))) {
                Ok(Poll::Ready(Ok(response))) => {
                    *self = Self::Done;
                    return Poll::Ready(response);
                }
                // The panic hook has logged it.
                Err(_) => return Poll::Ready(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
                Ok(Poll::Pending) => {}
            }
            let timer = timer.get_or_insert_with(|| Box::pin(sleep(*limit)));
            ready!(timer.as_mut().poll(cx));
            // What it drops may panic in its turn.
            let _ = catch_unwind(AssertUnwindSafe(|| *self = Self::Done));
            return Poll::Ready(ApiError::TimedOut.into_response());
        }
        match std::mem::replace(self, Self::Done) {
            Self::Refused(response) => Poll::Ready(response),
            _ => Poll::Pending,
        }
    }
}

impl Future for Serving {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let context = &this.context;
        span::entered(context.span(), || {
            let answer = ready!(this.work.poll(cx));
            let mut response = enveloped(answer, context);
            if let Some(mut end) = this.end.take() {
                end.edge
                    .stamp(response.headers_mut(), context, this.origin.take());
                end.status = response.status().as_u16();
            }
            Poll::Ready(Ok(match this.ticket.take() {
                Some(ticket) => response.map(|body| ticket.follow(body, context.clone())),
                None => response,
            }))
        })
    }
}

impl Drop for Serving {
    /// What ends with a request, and what it logs then, is a part of it. One that was answered has ended already.
    fn drop(&mut self) {
        if self.end.is_none() {
            return;
        }
        let (context, work, end) = (&self.context, &mut self.work, &mut self.end);
        span::entered(context.span(), || {
            *work = Work::Done;
            drop(end.take());
        });
    }
}

/// The end of a request, answered or dropped unanswered: the access line and the metrics hook.
pub(super) struct End {
    edge: Arc<Inner>,
    pub(super) method: &'static str,
    pattern: Option<Arc<str>>,
    started: Instant,
    /// Asked by a machine, all day long.
    pub(super) probe: bool,
    status: u16,
}

impl End {
    pub(super) fn new(
        edge: Arc<Inner>,
        method: &'static str,
        pattern: Option<Arc<str>>,
        started: Instant,
    ) -> Self {
        let probe = pattern
            .as_ref()
            .is_some_and(|pattern| pattern.starts_with("/health/"));
        Self {
            edge,
            method,
            pattern,
            started,
            probe,
            status: GIVEN_UP,
        }
    }

    /// Bounded: whatever path a client asks for.
    pub(super) fn route(&self) -> &str {
        self.pattern.as_deref().unwrap_or("unmatched")
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let ended = Instant::now();
        let sample = Sample {
            method: self.method,
            route: self.route(),
            status: self.status,
            latency: ended - self.started,
        };
        let recorder = self.edge.recorder.as_ref();
        if let Some(recorder) = recorder {
            recorder.record(&sample);
        }
        access::log(&sample, ended, self.probe || recorder.is_none());
    }
}
