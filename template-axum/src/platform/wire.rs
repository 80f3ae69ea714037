//! One connection's socket, and what the service owes the client at its other end.
//!
//! hyper knows how long a header may take. It does not know how long a client may leave its answer lying, nor can it tell
//! a client that has left from one that has only said all it had to say.

use std::io::{self, IoSlice};
use std::mem::take;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::in_flight::{End, InFlight, Ticket};

/// How long a connection is given where nothing says whether its client is still there.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// What the client of one connection is owed. HTTP/1.1 has one answer at a time.
#[derive(Default)]
pub(super) struct Owed {
    answer: Mutex<Answer>,
    /// Counts writes that the client's side has taken.
    taken: AtomicU64,
}

#[derive(Default)]
enum Answer {
    #[default]
    None,
    /// The handler runs, or the body has not come to its end.
    Pending(Ticket),
    /// Made to its end, but not taken by the client's side yet. The body has a ticket too, that of its own limit.
    Unsent { _ticket: Ticket, _body: Body },
}

/// A request that is being answered.
pub(super) struct Answering(Arc<Owed>);

impl Owed {
    /// Counts a request in `in_flight` until its answer has left, or the connection is gone.
    pub(super) fn begin(self: &Arc<Self>, in_flight: &InFlight) -> Answering {
        if let Some(ticket) = in_flight.enter(usize::MAX) {
            *self.answer() = Answer::Pending(ticket);
        }
        Answering(self.clone())
    }

    /// Resolves when for a whole [`GRACE`] no request was being served and the client has taken nothing.
    pub(super) async fn nothing(&self) {
        loop {
            let taken = self.taken.load(Ordering::Relaxed);
            sleep(GRACE).await;
            let still = taken == self.taken.load(Ordering::Relaxed);
            if still && !matches!(*self.answer(), Answer::Pending(_)) {
                return;
            }
        }
    }

    fn answer(&self) -> MutexGuard<'_, Answer> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl End for Answering {
    fn reached(&mut self, body: Body) {
        let mut answer = self.0.answer();
        if let Answer::Pending(ticket) = take(&mut *answer) {
            *answer = Answer::Unsent {
                _ticket: ticket,
                _body: body,
            };
        }
    }
}

/// A socket that fails when its client takes nothing of an answer for too long.
pub(super) struct Wire {
    stream: TcpStream,
    owed: Arc<Owed>,
    /// For how long the client may take nothing.
    patience: Duration,
    /// Runs while the client's side takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Runs once the client has said its last, while its answer is being made.
    silent: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, owed: Arc<Owed>, patience: Duration) -> Self {
        Self {
            stream,
            owed,
            patience,
            stalled: None,
            silent: None,
        }
    }

    fn paced(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            self.owed.taken.fetch_add(1, Ordering::Relaxed);
            return written;
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        let timed_out = || Err(io::ErrorKind::TimedOut.into());
        stalled.as_mut().poll(cx).map(|()| timed_out())
    }
}

impl AsyncRead for Wire {
    /// The end of what a client sends means that it has left, or that it waits for its answer: only time tells.
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            return Poll::Ready(Ok(()));
        }
        let this = &mut *self;
        let silent = this.silent.get_or_insert_with(|| Box::pin(sleep(GRACE)));
        match *this.owed.answer() {
            Answer::None => Poll::Ready(Ok(())),
            Answer::Pending(_) => silent.as_mut().poll(cx).map(Ok),
            // Whether it takes that, writing shows.
            Answer::Unsent { .. } => Poll::Pending,
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.paced(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.paced(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when all that was written has been taken.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut answer = self.owed.answer();
        if matches!(*answer, Answer::Unsent { .. }) {
            *answer = Answer::None;
            if self.silent.is_some() {
                // The end that `poll_read` kept back is due.
                cx.waker().wake_by_ref();
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
