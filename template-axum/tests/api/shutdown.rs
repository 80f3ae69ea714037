//! The end of the service, on a real listener.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use service::platform::server::{self, Cut};
use service::{AppState, Routes};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use crate::support::config;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), Cut>>,
    /// A request to `/hold` is inside its handler.
    entered: Arc<Notify>,
    /// Lets it go on.
    leave: Arc<Notify>,
}

async fn start(drain_delay: &str, shutdown_timeout: &str) -> Running {
    let limits = [
        ("APP__SERVER__DRAIN_DELAY", drain_delay),
        ("APP__SERVER__SHUTDOWN_TIMEOUT", shutdown_timeout),
        ("APP__SERVER__MAX_IN_FLIGHT", "8"),
    ];
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, outside) = (entered.clone(), leave.clone());
    let hold = get(|| async move {
        inside.notify_one();
        outside.notified().await;
        "held"
    });
    let state = AppState::new(config(&limits)).await.unwrap();
    let router = service::app::router(state.clone(), Routes::new().route("/hold", hold));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        server::serve(
            listener,
            router,
            &state.config.settings.server,
            &state.readiness,
            stopped,
        )
        .await
    });
    Running {
        address,
        stop,
        ended,
        entered,
        leave,
    }
}

async fn ask(address: SocketAddr, path: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes())
        .await?;
    Ok(stream)
}

/// All that comes until the service closes the connection.
async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn while_draining_it_still_accepts_and_says_that_it_is_leaving() {
    let service = start("1h", "1h").await;
    service.stop.send(()).unwrap();
    // The signal is noticed at some moment; from then on every answer ends its connection.
    let last = loop {
        let mut stream = ask(service.address, "/health/ready").await.unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        if &head == b"HTTP/1.1 503" {
            break answer(stream).await;
        }
    };
    assert!(
        last.contains("connection: close") && last.contains("draining"),
        "{last}"
    );
    let other = answer(ask(service.address, "/nowhere").await.unwrap()).await;
    assert!(
        other.starts_with("HTTP/1.1 404") && other.contains("connection: close"),
        "{other}"
    );
    service.ended.abort();
}

#[tokio::test]
async fn what_is_in_flight_finishes() {
    let service = start("0s", "1h").await;
    let held = ask(service.address, "/hold").await.unwrap();
    service.entered.notified().await;
    service.stop.send(()).unwrap();
    while TcpStream::connect(service.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!service.ended.is_finished());
    service.leave.notify_one();
    let held = answer(held).await;
    assert!(
        held.starts_with("HTTP/1.1 200") && held.ends_with("held"),
        "{held}"
    );
    assert!(held.contains("connection: close"), "{held}");
    assert_eq!(service.ended.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn what_does_not_finish_is_cut_and_counted() {
    let service = start("0s", "20ms").await;
    let _held = ask(service.address, "/hold").await.unwrap();
    service.entered.notified().await;
    service.stop.send(()).unwrap();
    assert_eq!(service.ended.await.unwrap(), Err(Cut(1)));
}

#[tokio::test(start_paused = true)]
async fn half_a_header_is_no_request_to_wait_for() {
    for shutdown_timeout in ["20ms", "1h"] {
        let service = start("0s", shutdown_timeout).await;
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        stream.write_all(b"GET /version HTT").await.unwrap();
        service.stop.send(()).unwrap();
        assert_eq!(service.ended.await.unwrap(), Ok(()));
        assert_eq!(answer(stream).await, "");
    }
}

#[tokio::test]
async fn a_client_that_has_said_its_last_gets_its_answer() {
    let service = start("0s", "1h").await;
    let mut asked = ask(service.address, "/version").await.unwrap();
    asked.shutdown().await.unwrap();
    let text = answer(asked).await;
    assert!(text.starts_with("HTTP/1.1 404"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn connections_beyond_the_bound_wait_for_one_to_end() {
    let service = start("0s", "1h").await;
    let begun = tokio::time::Instant::now();
    let mut idle = Vec::new();
    for _ in 0..4 * 8 + 64 {
        idle.push(TcpStream::connect(service.address).await.unwrap());
    }
    let mut waits = ask(service.address, "/nowhere").await.unwrap();
    waits.read_exact(&mut [0; 12]).await.unwrap();
    // The time-out of a header in staging has made room.
    assert!(begun.elapsed() >= Duration::from_secs(75));
    service.ended.abort();
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_counts_and_is_dropped() {
    const LARGE: usize = 32 << 20;
    let large = get(|| async { vec![b' '; LARGE] });
    let one = [("APP__SERVER__MAX_IN_FLIGHT", "1")];
    let state = AppState::new(config(&one)).await.unwrap();
    let router = service::app::router(state, Routes::new().route("/large", large));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Duration::from_secs(10);
    let server = tokio::spawn(server::forever(listener, router, patience));
    let mut stalled = ask(address, "/large").await.unwrap();
    stalled.read_exact(&mut [0; 12]).await.unwrap();
    // Each answer ends with its idle connection, when patience has come to its end.
    for status in ["503", "404"] {
        let text = answer(ask(address, "/nowhere").await.unwrap()).await;
        assert_eq!(&text[9..12], status);
    }
    assert!(answer(stalled).await.len() < LARGE);
    server.abort();
}

#[tokio::test]
async fn a_connection_that_the_kernel_has_queued_is_still_served() {
    // One thread, so nothing is accepted between these lines: the connections wait in the queue while `stop` resolves.
    let service = start("0s", "1h").await;
    let mut queued = Vec::new();
    for _ in 0..8 {
        let stream = std::net::TcpStream::connect(service.address).unwrap();
        stream.set_nonblocking(true).unwrap();
        queued.push(stream);
    }
    service.stop.send(()).unwrap();
    for stream in queued {
        let mut stream = TcpStream::from_std(stream).unwrap();
        stream
            .write_all(b"GET /nowhere HTTP/1.1\r\nhost: test\r\n\r\n")
            .await
            .unwrap();
        let text = answer(stream).await;
        assert!(text.starts_with("HTTP/1.1 404"), "{text}");
    }
    assert_eq!(service.ended.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_client_that_trickles_its_header_is_dropped() {
    let state = AppState::new(config(&[])).await.unwrap();
    let router = service::app::router(state, Routes::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(server::forever(listener, router, Duration::from_millis(20)));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /version HT").await.unwrap();
    assert_eq!(answer(stream).await, "");
    server.abort();
}
