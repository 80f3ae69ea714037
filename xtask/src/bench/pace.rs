//! A load at a fixed rate. Latency counts from when a request was due, not from when it could be sent: a server that
//! stalls is charged for every request that had to wait meanwhile, up to the end of the run for those that still wait then.
//!
//! One thread that never sleeps: at these rates the next request is always due sooner than a sleep would end.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Whatever was due, answered or not.
    total: u64,
    answered: u64,
}

impl Paced {
    fn new() -> Self {
        Self {
            counts: vec![0; LONGEST + 1],
            total: 0,
            answered: 0,
        }
    }

    fn note(&mut self, latency: Duration) {
        let microseconds = usize::try_from(latency.as_micros()).unwrap_or(LONGEST);
        self.counts[microseconds.min(LONGEST)] += 1;
        self.total += 1;
    }

    /// Whether nearly all that was due was answered: beyond its capacity every server is as late as the run is long.
    pub fn kept_up(&self) -> bool {
        self.share() >= 0.95
    }

    /// The part of what was due that was answered.
    pub fn share(&self) -> f64 {
        figure(self.answered) / figure(self.total)
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

/// Sends `rate` requests a second for `time`, or until `stop` says that nobody wants to know any more.
pub fn pace(
    address: SocketAddr,
    path: &str,
    rate: u32,
    time: Duration,
    stop: &AtomicBool,
) -> Result<Paced> {
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
    let mut paced = Paced::new();
    let (begun, interval) = (Instant::now(), Duration::from_secs(1) / rate.max(1));
    let (mut next, end) = (begun, begun + time);
    loop {
        let now = Instant::now();
        if now > end || stop.load(Ordering::Relaxed) {
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
                paced.answered += 1;
                connection.due = None;
                idle.push_back(index);
            }
        }
    }
    if paced.answered == 0 {
        bail!("no request was answered");
    }
    // What waits for its answer, and what waits for a free connection, has waited until now at least.
    let end = Instant::now().min(end);
    for due in connections.iter().filter_map(|connection| connection.due) {
        paced.note(end.saturating_duration_since(due));
    }
    while next < end {
        paced.note(end - next);
        next += interval;
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
        let mut paced = Paced::new();
        for microseconds in 1..=1000 {
            paced.note(Duration::from_micros(microseconds));
        }
        paced.note(Duration::from_secs(5));
        assert_eq!(paced.permille(500).to_string(), "0.501");
        assert_eq!(paced.permille(990).to_string(), "0.991");
        assert_eq!(paced.permille(1000).to_string(), "1000");
        paced.answered = 960;
        assert!(paced.kept_up());
        paced.answered = 940;
        assert!(!paced.kept_up());
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

    /// Answers so many requests, and none after those, on connections that stay open.
    fn server(answers: usize) -> SocketAddr {
        use std::io::{BufRead, BufReader};
        use std::sync::Arc;
        use std::sync::atomic::AtomicUsize;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let given = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let given = given.clone();
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let mut stream = stream;
                    while let Some(Ok(line)) = lines.next() {
                        if line.is_empty() && given.fetch_add(1, Ordering::Relaxed) < answers {
                            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                            stream.write_all(answer).unwrap();
                        }
                    }
                });
            }
        });
        address
    }

    static GO_ON: AtomicBool = AtomicBool::new(false);

    #[test]
    fn requests_are_sent_as_they_come_due() {
        let time = Duration::from_millis(200);
        let paced = pace(server(usize::MAX), "/", 1000, time, &GO_ON).unwrap();
        // A busy machine may answer fewer; each is due all the same, and nothing more.
        assert!((200..=202).contains(&paced.total), "{}", paced.total);
        assert!((1..=paced.total).contains(&paced.answered));
    }

    #[test]
    fn what_is_never_answered_is_charged_for() {
        let time = Duration::from_millis(300);
        let paced = pace(server(20), "/", 1000, time, &GO_ON).unwrap();
        assert_eq!(paced.answered, 20);
        assert!((300..=302).contains(&paced.total), "{}", paced.total);
        assert!(!paced.kept_up());
        // Those that were due first have waited for nearly all of it.
        assert!(paced.permille(900) >= 200.0, "{}", paced.permille(900));
    }

    #[test]
    fn a_load_that_nobody_waits_for_ends() {
        let stop = AtomicBool::new(false);
        let address = server(usize::MAX);
        let hour = Duration::from_hours(1);
        std::thread::scope(|scope| {
            let load = scope.spawn(|| pace(address, "/", 1000, hour, &stop));
            stop.store(true, Ordering::Relaxed);
            // Before or after its first answer.
            let _ended = load.join().unwrap();
        });
    }
}
