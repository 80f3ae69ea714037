//! One connection's socket, and what the service owes the client at its other end.
//!
//! hyper does not know how long a client may leave its answer lying, nor can it tell a client that has left from one that
//! has only said all it had to say. How long a header may take it knows, for the price of a timer a request; here it is one
//! a connection.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::in_flight::{End, InFlight, Ticket};

/// How long a connection is given where nothing says whether its client is still there.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// What the client of one connection is owed. HTTP/1.1 has one answer at a time.
pub(super) struct Owed {
    answer: Mutex<Answer>,
    /// Counts writes that the client's side has taken.
    taken: AtomicU64,
    /// Whether a request's body was given up before its end.
    pub(super) unread: Arc<AtomicBool>,
}

enum Answer {
    /// The client's next header is due, since then.
    None { since: Instant },
    /// An answer is.
    Due {
        _ticket: Ticket,
        /// None while the handler runs, or the body has not come to its end. Then it is made, but not taken by the
        /// client's side yet. It has a ticket too, that of its own limit.
        made: Option<Body>,
    },
}

impl Answer {
    fn none_from_now() -> Self {
        Self::None {
            since: Instant::now(),
        }
    }
}

/// A request that is being answered.
pub(super) struct Answering(Arc<Owed>);

impl Owed {
    /// Nothing, by a connection that is opened now.
    pub(super) fn nothing_yet() -> Self {
        Self {
            answer: Mutex::new(Answer::none_from_now()),
            taken: AtomicU64::new(0),
            unread: Arc::default(),
        }
    }

    /// Counts a request in `in_flight` until its answer has left, or the connection is gone.
    pub(super) fn begin(self: &Arc<Self>, in_flight: &InFlight) -> Answering {
        self.unread.store(false, Ordering::Relaxed);
        if let Some(ticket) = in_flight.enter(usize::MAX) {
            *self.answer() = Answer::Due {
                _ticket: ticket,
                made: None,
            };
        }
        Answering(self.clone())
    }

    /// Resolves once the client has taken `patience` to send a header, or a part of one.
    pub(super) async fn header_overdue(&self, patience: Duration) {
        let mut look = Instant::now();
        loop {
            let due = match *self.answer() {
                Answer::None { since } => since + patience,
                // Whenever this answer has left, the next header is due no sooner than that.
                Answer::Due { .. } => look + patience,
            };
            if due <= look {
                return;
            }
            sleep_until(due).await;
            look = Instant::now();
        }
    }

    /// Resolves when for a whole [`GRACE`] no request was being served and the client has taken nothing.
    pub(super) async fn nothing(&self) {
        loop {
            let taken = self.taken.load(Ordering::Relaxed);
            sleep(GRACE).await;
            let still = taken == self.taken.load(Ordering::Relaxed);
            if still && !matches!(*self.answer(), Answer::Due { made: None, .. }) {
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
        if let Answer::Due { made, .. } = &mut *self.0.answer() {
            *made = Some(body);
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
    /// Runs once all has been answered and the client, which was still sending, sends nothing; and when it ends at the latest.
    lingering: Option<(Pin<Box<Sleep>>, Instant)>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, owed: Arc<Owed>, patience: Duration) -> Self {
        Self {
            stream,
            owed,
            patience,
            stalled: None,
            silent: None,
            lingering: None,
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
            Answer::None { .. } => Poll::Ready(Ok(())),
            Answer::Due { made: None, .. } => silent.as_mut().poll(cx).map(Ok),
            // Whether it takes that, writing shows.
            Answer::Due { made: Some(_), .. } => Poll::Pending,
        }
    }
}

/// Not vectored: answers are short, and one buffer costs the kernel less than a list of two.
impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.paced(cx, written)
    }

    /// Called when all that was written has been taken.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut answer = self.owed.answer();
        if matches!(*answer, Answer::Due { made: Some(_), .. }) {
            *answer = Answer::none_from_now();
            if self.silent.is_some() {
                // The end that `poll_read` kept back is due.
                cx.waker().wake_by_ref();
            }
        }
        Poll::Ready(Ok(()))
    }

    /// In stages, where the client may still be sending (RFC 9112, 9.6): what comes is thrown away for as long as it does not
    /// pause, and the client is waited for. To close at once would reset the connection, and one that writes all of its
    /// request before it reads would never see why.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        if !this.owed.unread.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let last = Instant::now() + this.patience;
        let (lingering, last) = this
            .lingering
            .get_or_insert_with(|| (Box::pin(sleep(GRACE)), last));
        let mut thrown_away = [0; 4096];
        while lingering.as_mut().poll(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut thrown_away);
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            lingering
                .as_mut()
                .reset((Instant::now() + GRACE).min(*last));
        }
        Poll::Ready(Ok(()))
    }
}
