//! What this service is made of: its state, its routes, and the platform around them.

use std::ops::Deref;
use std::sync::Arc;

use axum::routing::get;

use crate::config::{Config, ConfigError};
use crate::dependencies::Dependencies;
use crate::items;
use crate::metrics::{Exporter, exporter};
use crate::platform::client::Client;
use crate::platform::edge::Edge;
use crate::platform::health::{self, Readiness};
use crate::platform::in_flight::InFlight;
use crate::platform::routes::Routes;
use crate::secrets::Secrets;
use crate::version;

/// What handlers share, such as `state.config`: the fields are those of [`Shared`]. axum clones it for each request, so it
/// is one pointer.
#[derive(Clone)]
pub struct AppState(pub Arc<Shared>);

/// The state itself.
pub struct Shared {
    /// The effective configuration.
    pub config: Config,
    /// The secrets that the configuration refers to, fetched at start.
    pub secrets: Secrets,
    /// Whether the service wants traffic; dependencies register their checks here.
    pub readiness: Readiness,
    /// Connections to what the service stands on.
    pub dependencies: Dependencies,
    /// The metrics: a gauge of your own is registered here.
    pub exporter: Exporter,
    /// Calls to other services.
    pub client: Client,
    pub(crate) in_flight: InFlight,
}

impl AppState {
    /// Fetches the secrets and sets up what is shared.
    pub async fn new(mut config: Config) -> Result<Self, ConfigError> {
        let secrets = Secrets::fetch(&config).await?;
        // Handlers hold the configuration, and are given secrets one by one.
        config.variables.clear();
        let in_flight = InFlight::default();
        let exporter = exporter::new(&config, &secrets, in_flight.clone())?;
        let readiness = Readiness::default();
        secrets.keep_fresh(&readiness, &exporter);
        let client = Client::new(&config.settings.client);
        let dependencies = Dependencies::connect(&config, &secrets, &readiness, &exporter).await?;
        Ok(Self(Arc::new(Shared {
            config,
            secrets,
            readiness,
            dependencies,
            exporter,
            client,
            in_flight,
        })))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The public routes, without the platform.
pub fn routes() -> Routes {
    Routes::new()
        .route("/version", get(version::show_version))
        .merge(items::routes())
}

/// `routes` with health endpoints and everything that surrounds a handler: see [`Edge`].
pub fn router(state: AppState, routes: Routes) -> Edge {
    let routes = routes.merge(health::routes()).with_state(state.clone());
    Edge::public(state, routes)
}
