//! A way to the server that can be cut: so a test can stop "its" server and leave that of the others alone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

/// What becomes of connections.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// They reach the server.
    Open,
    /// They are refused, and those that were open are closed: the server has stopped.
    Shut,
    /// They are taken, and nothing comes back: the server hangs, or the network swallows everything.
    Swallowed,
}

pub(crate) struct Proxy {
    way: watch::Sender<Way>,
    address: SocketAddr,
    taken: Arc<AtomicUsize>,
}

impl Proxy {
    /// A way to the server of `url`, and the URL that leads over it.
    pub(crate) async fn to(url: &str, way: Way) -> (Self, String) {
        let mut url: Url = url.parse().unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(address.port())).unwrap();
        let (way, now) = watch::channel(way);
        drop(listener);
        let taken = Arc::<AtomicUsize>::default();
        tokio::spawn(serve(address, server, now, taken.clone()));
        let proxy = Self {
            way,
            address,
            taken,
        };
        (proxy, url.into())
    }

    /// How many connections it has taken so far.
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    /// From now on; returns once new connections meet it.
    pub(crate) async fn is(&self, way: Way) {
        self.way.send_replace(way);
        while (TcpStream::connect(self.address).await.is_ok()) == (way == Way::Shut) {
            tokio::task::yield_now().await;
        }
    }
}

async fn serve(
    address: SocketAddr,
    server: String,
    mut way: watch::Receiver<Way>,
    taken: Arc<AtomicUsize>,
) {
    loop {
        if way.wait_for(|way| *way != Way::Shut).await.is_err() {
            return;
        }
        let listener = TcpListener::bind(address).await.unwrap();
        while *way.borrow_and_update() != Way::Shut {
            tokio::select! {
                accepted = listener.accept() => {
                    let (client, _) = accepted.unwrap();
                    taken.fetch_add(1, Ordering::SeqCst);
                    tokio::spawn(pump(client, server.clone(), way.clone()));
                }
                changed = way.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

async fn pump(mut client: TcpStream, server: String, mut way: watch::Receiver<Way>) {
    let mut copies = std::pin::pin!(async move {
        let mut server = TcpStream::connect(server).await.unwrap();
        // One side that breaks off ends the other.
        let _ = copy_bidirectional(&mut client, &mut server).await;
    });
    loop {
        let now = *way.borrow_and_update();
        let changed = match now {
            Way::Shut => return,
            Way::Swallowed => way.changed().await,
            Way::Open => tokio::select! {
                () = &mut copies => return,
                changed = way.changed() => changed,
            },
        };
        if changed.is_err() {
            return;
        }
    }
}
