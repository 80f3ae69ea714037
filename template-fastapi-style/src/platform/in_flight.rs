//! Counting requests in flight: from the end of the request's header until the response has been sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::context;

/// How many requests are being served.
#[derive(Clone, Default)]
pub struct InFlight(Arc<AtomicUsize>);

impl InFlight {
    /// The number right now.
    pub fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts one more, unless there are `limit` already.
    pub(super) fn enter(&self, limit: usize) -> Option<Ticket> {
        let one_more = |now: usize| (now < limit).then_some(now + 1);
        let entered = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        entered.ok().map(|_| Ticket(self.clone()))
    }
}

/// Counts one request for as long as it is kept.
pub(super) struct Ticket(InFlight);

impl Ticket {
    /// Goes on counting until the response's body has been sent, or given up: the wire keeps the body until then. What
    /// the body does is a part of the request too.
    pub(super) fn follow(self, body: Body, context: context::Context) -> Body {
        Body::new(Until {
            body,
            context: Some(context),
            end: self,
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl End for Ticket {}

/// What has to know when a body has come to its end.
pub(super) trait End: Unpin {
    /// Called with the body once nothing more is asked of it. What it holds ends when it is dropped.
    fn reached(&mut self, body: Body) {
        drop(body);
    }
}

/// A body whose end somebody has to know.
pub(super) struct Until<T: End> {
    pub(super) body: Body,
    pub(super) context: Option<context::Context>,
    pub(super) end: T,
}

impl<T: End> Drop for Until<T> {
    fn drop(&mut self) {
        self.end.reached(std::mem::take(&mut self.body));
    }
}

impl<T: End> HttpBody for Until<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let body = Pin::new(&mut this.body);
        match &this.context {
            Some(context) => context.enter(|| body.poll_frame(cx)),
            None => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
