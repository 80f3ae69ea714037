//! What a story needs: a copy of the pack, a service of its own, ports that nobody has, a place in the registry. All that
//! the run makes is gone with this value; what a run leaves that was stopped half-way, the next one removes.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::act::{Act, Ran};
use super::driver::Driver;
use super::repository::Repository;
use super::{copy, engine, registry};
use crate::pack::Pack;
use crate::render;
use crate::verify::bench::answers;
use crate::verify::{Bench, Step};

/// In the order of promotion.
pub(super) const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];

/// The default branch of the repository, for workflows that ask.
const BRANCH: &str = "main";

/// See above.
#[derive(Debug)]
pub(super) struct World {
    pack: Pack,
    /// What a run can reach of it.
    reached: PathBuf,
    /// The service's repository.
    pub repository: Repository,
    /// The service's name.
    name: String,
    /// REGISTRY/org/service.
    pub image: String,
    variables: Vec<(String, String)>,
    home: PathBuf,
    logs: PathBuf,
}

impl World {
    /// Renders the template of `step` for the organisation `org`, or the pack's own.
    pub(super) fn new(bench: &Bench<'_>, step: &Step, org: Option<&str>) -> Result<Self> {
        let template = bench.template(step)?;
        let root = &bench.pack.root;
        let org = org.unwrap_or(&bench.pack.platform.org);
        let folder = root.join("target/verify/release").join(org);
        let home = root.join("target/verify/release/kept");
        let logs = folder.join("logs");
        for folder in [&logs, &home] {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        // The same in every run, as it stands in the service's files.
        let registry = format!("{}/idp-verify", registry::address());
        let facts = [("org", org), ("registry", &registry)];
        let pack = copy::copy(bench.pack, &folder.join("pack"), &facts)?;
        let reached = folder.join("reached");
        let templates: Vec<String> = pack.templates()?.into_iter().map(|it| it.name).collect();
        copy::reached(&pack.root, &templates, &reached)?;

        // The same in every run, so that the engine knows its layers; another one for another checkout.
        let name = format!("{}-{:06x}", template.short_name(), digest(root) & 0xff_ffff);
        let path = folder.join(&name);
        if path.exists() {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
        }
        let copied = pack.template(&template.name)?;
        render::render(&copied, &name, &answers(&copied, step))?.move_to(&path)?;
        let repository = Repository::new(&path, &format!("https://github.com/{org}/{name}"))?;

        let world = Self {
            image: format!("{registry}/{}/{name}", org.to_lowercase()),
            pack,
            reached,
            repository,
            name,
            variables: ports()?,
            home,
            logs,
        };
        engine::remove(&format!("{}-", world.name), &world.image)?;
        // Records of an earlier run would be another story's.
        registry::remove(&world.image)?;
        let left = registry::tags(&world.image)?;
        if let Some(tag) = left.first() {
            let image = &world.image;
            bail!(
                "the registry keeps {image}:{tag} of an earlier run; let it delete (`storage.delete.enabled`)"
            );
        }
        Ok(world)
    }

    /// The default branch was pushed.
    pub(super) fn push(&self, name: &str) -> Result<Ran> {
        let event = json!({"ref": format!("refs/heads/{BRANCH}"), "repository": repository()});
        self.act().run(name, "push", "deploy.yml", &event)
    }

    /// Somebody asked for a rollback of `environment`.
    pub(super) fn roll_back(&self, name: &str, environment: &str, reason: &str) -> Result<Ran> {
        let inputs = json!({"environment": environment, "reason": reason, "commit": "", "action": "rollback"});
        let reference = format!("refs/heads/{BRANCH}");
        let event = json!({"ref": reference, "inputs": inputs, "repository": repository()});
        self.act()
            .run(name, "workflow_dispatch", "rollback.yml", &event)
    }

    /// The compose project of an environment.
    pub(super) fn project(&self, environment: &str) -> String {
        format!("{}-{environment}", self.name)
    }

    /// Where the service answers in an environment; nowhere, where there is no such environment.
    pub(super) fn port(&self, environment: &str) -> u16 {
        let name = variable(environment, "PORT");
        let found = self.variables.iter().find(|(known, _)| *known == name);
        found
            .and_then(|(_, port)| port.parse().ok())
            .unwrap_or_default()
    }

    /// The release driver.
    pub(super) fn driver(&self) -> Driver<'_> {
        Driver {
            home: &self.home,
            service: self.repository.path(),
            image: &self.image,
        }
    }

    fn act(&self) -> Act<'_> {
        Act {
            platform: &self.pack.platform,
            pack: &self.pack.root,
            reached: &self.reached,
            service: self.repository.path(),
            home: &self.home,
            logs: &self.logs,
            variables: &self.variables,
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Where the engine or the registry is gone, there is nothing to be told.
        let _ = engine::remove(&format!("{}-", self.name), &self.image);
        let _ = registry::remove(&self.image);
    }
}

fn repository() -> Value {
    json!({"default_branch": BRANCH, "visibility": "private"})
}

/// A free port for the service and one for its management in each environment, as the compose file's variables.
fn ports() -> Result<Vec<(String, String)>> {
    // All are held until all are known.
    let mut held = Vec::new();
    for environment in ENVIRONMENTS {
        for suffix in ["PORT", "MANAGEMENT_PORT"] {
            let free = TcpListener::bind("127.0.0.1:0").context("no port is free")?;
            held.push((variable(environment, suffix), free));
        }
    }
    let named = held.iter().map(|(name, free)| {
        let port = free.local_addr()?.port().to_string();
        Ok((name.clone(), port))
    });
    named.collect()
}

fn variable(environment: &str, suffix: &str) -> String {
    format!("{}_{suffix}", environment.to_uppercase())
}

/// FNV-1a, which is the same on every machine and in every version.
fn digest(path: &Path) -> u32 {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_environment_has_two_ports_of_its_own() {
        let variables = ports().unwrap();
        let values: BTreeSet<&String> = variables.iter().map(|(_, value)| value).collect();
        assert_eq!(values.len(), 6);
        for known in ["PROD_PORT", "DEV_MANAGEMENT_PORT"] {
            assert!(variables.iter().any(|(name, _)| name == known), "{known}");
        }
    }

    #[test]
    fn another_checkout_has_another_name() {
        assert_ne!(digest(Path::new("/a")), digest(Path::new("/b")));
        assert_eq!(digest(Path::new("")), 0x811c_9dc5);
    }
}
