//! The only way into the process's environment and configuration files; clippy.toml forbids every other.
//!
//! Layers, later wins: `config/default.yaml`, `config/{dev,staging,prod}.yaml` by `APP_ENV`, `.env` in dev only,
//! environment variables `APP__SECTION__KEY`. Whatever does not fit refuses to start.

pub(crate) mod forms;
mod refusal;
pub mod report;
mod settings;

use std::collections::BTreeMap;
use std::path::PathBuf;

use config::{Map, Source, Value};
use secrecy::SecretString;

use crate::secrets;

pub use forms::{Auth, Format, SecretRef};
pub use refusal::ConfigError;
pub use settings::*;

const PREFIX: &str = "APP__";

/// Where the service runs, by `APP_ENV`. Unset means dev; any other word refuses to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A developer's machine.
    Dev,
    /// As production, without its users.
    Staging,
    /// Production.
    Prod,
}

impl Environment {
    /// Every environment, in the order of promotion.
    pub const ALL: [Self; 3] = [Self::Dev, Self::Staging, Self::Prod];

    /// The word in `APP_ENV`, in file names and in log lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Staging => "staging",
            Self::Prod => "prod",
        }
    }
}

/// What the service runs with, checked.
pub struct Config {
    /// Where it runs.
    pub environment: Environment,
    /// The typed values.
    pub settings: Settings,
    /// The same values untyped, each with the layer it came from.
    pub(crate) layered: Value,
    /// The variables `SECRET_…` that say something, for the providers of secrets, which take what they need: gone once
    /// secrets are fetched.
    pub(crate) variables: BTreeMap<String, SecretString>,
}

impl Config {
    /// A refusal of a value that is well formed and still will not do, with the layer it came from.
    pub(crate) fn refuse(&self, key: &str, problem: &str, remedy: &str) -> ConfigError {
        let leaf = report::leaves(&self.layered).into_iter();
        let place = match leaf.into_iter().find(|leaf| leaf.key == key) {
            Some(leaf) => format!("{key} in {}", leaf.layer),
            None => key.to_owned(),
        };
        ConfigError::new(place, problem, remedy)
    }
}

/// Reads the layers. Everything it knows about the process is given to it, so tests need no environment of their own.
#[derive(Clone)]
pub struct ConfigProvider {
    root: PathBuf,
    variables: BTreeMap<String, String>,
}

impl ConfigProvider {
    /// The working directory and the process's environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_process() -> Result<Self, ConfigError> {
        let mut variables = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str() else { continue };
            match value.into_string() {
                Ok(value) => drop(variables.insert(name.to_owned(), value)),
                Err(_)
                    if ["APP_", secrets::PREFIX]
                        .iter()
                        .any(|ours| name.starts_with(ours)) =>
                {
                    let place = format!("environment variable {name}");
                    return Err(ConfigError::new(place, "not UTF-8", "set it to plain text"));
                }
                Err(_) => {}
            }
        }
        Ok(Self::new("", variables))
    }

    /// `root` holds `config/` and, in dev, perhaps `.env`; `variables` are the environment.
    pub fn new(root: impl Into<PathBuf>, variables: BTreeMap<String, String>) -> Self {
        Self {
            root: root.into(),
            variables,
        }
    }

    /// The effective configuration of the environment that `APP_ENV` names.
    pub fn load(&self) -> Result<Config, ConfigError> {
        let wanted = self.variables.get("APP_ENV").map_or("dev", String::as_str);
        let environment = Environment::ALL
            .into_iter()
            .find(|environment| environment.name() == wanted);
        let environment = environment.ok_or_else(|| {
            ConfigError::new(
                "environment variable APP_ENV",
                format!("`{wanted}` is no environment"),
                "set it to dev, staging or prod",
            )
        })?;
        self.load_for(environment)
    }

    /// The effective configuration of one environment, whatever `APP_ENV` says.
    pub fn load_for(&self, environment: Environment) -> Result<Config, ConfigError> {
        let dotenv = if environment == Environment::Dev {
            self.dotenv()?
        } else {
            BTreeMap::new()
        };
        let mut layers = config::Config::builder();
        for name in ["default", environment.name()] {
            let path = self.root.join("config").join(name).with_extension("yaml");
            let path = path.to_string_lossy();
            layers = layers.add_source(config::File::new(&path, config::FileFormat::Yaml));
        }
        for (place, variables) in [
            (".env: ", &dotenv),
            ("environment variable ", &self.variables),
        ] {
            layers = layers.add_source(Layer::of_variables(place, variables)?);
        }
        let layered = layers
            .build()
            .map_err(|error| refusal::unreadable(&error))?
            .cache;
        let settings = serde_path_to_error::deserialize(layered.clone())
            .map_err(|error| refusal::misfit(&error, &layered))?;
        let mut variables = BTreeMap::new();
        for (name, value) in dotenv.iter().chain(&self.variables) {
            if !name.starts_with(secrets::PREFIX) {
                continue;
            }
            // Set to nothing is not set, also where `.env` says otherwise.
            if value.is_empty() {
                variables.remove(name);
            } else {
                variables.insert(name.clone(), value.as_str().into());
            }
        }
        let config = Config {
            environment,
            settings,
            layered,
            variables,
        };
        // What a provider needs of the configuration, only the provider knows.
        secrets::open(&config)?;
        Ok(config)
    }

    fn dotenv(&self) -> Result<BTreeMap<String, String>, ConfigError> {
        let mut read = BTreeMap::new();
        let mut last = None;
        let refuse = |error: dotenvy::Error, last: Option<&String>| {
            let problem = match (error, last) {
                // Nothing of it: what the error quotes may be a secret, and nothing but that.
                (dotenvy::Error::LineParse(..), Some(name)) => {
                    format!("the entry after `{name}` cannot be read")
                }
                (dotenvy::Error::LineParse(..), None) => {
                    "the first entry cannot be read".to_owned()
                }
                (other, _) => other.to_string(),
            };
            ConfigError::new(
                ".env",
                problem,
                "write lines of NAME=value, quoted as in a shell",
            )
        };
        let entries = match dotenvy::from_path_iter(self.root.join(".env")) {
            Ok(entries) => entries,
            Err(error) if error.not_found() => return Ok(read),
            Err(error) => return Err(refuse(error, None)),
        };
        for entry in entries {
            let (name, value) = entry.map_err(|error| refuse(error, last.as_ref()))?;
            last = Some(name.clone());
            read.insert(name, value);
        }
        Ok(read)
    }
}

/// The variables of one layer, each value labelled with the name of its variable.
#[derive(Clone, Debug)]
struct Layer(Map<String, Value>);

impl Layer {
    /// `APP__SERVER__PORT=1` becomes `server.port`, labelled with the variable's name. A name that could mean something
    /// else to the config crate, or that hides another, is refused.
    fn of_variables(
        place: &str,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut layer = BTreeMap::new();
        for (name, value) in variables {
            let refuse = |problem: &str, remedy: &str| {
                Err(ConfigError::new(format!("{place}{name}"), problem, remedy))
            };
            let Some(path) = name.strip_prefix(PREFIX) else {
                // `APP_PORT` may be anyone's, such as the orchestrator's; `APP_SERVER__PORT` is a slip.
                if name.starts_with("APP_") && name.contains("__") {
                    return refuse("not read", "spell it APP__SECTION__KEY, or remove it");
                }
                continue;
            };
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if !path.chars().all(plain) || path.split("__").any(str::is_empty) {
                return refuse("not the name of a key", "spell it APP__SECTION__KEY");
            }
            let key = path.to_lowercase().replace("__", ".");
            let mut parents = key.match_indices('.').map(|(end, _)| &key[..end]);
            if let Some(parent) = parents.find(|parent| layer.contains_key(*parent)) {
                return refuse(
                    &format!("hidden by that of `{parent}`"),
                    "remove one of the two",
                );
            }
            let value = Value::new(Some(&format!("{place}{name}")), value.clone());
            layer.insert(key, value);
        }
        Ok(Self(layer.into_iter().collect()))
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.0.clone())
    }
}
