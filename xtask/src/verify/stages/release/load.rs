//! A light load while something is deployed: a request every 20 ms on a connection of its own, and one on a connection
//! that stays open. It counts what was not answered as it should have been.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::contract::client::{Connection, Request};

/// From one pair of requests to the next.
const PACE: Duration = Duration::from_millis(20);

/// How many faults are kept in words.
const KEPT: usize = 5;

/// What was served.
#[derive(Debug, Default)]
pub(super) struct Served {
    /// How many requests were sent.
    pub requests: u64,
    /// How many of them failed.
    pub dropped: u64,
    /// The first faults.
    pub faults: Vec<String>,
}

/// A load that goes on until it is stopped.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Served>,
}

impl Load {
    /// Asks the service at `port` for its version, which has to name one of `commits`.
    pub(super) fn start(port: u16, commits: &[&str]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let commits: Vec<String> = commits.iter().map(|commit| (*commit).to_owned()).collect();
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || run(port, &commits, &stopped));
        Self { stop, thread }
    }

    /// Ends it.
    pub(super) fn stop(self) -> Result<Served> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow!("the load panicked"))
    }
}

fn run(port: u16, commits: &[String], stop: &AtomicBool) -> Served {
    let mut served = Served::default();
    let mut kept: Option<Connection> = None;
    while !stop.load(Ordering::Relaxed) {
        let fresh = open(port).and_then(|mut fresh| ask(&mut fresh, commits));
        served.count("a new connection", fresh);
        let again = match kept.take() {
            Some(connection) => Ok(connection),
            None => open(port),
        };
        let again = again.and_then(|mut connection| {
            ask(&mut connection, commits)?;
            kept = Some(connection);
            Ok(())
        });
        served.count("a kept connection", again);
        thread::sleep(PACE);
    }
    served
}

impl Served {
    fn count(&mut self, what: &str, outcome: Result<(), String>) {
        self.requests += 1;
        if let Err(fault) = outcome {
            self.dropped += 1;
            if self.faults.len() < KEPT {
                self.faults.push(format!("{what}: {fault}"));
            }
        }
    }
}

/// The commit that the service at `port` says it was built from.
pub(super) fn version(port: u16) -> Result<String> {
    let mut connection = open(port).map_err(|fault| anyhow!(fault))?;
    let response = call(&mut connection, &Request::get("/version"));
    let response = response.map_err(|fault| anyhow!("port {port}: {fault}"))?;
    let body: serde_json::Value = serde_json::from_slice(&response.1)?;
    Ok(body["commit"].as_str().unwrap_or_default().to_owned())
}

/// The status with which it answers `request`.
pub(super) fn status(port: u16, request: &Request) -> Result<u16> {
    let mut connection = open(port).map_err(|fault| anyhow!(fault))?;
    let answer = call(&mut connection, request).map_err(|fault| anyhow!(fault))?;
    Ok(answer.0)
}

fn open(port: u16) -> Result<Connection, String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Connection::open(address).map_err(|error| error.to_string())
}

fn call(connection: &mut Connection, request: &Request) -> Result<(u16, Vec<u8>), String> {
    let response = connection.call(request);
    let response = response.map_err(|error| error.to_string())?;
    Ok((response.status, response.body))
}

fn ask(connection: &mut Connection, commits: &[String]) -> Result<(), String> {
    let (status, body) = call(connection, &Request::get("/version"))?;
    let body = String::from_utf8_lossy(&body);
    if status == 200 && commits.iter().any(|commit| body.contains(commit)) {
        Ok(())
    } else {
        Err(format!("{status} {body}"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn what_is_refused_or_is_another_version_counts_as_dropped() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let answering = thread::spawn(move || {
            let answer = |stream: &mut TcpStream, commit: &str| {
                assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
                let body = format!("{{\"commit\":\"{commit}\"}}");
                let length = body.len();
                let head = "HTTP/1.1 200 OK\r\ncontent-length:";
                write!(stream, "{head} {length}\r\n\r\n{body}").unwrap();
            };
            answer(&mut listener.accept().unwrap().0, "abc");
            let (mut kept, _) = listener.accept().unwrap();
            // From now on nobody takes new connections, and the kept one is answered by another version.
            drop(listener);
            answer(&mut kept, "abc");
            answer(&mut kept, "other");
        });
        let stop = AtomicBool::new(false);
        let served = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(200));
                stop.store(true, Ordering::Relaxed);
            });
            run(port, &["abc".to_owned()], &stop)
        });
        answering.join().unwrap();
        assert!(served.requests >= 4, "{served:?}");
        assert_eq!(served.requests - served.dropped, 2, "{served:?}");
        let other = |fault: &String| fault.contains("other");
        assert!(served.faults.iter().any(other), "{served:?}");
    }
}
