//! A running service as checks see it: calls whose failures are faults, and waits that end.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Fault;
use super::client::{Connection, Request};
use super::launch::{Instance, Power, Signal};
use super::reply::Reply;
use crate::process::finish::Finished;

/// How long a condition may take to come true where a check does not say.
pub const SOON: Duration = Duration::from_secs(5);
/// How often a condition is looked at. A container's log is read by a program each time, which paces itself.
const BEAT: Duration = Duration::from_millis(5);

/// A running service.
pub struct Running {
    instance: Box<dyn Instance>,
}

impl Running {
    /// Wraps an instance.
    pub fn new(instance: Box<dyn Instance>) -> Self {
        Self { instance }
    }

    /// Where it serves its callers.
    pub fn public(&self) -> SocketAddr {
        self.instance.public()
    }

    /// Where it serves its operators.
    pub fn management(&self) -> SocketAddr {
        self.instance.management()
    }

    /// A request to the public address, on a connection of its own.
    pub fn call(&self, request: &Request) -> Result<Reply, Fault> {
        call(self.public(), request)
    }

    /// A `GET` of the public address.
    pub fn get(&self, target: &str) -> Result<Reply, Fault> {
        self.call(&Request::get(target))
    }

    /// A `GET` of the management address.
    pub fn manage(&self, target: &str) -> Result<Reply, Fault> {
        call(self.management(), &Request::get(target))
    }

    /// A connection to the public address.
    pub fn connect(&self) -> Result<Connection, Fault> {
        Connection::open(self.public())
            .map_err(|error| Fault::new("a connection to the public address", error.to_string()))
    }

    /// What it logged so far.
    pub fn lines(&self) -> Vec<String> {
        self.instance.log_lines()
    }

    /// The first log line that is JSON and meets `wanted`, as soon as it is there.
    pub fn line(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value, Fault> {
        let found = eventually(SOON, || {
            let lines = self.lines();
            let mut objects = lines
                .iter()
                .filter_map(|line| serde_json::from_str(line).ok());
            objects.find(|line| wanted(line))
        });
        found.ok_or_else(|| {
            Fault::new(
                format!("a log line: {what}"),
                format!("none within {SOON:?}"),
            )
        })
    }

    /// The access line of the request that was answered with `id`.
    pub fn access_line(&self, id: &str) -> Result<Value, Fault> {
        self.line(&format!("message `request`, request_id `{id}`"), |line| {
            line["message"] == "request" && line["request_id"] == id
        })
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) -> Result<(), Fault> {
        self.instance.signal(signal).map_err(|error| {
            Fault::new(
                format!("to take the signal {signal:?}"),
                format!("{error:#}"),
            )
        })
    }

    /// Its exit code, once it ended.
    pub fn exit(&self, patience: Duration) -> Result<i32, Fault> {
        let expected = format!("the service to end within {patience:?}");
        match self.instance.wait(patience) {
            Ok(Some(code)) => Ok(code),
            Ok(None) => Err(Fault::new(expected, "it still runs")),
            Err(error) => Err(Fault::new(expected, format!("{error:#}"))),
        }
    }

    /// Whether it ended.
    pub fn ended(&self) -> bool {
        matches!(self.instance.wait(Duration::ZERO), Ok(Some(_)))
    }

    /// Runs the same binary beside it, under the same configuration.
    pub fn beside(&self, args: &[&str]) -> Result<Finished, Fault> {
        self.instance
            .run(args)
            .map_err(|error| Fault::new(format!("to run with {args:?}"), format!("{error:#}")))
    }

    /// Bytes of memory that it has resident. Whoever asks has the need `Memory`.
    pub fn memory(&self) -> Result<u64, Fault> {
        let expected = "to see what memory it takes";
        match self.instance.memory() {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Fault::new(expected, "nothing of it; did it end?")),
            Err(error) => Err(Fault::new(expected, format!("{error:#}"))),
        }
    }

    /// How many files and sockets it has open, where this machine lets us look.
    pub fn open_files(&self) -> Option<usize> {
        self.instance.open_files()
    }

    /// What the container engine says of its container.
    pub fn container(&self) -> Result<Value, Fault> {
        let expected = "the engine to describe the container";
        match self.instance.container() {
            Ok(Some(seen)) => Ok(seen),
            Ok(None) => Err(Fault::new(expected, "it runs in none")),
            Err(error) => Err(Fault::new(expected, format!("{error:#}"))),
        }
    }

    /// Does something to the database behind it.
    pub fn database(&self, power: Power) -> Result<(), Fault> {
        self.instance.database(power).map_err(|error| {
            Fault::new(
                format!("the database to take {power:?}"),
                format!("{error:#}"),
            )
        })
    }

    /// Waits until `GET /health/ready` is `status`.
    pub fn becomes(&self, status: u16, patience: Duration) -> Result<Reply, Fault> {
        let mut last = None;
        let found = eventually(patience, || {
            let reply = self.get("/health/ready");
            let so = reply
                .as_ref()
                .is_ok_and(|reply| reply.response.status == status);
            last = Some(reply);
            so.then(|| last.take())?
        });
        let expected = format!("status {status} within {patience:?}");
        match found.or(last) {
            Some(Ok(reply)) if reply.response.status == status => Ok(reply),
            Some(Ok(reply)) => Err(reply.fault(expected)),
            Some(Err(fault)) => Err(fault),
            None => Err(Fault::new(expected, "nobody asked")),
        }
    }

    /// What the container engine thinks of its health.
    pub fn health(&self) -> Result<Option<String>, Fault> {
        self.instance
            .health()
            .map_err(|error| Fault::new("the engine to know its health", format!("{error:#}")))
    }
}

/// Waits until `condition` gives something, at most `patience`.
pub fn eventually<T>(patience: Duration, mut condition: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = condition() {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(BEAT);
    }
}

/// A request on a connection of its own.
pub fn call(address: SocketAddr, request: &Request) -> Result<Reply, Fault> {
    let response = Connection::open(address).and_then(|mut connection| connection.call(request));
    Reply::of(request, response)
}
