//! From a configuration to the end of the process: sockets, the two servers, and why they stop.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;

use tokio::net::TcpListener;

use crate::app::{self, AppState};
use crate::config::{Config, ConfigError};
use crate::platform::routes::Routes;
use crate::platform::server::{self, Cut};
use crate::platform::{logging, management};

/// Serves `routes` until SIGTERM or SIGINT, then drains and returns.
///
/// Blocking: it makes its own runtime, installs the process's log subscriber and panic hook, and is called once.
pub fn start(config: Config, routes: Routes) -> Result<(), StartError> {
    let log = logging::install(&config);
    let runtime = tokio::runtime::Runtime::new().map_err(StartError::Runtime)?;
    let outcome = runtime.block_on(run(config, routes));
    // Before the tasks that are cut end and log in their turn.
    drop(log);
    // Not `drop`: that would wait for ever for a handler that blocks its thread.
    runtime.shutdown_background();
    outcome
}

async fn run(config: Config, routes: Routes) -> Result<(), StartError> {
    // First: the kernel spares process 1 a signal that it does not handle.
    let mut stop = pin!(server::signal().map_err(StartError::Runtime)?);
    let state = tokio::select! {
        state = AppState::new(config) => state?,
        () = &mut stop => return Ok(()),
    };
    let settings = &state.config.settings;
    let listener = bind("server", settings.server.address()).await?;
    let private = bind("management", settings.management.address()).await?;
    tracing::info!(
        address = %listener.local_addr().map_err(StartError::Runtime)?,
        management_address = %private.local_addr().map_err(StartError::Runtime)?,
        "listening"
    );
    let management = tokio::spawn(server::forever(
        private,
        management::router(&state),
        settings.server.header_timeout,
    ));
    let router = app::router(state.clone(), routes);
    let served = server::serve(listener, router, &settings.server, &state.readiness, stop).await;
    management.abort();
    state.exporter.recorder.close().await;
    match served {
        Ok(()) => tracing::info!("stopped"),
        Err(Cut(cut)) => tracing::error!(cut, "shutdown timed out"),
    }
    served.map_err(StartError::ShutdownTimedOut)
}

async fn bind(section: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|source| StartError::Bind {
        section,
        address,
        source,
    })
}

/// Why the process ends otherwise than asked. The text is one line that names the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration, or a secret that it refers to, is not usable.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address could not be listened on.
    #[error(
        "{section}.port: cannot listen on {address} ({source}); free it, or change {section}.host or {section}.port"
    )]
    Bind {
        /// The section of the configuration that holds the address.
        section: &'static str,
        /// What was asked for.
        address: SocketAddr,
        /// The system's answer.
        source: io::Error,
    },
    /// The operating system refused what every process needs.
    #[error("runtime: {0}; check the limits of threads and open files")]
    Runtime(io::Error),
    /// `healthcheck` found the service not ready.
    #[error("healthcheck: {0}")]
    Unhealthy(String),
    /// Requests were still running when `server.shutdown_timeout` had passed.
    #[error("{0} requests cut at shutdown")]
    ShutdownTimedOut(Cut),
}

impl StartError {
    /// `EX_CONFIG` of sysexits: restarting without a change will not help.
    pub const CONFIGURATION: u8 = 78;

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => Self::CONFIGURATION,
            _ => 1,
        }
    }

    /// Whether it still has to be told on stderr; the log has told the others.
    pub fn unsaid(&self) -> bool {
        !matches!(self, Self::ShutdownTimedOut(_))
    }
}
