//! An answer as checks see it: what it should have been is a fault when it is not.

use serde_json::Value;

use super::Fault;
use super::client::{Request, Response};
use super::fault::hold;

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
