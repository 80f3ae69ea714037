//! A light load: clients that open a connection a request, and clients that keep theirs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Between two requests of one client.
const PACE: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(5);

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its body.
    Answered(String),
    /// There was no connection, or it ended without a word.
    Away,
}

/// A request: when it was sent, when it ended, and how.
#[derive(Clone, Debug)]
pub struct Request {
    pub at: Instant,
    pub done: Instant,
    pub outcome: Outcome,
}

/// Clients that go on until they are told to stop.
pub struct Load {
    stop: Arc<AtomicBool>,
    fresh: Vec<JoinHandle<Vec<Request>>>,
    kept: Vec<JoinHandle<Vec<Request>>>,
}

/// What they have seen.
pub struct Seen {
    /// A connection a request.
    pub fresh: Vec<Request>,
    /// Connections that are kept.
    pub kept: Vec<Request>,
}

impl Load {
    pub fn on(address: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let client = |keep: bool| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                let mut requests = Vec::new();
                let mut connection = None;
                while !stop.load(Ordering::SeqCst) {
                    let at = Instant::now();
                    let outcome = ask(address, keep, &mut connection);
                    let done = Instant::now();
                    requests.push(Request { at, done, outcome });
                    thread::sleep(PACE);
                }
                requests
            })
        };
        Self {
            fresh: (0..2).map(|_| client(false)).collect(),
            kept: (0..2).map(|_| client(true)).collect(),
            stop,
        }
    }

    pub fn stop(self) -> Seen {
        self.stop.store(true, Ordering::SeqCst);
        let all = |clients: Vec<JoinHandle<Vec<Request>>>| {
            let mut all: Vec<Request> = clients
                .into_iter()
                .flat_map(|c| c.join().unwrap())
                .collect();
            all.sort_by_key(|request| request.at);
            all
        };
        Seen {
            fresh: all(self.fresh),
            kept: all(self.kept),
        }
    }
}

impl Seen {
    pub fn all(&self) -> impl Iterator<Item = &Request> {
        self.fresh.iter().chain(&self.kept)
    }

    /// How many were not answered.
    pub fn away(&self) -> usize {
        self.all()
            .filter(|request| request.outcome == Outcome::Away)
            .count()
    }
}

/// From the start of the first request that was not answered to the end of the first one after it that was.
pub fn gap(requests: &[Request]) -> Duration {
    let Some(first) = requests.iter().position(|r| r.outcome == Outcome::Away) else {
        return Duration::ZERO;
    };
    let last = requests
        .iter()
        .rposition(|r| r.outcome == Outcome::Away)
        .unwrap();
    let after = requests[last..].iter().find(|r| r.outcome != Outcome::Away);
    let end = after.map_or(requests[last].done, |request| request.done);
    end.duration_since(requests[first].at)
}

fn ask(address: SocketAddr, keep: bool, kept: &mut Option<BufReader<TcpStream>>) -> Outcome {
    let answer = (|| -> std::io::Result<(String, bool)> {
        let mut stream = if let Some(stream) = kept.take() {
            stream
        } else {
            let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            BufReader::new(stream)
        };
        let connection = if keep { "keep-alive" } else { "close" };
        let request =
            format!("GET /version HTTP/1.1\r\nhost: x\r\nconnection: {connection}\r\n\r\n");
        stream.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut close) = (None, !keep);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.parse().ok();
            }
            close |= line == "connection: close";
        }
        let mut body = vec![0; length.unwrap_or_default()];
        stream.read_exact(&mut body)?;
        if !close {
            *kept = Some(stream);
        }
        Ok((String::from_utf8(body).unwrap(), close))
    })();
    answer.map_or(Outcome::Away, |(body, _)| Outcome::Answered(body))
}
