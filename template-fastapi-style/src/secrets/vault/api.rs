//! A vault's HTTP interface: addresses, headers, and statuses that say "later".

use std::path::PathBuf;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use crate::platform::transport::{CallError, Transport};
use crate::secrets::NotFetched;

const TOKEN: HeaderName = HeaderName::from_static("x-vault-token");
const NAMESPACE: HeaderName = HeaderName::from_static("x-vault-namespace");
/// Agents can be told to serve nobody who does not send it.
const REQUEST: HeaderName = HeaderName::from_static("x-vault-request");

/// More than any secret that a vault takes.
const LARGEST: usize = 2 << 20;

pub(super) struct Api {
    transport: Transport,
    address: String,
    namespace: Option<HeaderValue>,
    timeout: Duration,
}

/// An answer that is final: neither a failure on the way nor a "later".
pub(super) struct Answer {
    pub(super) status: StatusCode,
    body: Bytes,
}

impl Answer {
    /// The body, where it is what was expected. It may hold secrets: no error quotes it.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl Api {
    /// Nothing, where the namespace cannot be sent.
    pub(super) fn new(
        address: &str,
        namespace: Option<&str>,
        timeout: Duration,
        ca_file: Option<PathBuf>,
    ) -> Option<Self> {
        let namespace = namespace.map(HeaderValue::from_str).transpose();
        Some(Self {
            transport: Transport::new(timeout, ca_file),
            address: address.trim_end_matches('/').to_owned(),
            namespace: namespace.ok()?,
            timeout,
        })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) async fn get(&self, path: &str, token: &SecretString) -> Result<Answer, NotFetched> {
        self.call(Method::GET, path, Some(token), Bytes::new())
            .await
    }

    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&SecretString>,
        body: Bytes,
    ) -> Result<Answer, NotFetched> {
        let address = &self.address;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{address}/v1/{path}"))
            .header(REQUEST, "true");
        if let Some(namespace) = &self.namespace {
            request = request.header(NAMESPACE, namespace);
        }
        if let Some(token) = token {
            request = request.header(TOKEN, header(token)?);
        }
        let request = request.body(body).map_err(|_| CallError::Address);
        let answered = match request {
            Ok(request) => {
                self.transport
                    .exchange(request, self.timeout, LARGEST)
                    .await
            }
            Err(error) => Err(error),
        };
        let down = |problem: String, remedy: &str, passing| NotFetched {
            place: format!("the vault at {address}"),
            problem,
            remedy: remedy.to_owned(),
            passing,
        };
        let answer = answered.map_err(|error| {
            let remedy = match error {
                CallError::Untrusted(_) => {
                    "set secrets.vault.ca_file to the authorities that signed its certificate"
                }
                _ => "start it, or mend secrets.vault.address",
            };
            down(error.to_string(), remedy, error.is_passing())
        })?;
        let status = answer.status();
        // 412 and 473 are a standby's, 429 a limit's, 503 a sealed vault's.
        if status.is_server_error() || [412, 429, 473].contains(&status.as_u16()) {
            let problem = format!("not serving (status {})", status.as_u16());
            return Err(down(problem, "unseal it, or look into its log", true));
        }
        Ok(Answer {
            status,
            body: answer.into_body(),
        })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a token leaves for the vault that gave it"
)]
fn header(token: &SecretString) -> Result<HeaderValue, NotFetched> {
    let mut value = HeaderValue::from_str(token.expose_secret())
        .map_err(|_| NotFetched::missing("a token of one line of plain text", "missing"))?;
    value.set_sensitive(true);
    Ok(value)
}
