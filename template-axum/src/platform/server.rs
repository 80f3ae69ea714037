//! Accepting connections, and ending without dropping any.
//!
//! HTTP/1.1 on hyper: `axum::serve` has no time-out for a client that trickles its header, nor room for one. TLS and
//! HTTP/2 end at the load balancer.

use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal as listen_for};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tower::Service;

use super::aside::Aside;
use super::health::Readiness;
use super::in_flight::{InFlight, Until};
use super::pieces::Pieces;
use super::wire::{GRACE, Owed, Wire};
use crate::config::ServerSettings;

/// Bytes of a request's header, and of all that one connection buffers: what strangers can make a connection cost.
const HEADER: usize = 16 << 10;
const BUFFER: usize = 64 << 10;
/// Connections beyond those that `server.max_in_flight` asks for, so that probes find one where that is small; and all that
/// the management address takes.
const SPARE: usize = 64;

/// What answers the requests of all connections: [`Edge`](super::edge::Edge), or a router without one.
pub trait Answers:
    Service<Request, Response = Response, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Answers for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

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
/// what is in flight. Most connections idle, so it takes four for each request that may be in flight; the kernel queues
/// the others.
pub async fn serve(
    listener: TcpListener,
    router: impl Answers,
    settings: &ServerSettings,
    readiness: &Readiness,
    stop: impl Future<Output = ()>,
) -> Result<(), Cut> {
    let (close, closing) = watch::channel(());
    let in_flight = InFlight::default();
    let door = Door {
        router,
        patience: settings.header_timeout,
        in_flight: in_flight.clone(),
        closing,
    };
    let room = Arc::new(Semaphore::new(settings.max_in_flight * 4 + SPARE));
    accept(&listener, &door, &room, pin!(stop)).await;
    readiness.drain();
    tracing::info!("draining");
    accept(&listener, &door, &room, pin!(sleep(settings.drain_delay))).await;
    // Clients that the kernel has already greeted count on us.
    if let Ok(listener) = listener.into_std() {
        while let Ok((stream, _)) = listener.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                tokio::spawn(door.clone().connection(stream, None));
            }
        }
    }
    drop(door);
    let _ = close.send(());
    // Each connection holds a receiver, and closes as soon as nothing is owed on it.
    match (
        timeout(settings.shutdown_timeout, close.closed()).await,
        in_flight.now(),
    ) {
        (Ok(()), _) | (_, 0) => Ok(()),
        (Err(_), cut) => Err(Cut(cut)),
    }
}

/// Serves until dropped. Nobody waits for these connections at shutdown.
pub async fn forever(listener: TcpListener, router: impl Answers, header_timeout: Duration) {
    let (_open, closing) = watch::channel(());
    let door = Door {
        router,
        patience: header_timeout,
        in_flight: InFlight::default(),
        closing,
    };
    let room = Arc::new(Semaphore::new(SPARE));
    accept(&listener, &door, &room, pin!(pending())).await;
}

/// Hands over connections, as many at once as there is room for, until `stop` resolves.
async fn accept(
    listener: &TcpListener,
    door: &Door<impl Answers>,
    room: &Arc<Semaphore>,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) {
    loop {
        let next = async {
            let place = room.clone().acquire_owned().await.ok();
            listener.accept().await.map(|(stream, _)| (stream, place))
        };
        tokio::select! {
            () = &mut stop => return,
            accepted = next => match accepted {
                Ok((stream, place)) => drop(tokio::spawn(door.clone().connection(stream, place))),
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

/// What the connections of one address share.
#[derive(Clone)]
struct Door<S> {
    router: S,
    /// How long a client may take to send a header, and how long it may take nothing of its answer.
    patience: Duration,
    in_flight: InFlight,
    closing: watch::Receiver<()>,
}

/// Why a connection ends otherwise than by itself.
enum Exception {
    /// Its client sends no header.
    Overdue,
    /// The service stops.
    Closing,
}

impl<S: Answers> Door<S> {
    async fn connection(mut self, stream: TcpStream, _place: Option<OwnedSemaphorePermit>) {
        let opened = Instant::now();
        let _ = stream.set_nodelay(true);
        let owed = Arc::new(Owed::nothing_yet());
        let service = service_fn(|request| {
            let end = owed.begin(&self.in_flight);
            let request = request.map(|body| Body::new(Pieces::of(body, &owed.unread)));
            let answer = self.router.clone().call(request);
            async move {
                answer.await.map(|response| {
                    response.map(|body| Until {
                        body,
                        context: None,
                        end,
                    })
                })
            }
        });
        let served = http1::Builder::new()
            .max_header_size(HEADER)
            .max_buf_size(BUFFER)
            .serve_connection(
                TokioIo::new(Wire::new(stream, owed.clone(), self.patience)),
                service,
            );
        let mut served = pin!(served);
        let closed = async {
            let _ = self.closing.changed().await;
            // It may still be sending its first request: it gets the chance to.
            sleep_until(opened + GRACE).await;
        };
        let exception = Aside::new(async {
            tokio::select! {
                () = owed.header_overdue(self.patience) => Exception::Overdue,
                () = closed => Exception::Closing,
            }
        });
        let outcome = tokio::select! {
            // The first of them is what wakes this, nearly always.
            biased;
            outcome = served.as_mut() => outcome,
            exception = exception => match exception {
                Exception::Overdue => {
                    tracing::debug!("connection ended early: no header in time");
                    return;
                }
                Exception::Closing => {
                    served.as_mut().graceful_shutdown();
                    tokio::select! {
                        outcome = served => outcome,
                        () = owed.nothing() => return,
                    }
                }
            }
        };
        // A client that breaks off, or breaks the protocol, is told by the log only to those who ask for debug.
        if let Err(error) = outcome {
            tracing::debug!(%error, "connection ended early");
        }
    }
}
