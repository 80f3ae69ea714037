//! Whether an environment runs what it should, asked in four places: the engine, the service, the driver, the registry.

use anyhow::{Result, bail};
use serde_json::json;

use super::act::Ran;
use super::engine::{self, Container};
use super::load;
use super::registry;
use super::world::{ENVIRONMENTS, World};
use crate::contract::client::Request;

/// A version that was pushed.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub commit: String,
    pub digest: String,
}

impl Version {
    /// What `ran` has built of `commit`.
    pub(super) fn built(ran: &Ran, commit: String) -> Result<Self> {
        match ran.log.output("image", "digest") {
            Some(digest) => Ok(Self {
                commit,
                digest: digest.to_owned(),
            }),
            None => Err(ran.fault("the job `image` names no digest")),
        }
    }

    /// As records and quarantines name it.
    pub(super) fn short(&self) -> &str {
        self.commit.get(..12).unwrap_or(&self.commit)
    }
}

impl World {
    /// Whether every environment runs `version`; its records.
    pub(super) fn everywhere(&self, ran: &Ran, version: &Version) -> Result<Vec<String>> {
        let records = ENVIRONMENTS.map(|environment| self.runs(ran, environment, version));
        records.into_iter().collect()
    }

    /// Whether engine, service and driver agree that `environment` runs `version`; its record.
    pub(super) fn runs(&self, ran: &Ran, environment: &str, version: &Version) -> Result<String> {
        let wrong = |what: String| ran.fault(&format!("{environment}: {what}"));
        let expected = format!("{}@{}", self.image, version.digest);
        let images: Vec<String> = engine::running(&self.project(environment))?
            .into_iter()
            .map(|container| container.image)
            .collect();
        if images != [expected.as_str()] {
            return Err(wrong(format!("the engine runs {images:?}, not {expected}")));
        }
        let says = load::version(self.port(environment));
        let says = says.unwrap_or_else(|error| format!("nothing: {error:#}"));
        if says != version.commit {
            return Err(wrong(format!(
                "/version says {says}, not {}",
                version.commit
            )));
        }
        let status = self.driver().status()?.into_iter();
        let mut here = status.filter(|here| here.name == environment);
        let Some(here) = here.next() else {
            return Err(wrong("`idp-deploy status` does not show it".to_owned()));
        };
        if [here.digest.as_ref(), here.running.as_ref()] != [Some(&version.digest); 2] {
            return Err(wrong(format!(
                "`idp-deploy status` has {:?} as recorded and {:?} as running, not {}",
                here.digest, here.running, version.digest
            )));
        }
        let record = here.record.unwrap_or_default();
        let of = format!("deployed-{environment}-");
        if !record.starts_with(&of) || !record.ends_with(version.short()) {
            return Err(wrong(format!(
                "the record `{record}` is not of {}",
                version.short()
            )));
        }
        Ok(record)
    }

    /// What runs of each environment.
    pub(super) fn containers(&self) -> Result<[Vec<Container>; 3]> {
        let [dev, staging, prod] = ENVIRONMENTS.map(|name| engine::running(&self.project(name)));
        Ok([dev?, staging?, prod?])
    }

    /// Whether `environment` answers a new item with `expected`.
    pub(super) fn answers_an_item(&self, environment: &str, expected: u16) -> Result<()> {
        let item =
            Request::new("POST", "/api/v1/items").json(&json!({"name": "chair", "quantity": 1}));
        let status = load::status(self.port(environment), &item)?;
        if status != expected {
            bail!("{environment} answers a new item with {status}, not {expected}");
        }
        Ok(())
    }

    /// Whether driver and registry know that `version` is refused in `environment`; the tag.
    pub(super) fn quarantined(
        &self,
        ran: &Ran,
        environment: &str,
        version: &Version,
    ) -> Result<String> {
        let tag = format!("quarantined-{environment}-{}", version.short());
        let status = self.driver().status()?;
        let mut shown = status.iter().flat_map(|here| &here.quarantined);
        if !shown.any(|held| held.tag == tag) {
            return Err(ran.fault(&format!("`idp-deploy status` does not show `{tag}`")));
        }
        if !registry::tags(&self.image)?.contains(&tag) {
            return Err(ran.fault(&format!("the registry has no tag `{tag}`")));
        }
        Ok(tag)
    }
}
