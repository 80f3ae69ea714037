//! What the release driver, which the run itself has built, says of every environment.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use xshell::{Cmd, Shell, cmd};

/// One environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Environment {
    #[serde(rename = "environment")]
    pub name: String,
    pub record: Option<String>,
    pub digest: Option<String>,
    pub running: Option<String>,
    pub quarantined: Vec<Quarantined>,
}

/// A version that was rolled back there.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Quarantined {
    pub tag: String,
}

#[derive(Deserialize)]
struct Status {
    environments: Vec<Environment>,
}

/// The driver of this machine.
#[derive(Debug)]
pub(super) struct Driver<'a> {
    /// What GitHub keeps between runs.
    pub home: &'a Path,
    /// The service's folder.
    pub service: &'a Path,
    /// REGISTRY/org/service.
    pub image: &'a str,
}

impl Driver<'_> {
    /// Every environment, in order.
    pub(super) fn status(&self) -> Result<Vec<Environment>> {
        let shell = self.shell()?;
        let text = self.command(&shell, &["--json"])?.quiet().read()?;
        parse(&text)
    }

    /// The same for people.
    pub(super) fn table(&self) -> Result<String> {
        let shell = self.shell()?;
        Ok(self.command(&shell, &[])?.quiet().read()?)
    }

    fn shell(&self) -> Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(self.service);
        Ok(shell)
    }

    fn command<'a>(&self, shell: &'a Shell, args: &[&str]) -> Result<Cmd<'a>> {
        let (driver, image) = (self.built()?, self.image);
        let command = cmd!(
            shell,
            "{driver} {args...} --backend compose status --image {image}"
        );
        Ok(command.env("DOCKER_CONFIG", self.home.join("docker")))
    }

    /// The newest one that a job has kept.
    fn built(&self) -> Result<PathBuf> {
        let caches = self.home.join("caches");
        let entries = fs::read_dir(&caches)
            .with_context(|| format!("no job has kept anything in {}", caches.display()))?;
        let mut found = Vec::new();
        for entry in entries {
            let driver = entry?.path().join("idp-deploy");
            if let Ok(metadata) = driver.metadata() {
                found.push((metadata.modified()?, driver));
            }
        }
        let newest = found.into_iter().max();
        let (_, driver) = newest.context("no job has built idp-deploy")?;
        Ok(driver)
    }
}

fn parse(text: &str) -> Result<Vec<Environment>> {
    for line in text.lines() {
        if let Ok(status) = serde_json::from_str::<Status>(line) {
            return Ok(status.environments);
        }
    }
    bail!("`idp-deploy status --json` names no environments:\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_found_among_the_lines() {
        let text = r#"{"step":"ask","text":"x"}
{"image":"i","latest-dev":null,"environments":[{"environment":"prod","record":"deployed-prod-1-a","digest":"sha256:1","running":null,"runs":"nothing","cache":null,"cache-stale":true,"contradicted-by":null,"quarantined":[{"commit":"a","tag":"quarantined-prod-a","reason":null}]}]}
{"command":"status"}"#;
        let found = parse(text).unwrap();
        assert_eq!(found[0].name, "prod");
        assert_eq!(found[0].quarantined[0].tag, "quarantined-prod-a");
        assert!(parse("{}").is_err());
    }
}
