//! HTTP/1.1 to other machines, with TLS where the address says `https`. Nothing is made before it is needed: a service
//! that calls nobody pays for none of it.
//!
//! It asks for no proxy, follows no redirect and tries once; [`super::client`] adds what calls of handlers need.

use std::error::Error;
use std::io;
use std::iter::successors;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Response, uri::Scheme};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// How long a connection that nobody uses is kept. Most servers close theirs later.
const IDLE: Duration = Duration::from_secs(30);

/// Why there is no answer. The text names nothing of the address, of headers or of bodies.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The address is no `http://` or `https://` address.
    #[error("not an address that can be called")]
    Address,
    /// No connection came about.
    #[error("unreachable ({0})")]
    Unreachable(String),
    /// The other side could not prove who it is, or this side does not know whom to trust.
    #[error("not to be trusted ({0})")]
    Untrusted(String),
    /// The whole answer was not there in time.
    #[error("too slow (no answer within {0:?})")]
    TimedOut(Duration),
    /// The connection ended before the answer did, or what came was not HTTP.
    #[error("broken off ({0})")]
    Broken(String),
    /// The answer is larger than the caller wants to hold.
    #[error("too much (more than {0} bytes of answer)")]
    TooLarge(usize),
}

impl CallError {
    /// Whether the same call may succeed shortly.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::TimedOut(_) | Self::Broken(_)
        )
    }
}

/// Connections, kept between calls.
pub(crate) struct Transport {
    connect_timeout: Duration,
    ca_file: Option<PathBuf>,
    plain: OnceLock<Pool>,
    secure: OnceLock<Pool>,
}

/// Of one type with TLS and without: the code of a client takes 75 kB of the binary, and stands there once.
type Pool = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

impl Transport {
    /// Trusts the certificate authorities in `ca_file`, or the system's where there is none.
    pub(crate) fn new(connect_timeout: Duration, ca_file: Option<PathBuf>) -> Self {
        Self {
            connect_timeout,
            ca_file,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// Sends a request and takes the whole answer, of at most `largest` bytes, within `limit`.
    pub(crate) async fn exchange(
        &self,
        request: Request<Bytes>,
        limit: Duration,
        largest: usize,
    ) -> Result<Response<Bytes>, CallError> {
        let whole = async {
            let secure = match request.uri().scheme() {
                Some(scheme) if *scheme == Scheme::HTTP => false,
                Some(scheme) if *scheme == Scheme::HTTPS => true,
                _ => return Err(CallError::Address),
            };
            let request = request.map(Full::new);
            let answer = self.pool(secure)?.request(request).await;
            let (parts, body) = answer.map_err(|error| failure(&error))?.into_parts();
            let (mut body, mut whole) = (Limited::new(body, largest), Vec::new());
            // Not collected: pieces of a byte each would take a hundred times the memory until all are there.
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| match error.downcast_ref() {
                    Some(LengthLimitError { .. }) => CallError::TooLarge(largest),
                    None => CallError::Broken(innermost(&*error)),
                })?;
                if let Ok(piece) = frame.into_data() {
                    whole.extend_from_slice(&piece);
                }
            }
            Ok(Response::from_parts(parts, whole.into()))
        };
        let in_time = tokio::time::timeout(limit, whole).await;
        in_time.unwrap_or(Err(CallError::TimedOut(limit)))
    }

    /// Connections with TLS, or without.
    fn pool(&self, secure: bool) -> Result<&Pool, CallError> {
        let kept = if secure { &self.secure } else { &self.plain };
        if let Some(made) = kept.get() {
            return Ok(made);
        }
        // Without TLS nobody is trusted, and need not be: so it works where no certificate authority is known.
        let mut roots = RootCertStore::empty();
        if secure {
            roots.add_parsable_certificates(self.authorities()?);
            if roots.is_empty() {
                let problem = "no certificate authority is known".to_owned();
                return Err(CallError::Untrusted(problem));
            }
        }
        let made = self.made(roots)?;
        Ok(kept.get_or_init(|| made))
    }

    fn made(&self, roots: RootCertStore) -> Result<Pool, CallError> {
        // Named, so that nobody else's default counts.
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| CallError::Untrusted(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(self.connect_timeout));
        connector.set_nodelay(true);
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let mut builder = Client::builder(TokioExecutor::new());
        builder
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new());
        Ok(builder.build(connector))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the certificate authorities that configuration names"
    )]
    fn authorities(&self) -> Result<Vec<CertificateDer<'static>>, CallError> {
        let Some(file) = &self.ca_file else {
            // What cannot be read of the system's is left out; without any, the caller is told.
            return Ok(rustls_native_certs::load_native_certs().certs);
        };
        let refuse = |problem: String| {
            let file = file.display();
            CallError::Untrusted(format!("certificate authorities in {file}: {problem}"))
        };
        let pem = std::fs::read(file).map_err(|error| refuse(error.to_string()))?;
        CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|error| refuse(error.to_string()))
    }
}

fn failure(error: &hyper_util::client::legacy::Error) -> CallError {
    let text = innermost(error);
    if chain(error).any(is_about_certificates) {
        CallError::Untrusted(text)
    } else if error.is_connect() {
        CallError::Unreachable(text)
    } else {
        CallError::Broken(text)
    }
}

/// rustls' errors come wrapped in those of input and output, which do not count them among their sources.
fn is_about_certificates(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref::<io::Error>() {
        Some(wrapping) => wrapping
            .get_ref()
            .is_some_and(|it| is_about_certificates(it)),
        None => matches!(
            error.downcast_ref(),
            Some(rustls::Error::InvalidCertificate(_))
        ),
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |&error| error.source())
}

/// What happened at the bottom of it, such as `Connection refused (os error 111)`.
fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map_or_else(String::new, ToString::to_string)
}
