//! A load at a fixed rate. Latency counts from when a request was due, not from when it could be sent: a server that
//! stalls is charged for every request that had to wait meanwhile.
//!
//! One thread that never sleeps: at these rates the next request is always due sooner than a sleep would end.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::statistics::figure;
use super::wrk::CONNECTIONS;

/// Latencies of a microsecond each; what took longer than a second is counted as that.
const LONGEST: usize = 1_000_000;

/// What a load saw.
#[derive(Debug)]
pub struct Paced {
    /// By microseconds, how many answers took that long.
    counts: Vec<u32>,
    total: u64,
}

impl Paced {
    fn note(&mut self, latency: Duration) {
        let microseconds = usize::try_from(latency.as_micros()).unwrap_or(LONGEST);
        self.counts[microseconds.min(LONGEST)] += 1;
        self.total += 1;
    }

    /// Whether nearly all that was due was answered: beyond its capacity every server is as late as the run is long.
    pub fn kept_up(&self, rate: u32, time: Duration) -> bool {
        figure(self.total) >= 0.95 * f64::from(rate) * time.as_secs_f64()
    }

    /// The latency in milliseconds that so many of a thousand answers stayed within.
    pub fn permille(&self, permille: u64) -> f64 {
        let wanted = (self.total * permille).div_ceil(1000).max(1);
        let mut seen = 0;
        let within = self.counts.iter().position(|count| {
            seen += u64::from(*count);
            seen >= wanted
        });
        figure(within.unwrap_or(LONGEST) as u64) / 1000.0
    }
}

struct Connection {
    stream: TcpStream,
    /// When the request that it waits for was due.
    due: Option<Instant>,
    answer: Vec<u8>,
}

/// Sends `rate` requests a second for `time`.
pub fn pace(address: SocketAddr, path: &str, rate: u32, time: Duration) -> Result<Paced> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let connect = |_| -> Result<Connection> {
        let stream = TcpStream::connect(address).context("cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Connection {
            stream,
            due: None,
            answer: Vec::new(),
        })
    };
    let mut connections = (0..CONNECTIONS).map(connect).collect::<Result<Vec<_>>>()?;
    let mut idle: VecDeque<usize> = (0..CONNECTIONS).collect();
    let mut paced = Paced {
        counts: vec![0; LONGEST + 1],
        total: 0,
    };
    let (begun, interval) = (Instant::now(), Duration::from_secs(1) / rate.max(1));
    let mut next = begun;
    loop {
        let now = Instant::now();
        if now > begun + time {
            break;
        }
        if next <= now
            && let Some(free) = idle.pop_front()
        {
            let connection = &mut connections[free];
            // A request of a hundred bytes always fits into an empty buffer.
            connection
                .stream
                .write_all(request.as_bytes())
                .context("cannot send")?;
            connection.due = Some(next);
            next += interval;
        }
        for (index, connection) in connections.iter_mut().enumerate() {
            let Some(due) = connection.due else { continue };
            if connection.answered()? {
                paced.note(due.elapsed());
                connection.due = None;
                idle.push_back(index);
            }
        }
    }
    if paced.total == 0 {
        bail!("no request was answered");
    }
    Ok(paced)
}

impl Connection {
    /// Whether the whole answer is there.
    fn answered(&mut self) -> Result<bool> {
        let mut buffer = [0; 4096];
        let read = match self.stream.read(&mut buffer) {
            Ok(0) => bail!("the server closed a connection under load"),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error).context("cannot receive"),
        };
        self.answer.extend_from_slice(&buffer[..read]);
        let Some(length) = length(&self.answer)? else {
            return Ok(false);
        };
        let whole = self.answer.len() >= length;
        if whole {
            self.answer.clear();
        }
        Ok(whole)
    }
}

/// How long the answer will be, once its header is there. Anything but a 200 is a failure.
fn length(answer: &[u8]) -> Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(header) = response.parse(answer).context("not HTTP")? else {
        return Ok(None);
    };
    if response.code != Some(200) {
        bail!("an answer had status {}", response.code.unwrap_or_default());
    }
    let mut fields = response.headers.iter();
    let body = fields.find(|field| field.name.eq_ignore_ascii_case("content-length"));
    let body = body.context("an answer has no content-length")?;
    Ok(Some(
        header + std::str::from_utf8(body.value)?.trim().parse::<usize>()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_counted_from_the_fast_end() {
        let mut paced = Paced {
            counts: vec![0; LONGEST + 1],
            total: 0,
        };
        for microseconds in 1..=1000 {
            paced.note(Duration::from_micros(microseconds));
        }
        paced.note(Duration::from_secs(5));
        assert_eq!(paced.permille(500).to_string(), "0.501");
        assert_eq!(paced.permille(990).to_string(), "0.991");
        assert_eq!(paced.permille(1000).to_string(), "1000");
        // 1001 answers.
        assert!(paced.kept_up(1000, Duration::from_secs(1)));
        assert!(!paced.kept_up(1100, Duration::from_secs(1)));
    }

    #[test]
    fn an_answer_ends_where_it_says() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(length(answer).unwrap(), Some(answer.len()));
        assert_eq!(length(&answer[..20]).unwrap(), None);
        for (wrong, expected) in [
            (
                "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n",
                "status 503",
            ),
            ("HTTP/1.1 200 OK\r\n\r\n", "no content-length"),
            ("nonsense\r\n\r\n", "not HTTP"),
        ] {
            let error = format!("{:#}", length(wrong.as_bytes()).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn requests_are_sent_as_they_come_due() {
        use std::io::{BufRead, BufReader};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let mut stream = stream;
                    while let Some(Ok(line)) = lines.next() {
                        if line.is_empty() {
                            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                            stream.write_all(answer).unwrap();
                        }
                    }
                });
            }
        });
        let paced = pace(address, "/", 1000, Duration::from_millis(200)).unwrap();
        // A busy machine may send fewer, and nothing may send more.
        assert!((1..=201).contains(&paced.total), "{}", paced.total);
    }
}
