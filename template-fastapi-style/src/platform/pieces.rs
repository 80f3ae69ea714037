//! Bodies that keep no more memory than they bring, and say when they are given up.
//!
//! hyper hands out pieces of the buffer that it reads into, and each of them keeps all of that: 8 KiB for a single byte. Who
//! collects a body keeps its pieces, so that one which comes byte by byte would take thousands of times `server.body_limit`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// A body whose pieces are copied out of the buffer that they came in. Not its last one: most bodies have no other.
pub(super) struct Pieces<B> {
    body: B,
    /// What to set when the body is dropped; none once it has come to its end.
    unread: Option<Arc<AtomicBool>>,
}

impl<B: HttpBody> Pieces<B> {
    /// Sets `unread` when the body is dropped before its end.
    pub(super) fn of(body: B, unread: &Arc<AtomicBool>) -> Self {
        let unread = (!body.is_end_stream()).then(|| unread.clone());
        Self { body, unread }
    }
}

impl<B> Drop for Pieces<B> {
    fn drop(&mut self) {
        if let Some(unread) = &self.unread {
            unread.store(true, Ordering::Relaxed);
        }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Pieces<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.unread = None;
            return Poll::Ready(frame);
        }
        let copied = |frame: Frame<Bytes>| frame.map_data(|piece| Bytes::copy_from_slice(&piece));
        Poll::Ready(frame.map(|frame| frame.map(copied)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::BodyExt;

    use super::*;

    /// Pieces of one buffer, last one first.
    struct Read(Vec<Bytes>);

    impl HttpBody for Read {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop().map(|piece| Ok(Frame::data(piece))))
        }

        fn is_end_stream(&self) -> bool {
            self.0.is_empty()
        }
    }

    #[tokio::test]
    async fn a_piece_does_not_keep_the_buffer_that_it_came_in() {
        let buffer = Bytes::from(vec![7; 8192]);
        let body = Read(vec![buffer.slice(1..2), buffer.slice(..1)]);
        let mut body = Pieces::of(body, &Arc::default());
        let mut pieces = Vec::new();
        while let Some(frame) = body.frame().await {
            pieces.push(frame.unwrap().into_data().unwrap());
        }
        assert_eq!(pieces, [&[7][..], &[7][..]]);
        assert_ne!(pieces[0].as_ptr(), buffer.as_ptr());
        assert_eq!(pieces[1].as_ptr(), buffer[1..].as_ptr());
    }

    #[tokio::test]
    async fn what_is_given_up_is_told() {
        for (read, told) in [(0, true), (1, true), (2, false)] {
            let (one, unread) = (Bytes::from_static(b"1"), Arc::default());
            let mut body = Pieces::of(Read(vec![one.clone(), one]), &unread);
            for _ in 0..read {
                let _ = body.frame().await;
            }
            assert!(!unread.load(Ordering::Relaxed));
            drop(body);
            assert_eq!(unread.load(Ordering::Relaxed), told, "after {read} of two");
        }
        let unread = Arc::default();
        drop(Pieces::of(Read(Vec::new()), &unread));
        assert!(!unread.load(Ordering::Relaxed));
    }
}
