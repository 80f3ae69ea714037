//! The back end `compose` on the engine of this machine: a project an environment, of the test service's images.
//!
//! What goes wrong with a version stands in the compose file, from where each container has it when it is created.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::engine::{docker, mortal, perhaps, succeeds};
use super::{Place, Version, engine, shop};
use crate::support::images::Repository;
use crate::support::registry::free_port;

/// Asked of the engine when a container that was created is to run: the candidate is the first one.
const START: &str = "/start ";

/// An engine, with a world's folder and names.
pub struct Compose {
    folder: PathBuf,
    /// As the driver names it.
    image: String,
    behaviours: Mutex<BTreeMap<char, &'static str>>,
    /// In place of the engine.
    host: Mutex<Option<String>>,
}

impl Compose {
    /// Whether it can be had here; that it can't is said.
    pub fn available() -> bool {
        engine::available()
    }

    /// Whether an engine can be made to die here.
    pub fn mortal() -> bool {
        engine::socket().is_some()
    }

    /// In a folder that is the world's; with the digests of A, B and C.
    pub fn new(
        folder: &Path,
        image: &str,
        address: &str,
        repository: &Repository,
    ) -> (Self, Vec<String>) {
        let place = Self {
            folder: folder.to_owned(),
            image: image.to_owned(),
            behaviours: Mutex::default(),
            host: Mutex::default(),
        };
        place.write();
        (place, shop::copy(address, repository))
    }

    fn write(&self) {
        let behaviours = self.behaviours.lock().unwrap();
        let set = behaviours
            .iter()
            .map(|(name, behaviour)| format!("BEHAVIOUR_{name}: \"{behaviour}\""));
        let set: Vec<_> = set.collect();
        let mut text = "services:\n".to_owned();
        for environment in ["dev", "staging", "prod"] {
            text.push_str(&format!(
                "  {environment}:\n    profiles: [{environment}]\n    image: ${{IMAGE:-image.invalid/none}}\n    restart: unless-stopped\n    environment: {{ {} }}\n",
                set.join(", ")
            ));
        }
        fs::write(self.folder.join("docker-compose.yml"), text).unwrap();
    }

    fn service(&self) -> &str {
        self.image.rsplit('/').next().unwrap()
    }

    /// The containers of an environment's service, running.
    fn running(&self, environment: &str) -> Vec<String> {
        let label = |key: &str, value: &str| format!("label=com.docker.compose.{key}={value}");
        let filters = [
            label("project", &format!("{}-{environment}", self.service())),
            label("oneoff", "False"),
        ];
        let ids = docker(&[
            "ps",
            "--quiet",
            "--filter",
            &filters[0],
            "--filter",
            &filters[1],
        ]);
        ids.lines().map(str::to_owned).collect()
    }

    /// The names of all its containers, running or not, that hold `part`.
    fn containers(&self, part: &str) -> Vec<String> {
        let filter = format!("name={}-", self.service());
        let names = perhaps(&["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"]);
        let names = names.lines().filter(|name| name.contains(part));
        names.map(str::to_owned).collect()
    }
}

impl Place for Compose {
    fn variables(&self) -> Vec<(&'static str, String)> {
        let host = self.host.lock().unwrap().clone();
        let host = host.or_else(|| std::env::var("DOCKER_HOST").ok());
        let host = host.map(|host| ("DOCKER_HOST", host));
        let backend = ("IDP_BACKEND", "compose".to_owned());
        [backend].into_iter().chain(host).collect()
    }

    fn runs(&self, environment: &str) -> Option<String> {
        let ids = self.running(environment);
        let images = ids
            .iter()
            .map(|id| docker(&["inspect", "--format", "{{.Config.Image}}", id]));
        let images: Vec<_> = images.collect();
        match images.as_slice() {
            [] => None,
            // By digest, or else it is not what was pushed.
            [one] => Some(
                one.rsplit_once('@')
                    .map_or(one.clone(), |(_, digest)| digest.to_owned()),
            ),
            more => Some(more.join(" and ")),
        }
    }

    fn start_by_hand(&self, environment: &str, digest: &str) {
        let project = format!("{}-{environment}", self.service());
        let started = Command::new("docker")
            .args([
                "compose",
                "--project-name",
                &project,
                "--profile",
                environment,
            ])
            .args(["up", "--detach", "--quiet-pull", environment])
            .env("IMAGE", format!("{}@{digest}", self.image))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(started.status.success(), "{started:?}");
        let id = self.running(environment).join(" ");
        let begun = Instant::now();
        while !succeeds(&["exec", &id, "/app/shop", "healthcheck"]) {
            assert!(begun.elapsed() < Duration::from_secs(30), "it is not ready");
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn take_away(&self, environment: &str) {
        for id in self.running(environment) {
            docker(&["rm", "--force", &id]);
        }
    }

    fn wrong(&self, what: &str, version: Option<Version<'_>>) {
        let behaviour = match what {
            "down" => {
                *self.host.lock().unwrap() = Some(format!("tcp://127.0.0.1:{}", free_port()));
                return;
            }
            "engine-dies" => {
                *self.host.lock().unwrap() = Some(mortal(START));
                return;
            }
            "unready" => "never-ready",
            "dies" => "dies:1200",
            "says" => "lies",
            _ => panic!("`{what}` can't be made to happen on an engine"),
        };
        let name = version.expect("whose behaviour it is").name;
        self.behaviours.lock().unwrap().insert(name, behaviour);
        self.write();
    }

    fn mend(&self) {
        *self.host.lock().unwrap() = None;
    }

    fn slow(&self, _: Version<'_>, _: &str) {
        // A deployment takes some seconds as it is.
    }

    fn begun(&self, environment: &str, _: Version<'_>) -> bool {
        !self
            .containers(&format!("{environment}-candidate"))
            .is_empty()
    }

    fn broken(&self) -> Vec<String> {
        let all = self.containers("").into_iter();
        let left = all.filter(|name| {
            ["candidate", "idp-lock"]
                .iter()
                .any(|part| name.contains(part))
        });
        left.map(|name| format!("`{name}` is left behind"))
            .collect()
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        let remove = |how: &[&str], listed: &[String]| {
            if !listed.is_empty() {
                let listed = listed.iter().map(String::as_str);
                perhaps(&how.iter().copied().chain(listed).collect::<Vec<_>>());
            }
        };
        let lines = |listed: String| listed.lines().map(str::to_owned).collect::<Vec<_>>();
        remove(&["rm", "--force", "--volumes"], &self.containers(""));
        let named = format!("name={}-", self.service());
        let networks = perhaps(&["network", "ls", "--quiet", "--filter", &named]);
        remove(&["network", "rm"], &lines(networks));
        let format = "{{.Repository}}@{{.Digest}}";
        let images = perhaps(&["images", "--digests", "--format", format, &self.image]);
        remove(&["rmi", "--no-prune"], &lines(images));
    }
}
