//! A service's folder and its environments on the engine, under a name of its own; both are gone when the test ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use deploy::backend::compose::Compose;
use deploy::names::Environment;
use tempfile::TempDir;

use super::docker::{docker, perhaps};

/// What the template's compose file has, as far as this back end is concerned.
const FILE: &str = r#"
name: "shop"
x-service: &service
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  stop_grace_period: 30s
  restart: "RESTART"
x-released: &released
  <<: *service
  image: ${IMAGE:-image.invalid/set-the-variable-image:to-a-digest}
services:
  dev:
    <<: *service
    profiles: [dev]
    image: "shop:dev"
    build: { context: ., args: { CARGO_PROFILE: dev } }
    develop: { watch: [{ action: rebuild, path: src }] }
    env_file: [{ path: .env, required: false }]
    environment: { APP_ENV: dev }
    ports: ["127.0.0.1:PORT:8080"]
  staging:
    <<: *released
    profiles: [staging]
    environment: { APP_ENV: staging }
    ports: ["127.0.0.1:PORT:8080"]
"#;

pub struct Place {
    pub service: String,
    pub folder: TempDir,
    pub address: SocketAddr,
}

impl Place {
    pub fn new() -> Self {
        Self::with_restart("unless-stopped")
    }

    /// With another restart policy.
    pub fn with_restart(policy: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let service = format!("deploy-tests-{}-{count}", std::process::id());
        let folder = tempfile::tempdir().unwrap();
        // Free now; whoever takes it before the container does fails the test by name.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        let place = Self {
            service,
            folder,
            address,
        };
        place.write(&FILE.replace("RESTART", policy));
        place
    }

    /// Replaces the compose file.
    pub fn write(&self, text: &str) {
        let text = text.replace("PORT", &self.address.port().to_string());
        std::fs::write(self.folder.path().join("docker-compose.yml"), text).unwrap();
    }

    /// Adds a service to the compose file.
    pub fn add(&self, lines: &str) {
        let path = self.folder.path().join("docker-compose.yml");
        let text = std::fs::read_to_string(&path).unwrap() + lines;
        std::fs::write(path, text).unwrap();
    }

    pub fn backend(&self) -> Compose {
        Compose::new(&self.service, self.folder.path()).ready_within(Duration::from_secs(30))
    }

    pub fn project(&self, environment: Environment) -> String {
        format!("{}-{environment}", self.service)
    }

    /// The names of its containers, running or not, that contain `part`.
    pub fn containers(&self, part: &str) -> Vec<String> {
        let filter = format!("name={}", self.service);
        let names = docker(&["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"]);
        let names = names.lines().filter(|name| name.contains(part));
        names.map(str::to_owned).collect()
    }

    /// The only container of an environment's service.
    pub fn only(&self, environment: Environment) -> String {
        let of = self.containers(&format!("-{environment}-{environment}-"));
        assert_eq!(of.len(), 1, "{of:?}");
        of[0].clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let containers = self.containers("");
        if !containers.is_empty() {
            let mut args = vec!["rm", "--force", "--volumes"];
            args.extend(containers.iter().map(String::as_str));
            perhaps(&args);
        }
        let filter = format!("name={}", self.service);
        let networks = perhaps(&["network", "ls", "--quiet", "--filter", &filter]);
        for network in networks.lines() {
            perhaps(&["network", "rm", network]);
        }
    }
}
