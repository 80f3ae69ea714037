//! Carries metrics and spans to the collector, on the SDK's own threads, and says when the collector is gone and when it
//! is back: once each, however often it is tried.

use std::future::ready;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use std::{fmt, io};

use axum::http::HeaderValue;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use secrecy::ExposeSecret;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::yield_now;

use super::TelemetrySettings;
use crate::config::SecretRef;
use crate::platform::transport::{CallError, Transport};
use crate::secrets::Secrets;
use crate::version::SERVICE;

/// The bits of [`Courier::refused`].
pub(super) const TRACES: u8 = 1;
pub(super) const METRICS: u8 = 2;
/// How much of an answer is read. What there is to say fits.
const ANSWER: usize = 64 << 10;
/// What the SDK hears once nothing is sent any more.
const CLOSED: &str = "the exporter is closed";

/// One client for metrics and spans. It reads no environment: the headers that it sends are its own.
pub(super) struct Courier {
    transport: Transport,
    /// How long the collector may take.
    patience: Duration,
    /// Without a thread: whichever of the SDK's sends something drives it meanwhile. Taken only by `drop`.
    runtime: Option<Runtime>,
    endpoint: String,
    token: Option<SecretRef>,
    secrets: Secrets,
    catching_up: Mutex<()>,
    /// Once true, nothing is sent, and what is under way is broken off.
    closed: watch::Sender<bool>,
    /// One bit for each signal that the collector does not take.
    refused: AtomicU8,
}

impl Courier {
    /// Fails where the machine does.
    pub(super) fn new(settings: &TelemetrySettings, secrets: &Secrets) -> io::Result<Self> {
        Ok(Self {
            transport: Transport::new(settings.export_timeout, None),
            patience: settings.export_timeout,
            runtime: Some(Builder::new_current_thread().enable_all().build()?),
            endpoint: settings.endpoint.clone(),
            token: settings.token.clone(),
            secrets: secrets.clone(),
            catching_up: Mutex::default(),
            closed: watch::Sender::new(false),
            refused: AtomicU8::new(0),
        })
    }

    /// From now on nothing is sent.
    pub(super) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Notes that the collector did not take something; says so if it is news.
    pub(super) fn failed(&self, signal: u8, problem: &str) {
        if self.refused.fetch_or(signal, Ordering::Relaxed) == 0 {
            let endpoint = &self.endpoint;
            tracing::warn!(
                endpoint,
                problem,
                "collector takes no telemetry: it is lost until it does"
            );
        }
    }

    fn succeeded(&self, signal: u8) {
        if self.refused.fetch_and(!signal, Ordering::Relaxed) == signal {
            let endpoint = &self.endpoint;
            tracing::info!(endpoint, "collector takes telemetry again");
        }
    }

    /// Lets connections see what became of them since the last export, since nothing drives them between two: or the next
    /// would go out on one that its other end has closed, and be lost. One turn of the runtime notices the end, the next has
    /// the connection act on it. By one thread after the other: who comes while another drives the runtime has no turn.
    fn catch_up(&self, runtime: &Runtime) {
        let alone = self.catching_up.lock();
        runtime.block_on(async {
            yield_now().await;
            yield_now().await;
        });
        drop(alone);
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let signal = if request.uri().path().ends_with("/v1/traces") {
            TRACES
        } else {
            METRICS
        };
        let mut closed = self.closed.subscribe();
        let answer = tokio::select! {
            answer = self.post(request) => answer,
            _ = closed.wait_for(|closed| *closed) => return Err(CLOSED.into()),
        };
        match &answer {
            Ok(answer) if answer.status().is_success() => self.succeeded(signal),
            Ok(answer) => self.failed(signal, &format!("it answers {}", answer.status())),
            Err(error) => self.failed(signal, &error.to_string()),
        }
        Ok(answer?)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the token leaves for the collector, and only for it"
    )]
    async fn post(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallError> {
        let (mut parts, body) = request.into_parts();
        let content_type = parts.headers.remove(CONTENT_TYPE);
        parts.headers.clear();
        parts
            .headers
            .insert(USER_AGENT, HeaderValue::from_static(SERVICE));
        parts
            .headers
            .extend(content_type.map(|it| (CONTENT_TYPE, it)));
        let token = self
            .token
            .as_ref()
            .and_then(|token| self.secrets.get(token));
        if let Some(token) = token {
            let bearer = format!("Bearer {}", token.expose_secret());
            let bearer = HeaderValue::try_from(bearer)
                .map_err(|_| CallError::Broken("the token is no text for a header".to_owned()))?;
            parts.headers.insert(AUTHORIZATION, bearer);
        }
        let request = Request::from_parts(parts, body);
        self.transport
            .exchange(request, self.patience, ANSWER)
            .await
    }
}

/// Blocks, as the threads that call it expect: they wait for nothing else.
impl HttpClient for Courier {
    fn send_bytes<'a, 'b>(&'a self, request: Request<Bytes>) -> Sent<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(ready(match &self.runtime {
            Some(runtime) => {
                self.catch_up(runtime);
                runtime.block_on(self.send(request))
            }
            None => Err(CLOSED.into()),
        }))
    }
}

type Sent<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Courier({})", self.endpoint)
    }
}

impl Drop for Courier {
    /// The last holder may be a part of another runtime, which forbids to wait for the end of this one.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
