//! A collector of OTLP over HTTP on loopback, for services that push: it takes what comes and keeps it to be looked
//! at, or takes it and forgets it, or never answers.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::running::{SOON, eventually};
use super::{Fault, protobuf};

/// How long a connection may be unused where they are closed.
const IDLE: Duration = Duration::from_millis(30);
/// The largest export that is read. A real one is far smaller.
const LARGEST: usize = 16 << 20;

/// It serves until it is dropped.
pub struct Collector {
    address: SocketAddr,
    exports: Arc<Mutex<Vec<Export>>>,
    closed: Arc<AtomicBool>,
}

/// What is done with an export.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It is kept and answered.
    Keep,
    /// It is answered alone.
    Forget,
    /// It is kept alone.
    Hang,
    /// It is kept and answered, and a connection that is idle closed without a word about that.
    Close,
}

/// One request.
#[derive(Clone)]
struct Export {
    path: String,
    /// Empty where there is none.
    authorization: String,
    body: Vec<u8>,
}

/// One span, its ids in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub trace: String,
    pub id: String,
    /// Empty where the trace begins.
    pub parent: String,
    pub name: String,
}

impl Collector {
    /// One that takes what comes.
    pub fn start() -> Result<Self, Fault> {
        Self::with(Manner::Keep)
    }

    /// One that takes what comes and forgets it, however much that is.
    pub fn sink() -> Result<Self, Fault> {
        Self::with(Manner::Forget)
    }

    /// One that reads what comes and never answers.
    pub fn hanging() -> Result<Self, Fault> {
        Self::with(Manner::Hang)
    }

    /// One that takes what comes, and closes connections between exports, as a proxy does that has grown tired of waiting.
    pub fn closing() -> Result<Self, Fault> {
        Self::with(Manner::Close)
    }

    fn with(manner: Manner) -> Result<Self, Fault> {
        let started = || {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let address = listener.local_addr()?;
            io::Result::Ok((listener, address))
        };
        let (listener, address) =
            started().map_err(|error| Fault::new("a port for a collector", error.to_string()))?;
        let exports = Arc::new(Mutex::new(Vec::new()));
        let closed = Arc::new(AtomicBool::new(false));
        let (kept, ended) = (exports.clone(), closed.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let kept = kept.clone();
                // It ends with its connection, which the service's end closes.
                thread::spawn(move || serve(stream, &kept, manner));
            }
        });
        Ok(Self {
            address,
            exports,
            closed,
        })
    }

    /// What `telemetry.endpoint` should say.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every span that has come so far.
    pub fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies("/v1/traces");
        let spans = bodies
            .iter()
            .flat_map(|body| protobuf::at(body, &[1, 2, 2]));
        spans.map(Span::read).collect()
    }

    /// The names of the metrics that have come so far.
    pub fn metrics(&self) -> Vec<String> {
        let bodies = self.bodies("/v1/metrics");
        let metrics = bodies
            .iter()
            .flat_map(|body| protobuf::at(body, &[1, 2, 2]));
        metrics.map(|metric| protobuf::text(metric, &[1])).collect()
    }

    /// The value of a gauge, as it came last.
    pub fn gauge(&self, name: &str) -> Option<f64> {
        let bodies = self.bodies("/v1/metrics");
        let metrics = bodies
            .iter()
            .flat_map(|body| protobuf::at(body, &[1, 2, 2]));
        let named = metrics.filter(|metric| protobuf::text(metric, &[1]) == name);
        // gauge { data_points { as_double } }
        let values = named.flat_map(|metric| protobuf::doubles(metric, &[5, 1, 4]));
        values.last()
    }

    /// The header `authorization` of the last export; empty where it had none.
    pub fn authorization(&self) -> String {
        let exports = self.exports();
        exports
            .last()
            .map_or_else(String::new, |export| export.authorization.clone())
    }

    /// Attributes of whoever sends, such as `service.name=orders`.
    pub fn senders(&self) -> Vec<String> {
        let (mut bodies, metrics) = (self.bodies("/v1/traces"), self.bodies("/v1/metrics"));
        bodies.extend(metrics);
        let attributes = bodies
            .iter()
            .flat_map(|body| protobuf::at(body, &[1, 1, 1]));
        let mut found: Vec<_> = attributes
            .map(|attribute| {
                let (name, value) = (
                    protobuf::text(attribute, &[1]),
                    protobuf::text(attribute, &[2, 1]),
                );
                format!("{name}={value}")
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether `bytes` stand anywhere in what has come so far.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        let exports = self.exports();
        let mut windows = exports
            .iter()
            .flat_map(|export| export.body.windows(bytes.len()));
        windows.any(|window| window == bytes)
    }

    /// How often it was sent to.
    pub fn asked(&self) -> usize {
        self.exports().len()
    }

    /// The span that meets `wanted`, as soon as it comes.
    pub fn span(&self, what: &str, wanted: impl Fn(&Span) -> bool) -> Result<Span, Fault> {
        let found = eventually(SOON, || self.spans().into_iter().find(&wanted));
        found.ok_or_else(|| {
            let names: Vec<_> = self.spans().into_iter().map(|span| span.name).collect();
            Fault::new(
                format!("the collector to receive a span: {what}"),
                format!("{} exports within {SOON:?}, spans {names:?}", self.asked()),
            )
        })
    }

    fn bodies(&self, path: &str) -> Vec<Vec<u8>> {
        let exports = self.exports();
        let of_path = exports.iter().filter(|export| export.path == path);
        of_path.map(|export| export.body.clone()).collect()
    }

    fn exports(&self) -> MutexGuard<'_, Vec<Export>> {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts; where that fails it sleeps on, and does no harm.
        let _woken = TcpStream::connect(self.address);
    }
}

impl Span {
    fn read(span: &[u8]) -> Self {
        let id = |number| {
            let found = protobuf::at(span, &[number]);
            let bytes = found.first().copied().unwrap_or_default();
            bytes.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        };
        Self {
            trace: id(1),
            id: id(2),
            parent: id(4),
            name: protobuf::text(span, &[5]),
        }
    }
}

/// Serves one connection until it ends.
fn serve(stream: TcpStream, exports: &Mutex<Vec<Export>>, manner: Manner) {
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    if manner == Manner::Close && stream.set_read_timeout(Some(IDLE)).is_err() {
        return;
    }
    let mut reader = BufReader::new(stream);
    while let Some(export) = read(&mut reader) {
        if manner != Manner::Forget {
            exports
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(export);
        }
        let answer =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        if manner != Manner::Hang && writer.write_all(answer).is_err() {
            return;
        }
    }
}

/// One request; none at the end of the connection, or where it is none.
fn read(reader: &mut impl BufRead) -> Option<Export> {
    let line = |reader: &mut dyn BufRead| {
        let mut line = String::new();
        let read = reader.take(8192).read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    };
    let first = line(reader)?;
    let path = first.strip_prefix("POST ")?.split(' ').next()?.to_owned();
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let header = line(reader)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value
                .trim()
                .parse()
                .ok()
                .filter(|length| *length <= LARGEST)?;
        } else if name.eq_ignore_ascii_case("authorization") {
            value.trim().clone_into(&mut authorization);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Export {
        path,
        authorization,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_they_come() {
        let collector = Collector::start().unwrap();
        let mut stream = TcpStream::connect(collector.address).unwrap();
        // resource_spans { scope_spans { spans { trace_id, span_id, name } } }
        let export = b"\x0a\x10\x12\x0e\x12\x0c\x0a\x02\x01\xab\x12\x01\x07\x2a\x03GET";
        let head = format!(
            "POST /v1/traces HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
            export.len()
        );
        for _ in 0..2 {
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(export).unwrap();
        }
        let span = collector.span("", |span| span.name == "GET").unwrap();
        assert_eq!((&*span.trace, &*span.id, &*span.parent), ("01ab", "07", ""));
        assert!(eventually(SOON, || (collector.spans().len() == 2).then_some(())).is_some());
        assert!(collector.holds(b"GET") && !collector.holds(b"PUT"));
        assert!(collector.metrics().is_empty());
    }

    #[test]
    fn gauges_are_read_with_the_token_that_they_came_with() {
        let collector = Collector::start().unwrap();
        let mut stream = TcpStream::connect(collector.address).unwrap();
        // resource_metrics { scope_metrics { metrics { name, gauge { data_points { as_double: 1.5 } } } } }
        let export =
            b"\x0a\x18\x12\x16\x12\x14\x0a\x03age\x2a\x0d\x0a\x0b\x21\0\0\0\0\0\0\xf8\x3f\x10\0";
        let head = format!(
            "POST /v1/metrics HTTP/1.1\r\nAuthorization: Bearer one\r\ncontent-length: {}\r\n\r\n",
            export.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(export).unwrap();
        assert_eq!(eventually(SOON, || collector.gauge("age")), Some(1.5));
        assert_eq!(collector.authorization(), "Bearer one");
        assert_eq!(collector.gauge("size"), None);
    }

    #[test]
    fn what_is_measured_under_load_is_answered_and_not_kept() {
        let collector = Collector::sink().unwrap();
        let mut stream = TcpStream::connect(collector.address).unwrap();
        for _ in 0..2 {
            stream
                .write_all(b"POST /v1/traces HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc")
                .unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            assert_eq!(first, "HTTP/1.1 200 OK");
            let end = lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
            assert!(end.is_some());
        }
        assert_eq!(collector.asked(), 0);
    }
}
