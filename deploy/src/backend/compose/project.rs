//! One environment as a Compose project: the service's own file, and a few lines laid over it.
//!
//! The file stays as it is. What is laid over it, through standard input, names the image and takes away what belongs to
//! a developer's machine: profile `dev` builds there and reads `.env`; here it runs what was built once, by its digest, as
//! staging and prod do. Everything else (user, capabilities, ports, configuration, database) is the file's own.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::super::BackendError;
use super::super::program::Finished;
use super::engine::{CALL, Engine};
use crate::names::{Environment, Pinned};

/// The service's compose file, in its folder.
pub(super) const FILE: &str = "docker-compose.yml";

/// A project.
#[derive(Clone, Debug)]
pub(super) struct Project<'a> {
    pub(super) directory: &'a Path,
    pub(super) environment: Environment,
    /// Also the first part of the names of its containers.
    pub(super) name: String,
}

/// What `docker compose config` says.
#[derive(Debug, Deserialize)]
struct Model {
    #[serde(default)]
    services: BTreeMap<String, Service>,
}

#[derive(Debug, Default, Deserialize)]
struct Service {
    #[serde(default)]
    environment: BTreeMap<String, Value>,
    #[serde(default)]
    depends_on: Value,
}

impl<'a> Project<'a> {
    pub(super) fn new(service: &str, directory: &'a Path, environment: Environment) -> Self {
        Self {
            directory,
            environment,
            name: name(service, environment),
        }
    }

    /// The name of the candidate's container: one an environment, so that the next run finds what a killed one left.
    pub(super) fn candidate(&self) -> String {
        format!("{}-candidate", self.name)
    }

    /// Compose on this project with `image`. `args` are what comes after its global flags.
    pub(super) fn compose(
        &self,
        engine: Engine,
        image: &Pinned,
        args: &[&str],
        limit: Duration,
    ) -> Result<Finished, BackendError> {
        let profile = self.environment.name();
        let overlay = overlay(self.environment, image);
        let mut all = vec!["--project-name", &self.name, "--file", FILE, "--file", "-"];
        all.extend(["--profile", profile, "--progress", "plain"]);
        all.extend(args);
        engine.compose(self.directory, &image.to_string(), &all, &overlay, limit)
    }

    /// What the profile has beside the service and the service needs, such as its database.
    ///
    /// # Errors
    /// [`BackendError::Unusable`] when there is no compose file, or none with this profile.
    pub(super) fn companions(
        &self,
        engine: Engine,
        image: &Pinned,
    ) -> Result<Vec<String>, BackendError> {
        let profile = self.environment.name();
        let path = self.directory.join(FILE);
        let unusable = |what: String| {
            BackendError::Unusable(format!(
                "{}: {what}; run this in the service's folder, with the compose file of its template",
                path.display()
            ))
        };
        if !path.is_file() {
            return Err(unusable("there is no such file".to_owned()));
        }
        // Without the overlay, which would make up a service that is not there.
        let mut args = vec!["--project-name", &self.name, "--file", FILE];
        args.extend(["--profile", profile, "config", "--format", "json"]);
        let finished = engine.compose(self.directory, &image.to_string(), &args, "", CALL)?;
        if !finished.success && !finished.stderr.contains("no service selected") {
            return Err(unusable(format!(
                "Compose refuses it ({})",
                finished.reason()
            )));
        }
        let model = if finished.success {
            &finished.stdout
        } else {
            "{}"
        };
        let model: Model = serde_json::from_str(model)
            .map_err(|error| unusable(format!("Compose shows it in an unknown shape ({error})")))?;
        model
            .beside(profile)
            .ok_or_else(|| unusable(format!("profile `{profile}` has no service `{profile}`")))
    }
}

/// The project's name. Compose takes no dots in it.
pub(super) fn name(service: &str, environment: Environment) -> String {
    format!("{}-{environment}", service.replace('.', "-"))
}

impl Model {
    /// The other services that are to run. A database that the service's configuration does not name is left alone: it
    /// has another one elsewhere.
    fn beside(mut self, profile: &str) -> Option<Vec<String>> {
        let service = self.services.remove(profile)?;
        let database = format!("{profile}-postgres");
        let elsewhere = !service.names(&database);
        let others = self.services.into_keys();
        Some(
            others
                .filter(|name| !(elsewhere && *name == database))
                .collect(),
        )
    }
}

impl Service {
    fn names(&self, other: &str) -> bool {
        let mut values = self.environment.values();
        values.any(|value| value.as_str().is_some_and(|text| text.contains(other)))
            || self.depends_on.get(other).is_some()
    }
}

/// What is laid over the compose file. A JSON string is a YAML string, and none of these has a `$`.
fn overlay(environment: Environment, image: &Pinned) -> String {
    let mut lines = vec![
        "services:".to_owned(),
        format!("  {environment}:"),
        format!("    image: {}", Value::from(image.to_string())),
        "    build: !reset null".to_owned(),
        "    develop: !reset null".to_owned(),
    ];
    if environment == Environment::Dev {
        lines.push("    env_file: !reset null".to_owned());
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(text: &str) -> Option<Vec<String>> {
        serde_json::from_str::<Model>(text).unwrap().beside("prod")
    }

    #[test]
    fn a_database_elsewhere_is_not_started_here() {
        let with = |url: &str| {
            format!(
                r#"{{"services": {{"prod": {{"environment": {{"N": null, "SECRET_DATABASE_URL": "{url}"}}}},
                    "prod-postgres": {{"image": "postgres:15"}}, "prod-proxy": {{}}}}}}"#
            )
        };
        assert_eq!(
            beside(&with("postgres://shop:p@prod-postgres:5432/shop")).unwrap(),
            ["prod-postgres", "prod-proxy"]
        );
        assert_eq!(
            beside(&with("postgres://shop:p@db.example.com:5432/shop")).unwrap(),
            ["prod-proxy"]
        );
        let depends =
            r#"{"services": {"prod": {"depends_on": {"prod-postgres": {}}}, "prod-postgres": {}}}"#;
        assert_eq!(beside(depends).unwrap(), ["prod-postgres"]);
        assert_eq!(beside("{}"), None);
        assert_eq!(beside(r#"{"services": {"staging": {}}}"#), None);
    }

    #[test]
    fn what_is_laid_over_takes_away_what_a_laptop_needs() {
        let image = Pinned {
            image: "localhost:5000/a/shop".parse().unwrap(),
            digest: format!("sha256:{}", "0".repeat(64)).parse().unwrap(),
        };
        let dev = overlay(Environment::Dev, &image);
        let pinned = format!("image: \"{}@{}\"", image.image, image.digest);
        assert!(
            dev.contains(&pinned),
            "what runs has to be named by its digest, and not by a tag, which may move before Compose reads it: {dev}"
        );
        assert!(dev.contains("build: !reset") && dev.contains("env_file: !reset"));
        // An `env_file` of staging or prod is the file's own configuration.
        assert!(!overlay(Environment::Prod, &image).contains("env_file"));
        assert_eq!(name("shop.api", Environment::Dev), "shop-api-dev");
    }
}
