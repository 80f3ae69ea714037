//! An image under one profile of the rendered compose file, published on loopback and free ports.
//!
//! The compose file stays as rendered. A second file, which compose lays over it, names the image, the environment
//! of the check and the published ports; everything else (user, capabilities, file system, `APP_ENV`) is the file's own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::{NamedTempFile, TempPath};

use super::docker::{AtEnd, Follower, call, docker, unique};
use super::{Instance, Launcher, NOWHERE, Power, Setup, Signal, announcement, proc};
use crate::process::finish::{Finished, finish};

/// The ports inside the container, as `config/default.yaml` has them.
const PUBLIC: u16 = 8080;
const MANAGEMENT: u16 = 9090;
/// How long a container may take to listen.
const START: Duration = Duration::from_secs(30);
/// How often a container is looked at.
const BEAT: Duration = Duration::from_millis(50);

/// Starts an image under a profile.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The rendered service, which holds `docker-compose.yml`.
    pub folder: PathBuf,
    /// `dev`, `staging` or `prod`: the profile, and the name of its service in the compose file.
    pub profile: String,
    /// The image: a reference that the engine has or can pull.
    pub image: String,
    /// Whether the compose file has a database for it, called like the profile and `-postgres`.
    pub postgres: bool,
}

/// What staging's and prod's database ask for; nobody but the service ever gets to it.
const PASSWORD: &str = "0123456789abcdef";

impl Launcher for Compose {
    fn launch(&self, setup: &Setup) -> Result<Box<dyn Instance>> {
        no_files(setup)?;
        let over = self.overlay(setup)?;
        let project = unique("contract");
        let down = ["down", "--volumes", "--remove-orphans", "--timeout", "0"];
        let mut container = Container {
            compose: self.clone(),
            _removed: AtEnd::new(&self.command(&project, &over, &down))?,
            project,
            over,
            log: None,
            id: String::new(),
            public: None,
            management: None,
        };
        container.compose(&["up", "--detach", "--no-build", "--quiet-pull"])?;
        container.id = container.compose(&["ps", "--all", "--quiet", &self.profile])?;
        container.log = Some(Follower::of(&container.id)?);
        let deadline = Instant::now() + START;
        loop {
            let lines = container.log_lines();
            if lines
                .iter()
                .any(|line| announcement::addresses(line).is_some())
            {
                let seen = container.seen()?;
                container.public = Some(published(&seen, PUBLIC)?);
                container.management = Some(published(&seen, MANAGEMENT)?);
                return Ok(Box::new(container));
            }
            if let Some(code) = container.wait(Duration::ZERO)? {
                let written = container.log_lines().join("\n");
                bail!("the container ended with exit code {code} instead of listening\n{written}");
            }
            if Instant::now() > deadline {
                bail!("no `listening` line within {START:?}\n{}", lines.join("\n"));
            }
            thread::sleep(BEAT);
        }
    }

    fn run(&self, args: &[&str], setup: &Setup) -> Result<Finished> {
        no_files(setup)?;
        let name = unique("contract-run");
        let mut command = docker();
        // As the compose file runs it; not by `compose run`, which mixes its own progress into standard error.
        command.args([
            "run",
            "--rm",
            "--read-only",
            "--cap-drop",
            "ALL",
            "--name",
            &name,
        ]);
        if self.postgres && setup.get("SECRET_DATABASE_URL").is_none() {
            // What ends at once reaches no database.
            command
                .arg("--env")
                .arg(format!("SECRET_DATABASE_URL={NOWHERE}"));
        }
        for (key, value) in &setup.env {
            command.arg("--env").arg(format!("{key}={value}"));
        }
        let finished = finish(command.arg(&self.image).args(args), START)?;
        if finished.code.is_none() {
            // Killing the client leaves its container.
            call(docker().args(["rm", "--force", &name]))?;
        }
        Ok(finished)
    }

    fn database(&self) -> Result<Option<String>> {
        Ok(None)
    }

    fn in_container(&self) -> bool {
        true
    }
}

impl Compose {
    fn command(&self, project: &str, over: &Path, args: &[&str]) -> Command {
        let mut command = docker();
        command
            .env("IMAGE", &self.image)
            .env("STAGING_DATABASE_PASSWORD", PASSWORD)
            .env("PROD_DATABASE_PASSWORD", PASSWORD)
            .args([
                "compose",
                "--progress",
                "quiet",
                "--project-name",
                project,
                "--file",
            ])
            .arg(self.folder.join("docker-compose.yml"))
            .arg("--file")
            .arg(over)
            .args(["--profile", &self.profile])
            .args(args);
        command
    }

    /// The name of the database's service in the compose file.
    fn database(&self) -> String {
        format!("{}-postgres", self.profile)
    }

    fn overlay(&self, setup: &Setup) -> Result<TempPath> {
        // Compose would interpolate a `$`; a JSON string is a YAML string.
        let quoted = |text: &str| serde_json::Value::from(text.replace('$', "$$")).to_string();
        let mut lines = vec![
            "services:".to_owned(),
            format!("  {}:", quoted(&self.profile)),
            format!("    image: {}", quoted(&self.image)),
            // One that is meant to end must not come back.
            "    restart: \"no\"".to_owned(),
            "    ports: !override".to_owned(),
            format!("      - \"127.0.0.1::{PUBLIC}\""),
            format!("      - \"127.0.0.1::{MANAGEMENT}\""),
        ];
        if let Some(interval) = setup.health_interval {
            lines.push(format!("    healthcheck: {{ interval: {interval} }}"));
        }
        // Which environment it is, the compose file says: that is a part of what is checked.
        let env: Vec<_> = setup
            .env
            .iter()
            .filter(|(name, _)| name != "APP_ENV")
            .collect();
        if !env.is_empty() {
            lines.push("    environment:".to_owned());
            let entry =
                |(name, value): &(String, String)| format!("      {name}: {}", quoted(value));
            lines.extend(env.into_iter().map(entry));
        }
        if self.postgres {
            lines.push(format!("  {}:", quoted(&self.database())));
            // Dev publishes it, on a port that another project may have.
            lines.push("    ports: !reset []".to_owned());
        }
        let file = NamedTempFile::with_suffix(".yaml").context("cannot write a compose overlay")?;
        std::fs::write(file.path(), lines.join("\n") + "\n")?;
        Ok(file.into_temp_path())
    }
}

struct Container {
    compose: Compose,
    /// There once the container is.
    log: Option<Follower>,
    /// Before the overlay, which it reads: fields are dropped in this order.
    _removed: AtEnd,
    project: String,
    over: TempPath,
    id: String,
    public: Option<SocketAddr>,
    management: Option<SocketAddr>,
}

impl Container {
    fn compose(&self, args: &[&str]) -> Result<String> {
        call(&mut self.compose.command(&self.project, &self.over, args))
    }

    fn inspect(&self, format: &str) -> Result<String> {
        call(docker().args(["inspect", "--format", format, &self.id]))
    }

    /// All that the engine says of it.
    fn seen(&self) -> Result<Value> {
        serde_json::from_str(&self.inspect("{{json .}}")?).context("docker inspect gives no JSON")
    }

    /// The number of its first process on the machine of the engine, which may be another one than this.
    fn pid(&self) -> Result<u32> {
        let pid = self.inspect("{{.State.Pid}}")?;
        pid.parse()
            .with_context(|| format!("the container's first process is `{pid}`"))
    }
}

/// Where a port of a container is published, in what `docker inspect` says of it.
fn published(seen: &Value, port: u16) -> Result<SocketAddr> {
    let place = &seen["NetworkSettings"]["Ports"][format!("{port}/tcp")][0];
    let text = |name: &str| place[name].as_str().unwrap_or_default();
    format!("{}:{}", text("HostIp"), text("HostPort"))
        .parse()
        .with_context(|| format!("port {port} of the container is published at `{place}`"))
}

impl Instance for Container {
    fn public(&self) -> SocketAddr {
        self.public.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    fn management(&self) -> SocketAddr {
        self.management
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    fn log_lines(&self) -> Vec<String> {
        self.log.as_ref().map(Follower::so_far).unwrap_or_default()
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let name = match signal {
            Signal::Term => "TERM",
            Signal::Int => "INT",
        };
        call(docker().args(["kill", "--signal", name, &self.id])).map(drop)
    }

    fn wait(&self, timeout: Duration) -> Result<Option<i32>> {
        let deadline = Instant::now() + timeout;
        loop {
            let state = self.inspect("{{.State.Status}} {{.State.ExitCode}}")?;
            if let Some(code) = state.strip_prefix("exited ") {
                // Its last lines may still be on their way.
                self.log.iter().for_each(Follower::finish);
                return Ok(Some(code.parse()?));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            thread::sleep(BEAT);
        }
    }

    fn run(&self, args: &[&str]) -> Result<Finished> {
        let binary = self.inspect("{{.Path}}")?;
        finish(docker().args(["exec", &self.id, &binary]).args(args), START)
    }

    fn database(&self, power: Power) -> Result<()> {
        let database = self.compose.database();
        let verb = match power {
            Power::Stop => "stop",
            Power::Start => "start",
            Power::Freeze => "pause",
            Power::Thaw => "unpause",
        };
        self.compose(&[verb, &database]).map(drop)
    }

    fn health(&self) -> Result<Option<String>> {
        let status = self.inspect("{{if .State.Health}}{{.State.Health.Status}}{{end}}")?;
        Ok(Some(status).filter(|status| !status.is_empty()))
    }

    fn memory(&self) -> Result<Option<u64>> {
        let pid = self.pid()?.to_string();
        // The engine's own `ps`, since the engine may run on another machine.
        let table = call(docker().args(["top", &self.id, "-eo", "pid,rss"]))?;
        let kibibytes = table.lines().find_map(|line| {
            let mut fields = line.split_whitespace();
            (fields.next()? == pid).then(|| fields.next()?.parse::<u64>().ok())?
        });
        Ok(kibibytes.map(|kibibytes| kibibytes * 1024))
    }

    fn open_files(&self) -> Option<usize> {
        proc::open_files(self.pid().ok()?)
    }

    fn container(&self) -> Result<Option<Value>> {
        self.seen().map(Some)
    }
}

fn no_files(setup: &Setup) -> Result<()> {
    if let Some((path, _)) = setup.files.first() {
        bail!(
            "`{path}` cannot be changed in an image; the check has to ask for files by its needs"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlay_changes_image_environment_and_ports_only() {
        let compose = Compose {
            folder: PathBuf::new(),
            profile: "staging".into(),
            image: "localhost:5000/your-org/orders@sha256:00".into(),
            postgres: false,
        };
        let setup = Setup::default()
            .set("APP_ENV", "prod")
            .set("SECRET_X", "a$b\"c");
        let path = compose.overlay(&setup).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = "services:\n  \"staging\":\n    image: \"localhost:5000/your-org/orders@sha256:00\"\n    \
            restart: \"no\"\n    ports: !override\n      - \"127.0.0.1::8080\"\n      - \"127.0.0.1::9090\"\n    \
            environment:\n      SECRET_X: \"a$$b\\\"c\"\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn names_of_projects_differ_and_files_are_refused() {
        assert_ne!(unique("contract"), unique("contract"));
        let setup = Setup::default().file("config/prod.yaml", "");
        assert!(
            no_files(&setup)
                .unwrap_err()
                .to_string()
                .contains("config/prod.yaml")
        );
    }
}
