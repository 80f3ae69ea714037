//! One HTTP exchange, bounded in time and size. No tries, no credentials of its own.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{HeaderMap, Request as HttpRequest};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::secret::Secret;

/// What a manifest, a page of tags or a configuration may weigh.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// GET, HEAD, POST or PUT.
    pub method: &'static str,
    /// Where, as a whole address.
    pub url: &'a str,
    /// The media types that are understood.
    pub accept: Option<&'a str>,
    /// What is sent: media type and bytes.
    pub body: Option<(&'a str, &'a [u8])>,
}

/// What was answered, whatever the status.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What it says, in one short line: registries answer JSON, proxies answer pages.
    pub fn line(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let words: Vec<_> = text.split_whitespace().collect();
        let printable = |letter: &char| !letter.is_control();
        let line: String = words
            .join(" ")
            .chars()
            .filter(printable)
            .take(200)
            .collect();
        if line.is_empty() {
            "no more than that".to_owned()
        } else {
            line
        }
    }
}

/// Makes connections.
pub struct Http {
    agent: Agent,
}

impl Http {
    /// For `https` with this machine's trusted certificates; plain `http` is for loopback only.
    pub fn new(plain: bool) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(!plain)
            .max_redirects(5)
            .max_response_header_size(64 * 1024)
            .user_agent(concat!("idp-deploy/", env!("CARGO_PKG_VERSION")));
        let config = if plain {
            // A proxy for the outside world has no way to this machine's loopback.
            config.proxy(None)
        } else {
            config.tls_config(tls())
        };
        Self {
            agent: config.build().new_agent(),
        }
    }

    /// Sends it once.
    pub fn send(
        &self,
        request: Request<'_>,
        authorization: Option<&Secret>,
        timeout: Duration,
    ) -> Result<Answer, ureq::Error> {
        let mut builder = HttpRequest::builder()
            .method(request.method)
            .uri(request.url);
        if let Some(accept) = request.accept {
            builder = builder.header("accept", accept);
        }
        if let Some(authorization) = authorization {
            builder = builder.header("authorization", authorization.reveal());
        }
        if let Some((media_type, _)) = request.body {
            builder = builder.header("content-type", media_type);
        }
        let response = match request.body {
            Some((_, bytes)) => self.run(builder.body(bytes)?, timeout)?,
            None if request.method == "POST" => self.run(builder.body(&[][..])?, timeout)?,
            None => self.run(builder.body(())?, timeout)?,
        };
        let (parts, mut body) = response.into_parts();
        let body = body.with_config().limit(LARGEST).read_to_vec()?;
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    fn run<S: ureq::AsSendBody>(
        &self,
        request: HttpRequest<S>,
        timeout: Duration,
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(Some(timeout))
            .build();
        self.agent.run(request)
    }
}

fn tls() -> TlsConfig {
    // What can't be read is left out: a certificate that is needed and missing shows as a TLS error by name.
    let found = rustls_native_certs::load_native_certs();
    let certificates: Vec<_> = found
        .certs
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&certificates))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}
