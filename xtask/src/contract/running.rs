//! A running service as checks see it: calls whose failures are faults, and waits that end.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Fault;
use super::client::{Connection, Request, Response};
use super::fault::hold;
use super::launch::{Finished, Instance, Signal};

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

/// An answer together with what was asked.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What was asked, such as `GET /version`.
    pub to: String,
    /// The answer.
    pub response: Response,
}

impl Reply {
    /// The answer to `request`, or the fault that there is none.
    pub fn of(request: &Request, response: std::io::Result<Response>) -> Result<Self, Fault> {
        let to = request.title();
        match response {
            Ok(response) => Ok(Self { to, response }),
            Err(error) => Err(Fault::new(
                format!("{to} to be answered"),
                error.to_string(),
            )),
        }
    }

    /// A fault about this answer.
    pub fn fault(&self, expected: impl AsRef<str>) -> Fault {
        Fault::new(
            format!("{}: {}", self.to, expected.as_ref()),
            self.response.excerpt(),
        )
    }

    /// Holds a promise against this answer.
    pub fn hold(&self, kept: bool, expected: impl AsRef<str>) -> Result<(), Fault> {
        if kept {
            Ok(())
        } else {
            Err(self.fault(expected))
        }
    }

    /// Holds the status.
    pub fn status(self, status: u16) -> Result<Self, Fault> {
        self.hold(self.response.status == status, format!("status {status}"))?;
        Ok(self)
    }

    /// The value of a header, which has to be there once.
    pub fn header(&self, name: &str) -> Result<String, Fault> {
        let count = self
            .response
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .count();
        match self.response.header(name) {
            Some(value) if count == 1 => Ok(value),
            _ => Err(self.fault(format!("header `{name}`, once"))),
        }
    }

    /// Holds the value of a header.
    pub fn header_is(&self, name: &str, value: &str) -> Result<(), Fault> {
        self.hold(
            self.header(name)? == value,
            format!("header `{name}: {value}`"),
        )
    }

    /// The request id that it carries.
    pub fn id(&self) -> Result<String, Fault> {
        self.header("x-request-id")
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Fault> {
        serde_json::from_slice(&self.response.body).map_err(|_| self.fault("a JSON body"))
    }
}

/// A field of a JSON object as text; anything else is a fault.
pub fn text_field(object: &Value, name: &str) -> Result<String, Fault> {
    hold(
        object[name].is_string(),
        format!("`{name}` as text"),
        || object.to_string(),
    )?;
    Ok(object[name].as_str().unwrap_or_default().to_owned())
}
