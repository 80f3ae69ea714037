//! Accepting connections, and ending without dropping any.
//!
//! HTTP/1.1 on hyper: `axum::serve` has no time-out for a client that trickles its header. TLS and HTTP/2 end at the
//! load balancer.

use std::fmt;
use std::future::pending;
use std::io;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal as listen_for};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::health::Readiness;
use crate::config::ServerSettings;

/// A connection this young may still be sending its first request when the service closes: it gets the chance to.
const FIRST_REQUEST: Duration = Duration::from_secs(1);

/// The number of requests that shutdown cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut(pub usize);

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Resolves at SIGTERM or SIGINT. Handlers are in place when this returns, so it works as process 1 too.
pub fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut terminate = listen_for(SignalKind::terminate())?;
    let mut interrupt = listen_for(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Serves until `stop` resolves, then: not ready at once, accepting for `drain_delay` more, and `shutdown_timeout` for
/// what is in flight.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &ServerSettings,
    readiness: &Readiness,
    stop: impl Future<Output = ()>,
) -> Result<(), Cut> {
    let (close, closing) = watch::channel(());
    let take = |stream| welcome(stream, &router, settings.header_timeout, &closing);
    accept(&listener, &take, pin!(stop)).await;
    readiness.drain();
    tracing::info!("draining");
    accept(&listener, &take, pin!(sleep(settings.drain_delay))).await;
    // Clients that the kernel has already greeted count on us.
    if let Ok(listener) = listener.into_std() {
        while let Ok((stream, _)) = listener.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                take(stream);
            }
        }
    }
    drop(closing);
    let _ = close.send(());
    // Each connection holds a receiver; an idle one closes at once, so those that remain are serving a request.
    timeout(settings.shutdown_timeout, close.closed())
        .await
        .map_err(|_| Cut(close.receiver_count()))
}

/// Serves until dropped. Nobody waits for these connections at shutdown.
pub async fn forever(listener: TcpListener, router: Router, header_timeout: Duration) {
    let (_open, closing) = watch::channel(());
    let take = |stream| welcome(stream, &router, header_timeout, &closing);
    accept(&listener, &take, pin!(pending())).await;
}

/// Hands over connections until `stop` resolves.
async fn accept(
    listener: &TcpListener,
    take: &impl Fn(TcpStream),
    mut stop: Pin<&mut impl Future<Output = ()>>,
) {
    loop {
        tokio::select! {
            () = &mut stop => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => take(stream),
                // A client that gave up is its own affair; out of file descriptors, wait for some to come back.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept");
                    sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
}

fn welcome(
    stream: TcpStream,
    router: &Router,
    header_timeout: Duration,
    closing: &watch::Receiver<()>,
) {
    tokio::spawn(connection(
        stream,
        router.clone(),
        header_timeout,
        closing.clone(),
    ));
}

async fn connection(
    stream: TcpStream,
    router: Router,
    header_timeout: Duration,
    mut closing: watch::Receiver<()>,
) {
    let opened = Instant::now();
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut served = pin!(served);
    let closed = async {
        let _ = closing.changed().await;
        sleep_until(opened + FIRST_REQUEST).await;
    };
    // A client that breaks off, or breaks the protocol, is told by the log only to those who ask for debug.
    let outcome = tokio::select! {
        outcome = served.as_mut() => outcome,
        () = closed => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "connection ended early");
    }
}
