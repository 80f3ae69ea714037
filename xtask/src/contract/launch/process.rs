//! The built binary as a process of this machine, on loopback and free ports.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use super::lines::{Lines, locked};
use super::{
    Instance, Launcher, NOWHERE, Postgres, Power, Setup, Signal, announcement, proc, workdir,
};
use crate::process::finish::{Finished, exit_code, finish};

/// How long a start may take. A healthy one takes milliseconds.
const START: Duration = Duration::from_secs(10);
/// How long a run with arguments, or one that is meant to refuse, may take. A healthy one takes milliseconds.
const RUN: Duration = Duration::from_secs(4);

/// Starts a binary, each time in a working directory of its own.
#[derive(Clone)]
pub struct Process {
    /// The binary.
    pub binary: PathBuf,
    /// The rendered service, which holds `config/`.
    pub folder: PathBuf,
    /// The server that its databases are made on, where it has any.
    pub postgres: Option<Rc<Postgres>>,
}

impl Process {
    fn command(&self, work: &TempDir, setup: &Setup) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .current_dir(work.path())
            .env_clear()
            .env("APP__SERVER__PORT", "0")
            .env("APP__MANAGEMENT__PORT", "0")
            .envs(setup.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// `setup`, with the URL of a database where its secrets come from, unless it has one already.
fn with_database(setup: &Setup, url: &str) -> Setup {
    let (provider, variable) = ("APP__SECRETS__PROVIDER", "SECRET_DATABASE_URL");
    match (setup.get(provider), setup.get("APP__SECRETS__DIRECTORY")) {
        (Some("file"), Some(folder)) => setup.clone().file(&format!("{folder}/database-url"), url),
        _ if setup.get(variable).is_none() => setup.clone().set(variable, url),
        _ => setup.clone(),
    }
}

impl Launcher for Process {
    fn launch(&self, setup: &Setup) -> Result<Box<dyn Instance>> {
        let postgres = match &self.postgres {
            Some(_) if setup.alone => Some(Rc::new(Postgres::start()?)),
            shared => shared.clone(),
        };
        let setup = &match &postgres {
            Some(postgres) => with_database(setup, &postgres.database()?),
            None => setup.clone(),
        };
        let work = workdir::prepare(&self.folder, setup)?;
        // Not through xshell: it can neither stop a process that goes on nor read from it meanwhile.
        let mut child = self
            .command(&work, setup)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))?;
        let lines = Lines::default();
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|from| lines.follow(from)));
        readers.extend(child.stderr.take().map(|from| lines.follow(from)));
        let mut service = Service {
            launcher: Self {
                postgres,
                ..self.clone()
            },
            setup: setup.clone(),
            work,
            child: Mutex::new(child),
            readers: Mutex::new(readers),
            lines,
            addresses: None,
        };
        let deadline = Instant::now() + START;
        loop {
            let found = service.log_lines();
            if let Some(addresses) = found.iter().find_map(|line| announcement::addresses(line)) {
                service.addresses = Some(addresses);
                return Ok(Box::new(service));
            }
            if let Some(code) = service.wait(Duration::ZERO)? {
                let written = service.log_lines().join("\n");
                bail!("it ended with exit code {code} instead of listening\n{written}");
            }
            if Instant::now() > deadline {
                bail!("no `listening` line within {START:?}\n{}", found.join("\n"));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn run(&self, args: &[&str], setup: &Setup) -> Result<Finished> {
        // What ends at once reaches no database.
        let setup = &match self.postgres {
            Some(_) => with_database(setup, NOWHERE),
            None => setup.clone(),
        };
        let work = workdir::prepare(&self.folder, setup)?;
        finish(self.command(&work, setup).args(args), RUN)
    }

    fn database(&self) -> Result<Option<String>> {
        self.postgres.as_deref().map(Postgres::database).transpose()
    }

    fn in_container(&self) -> bool {
        false
    }
}

struct Service {
    launcher: Process,
    setup: Setup,
    work: TempDir,
    child: Mutex<Child>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    lines: Lines,
    /// Public and management, known once it listens; nobody gets hold of it before.
    addresses: Option<(SocketAddr, SocketAddr)>,
}

impl Service {
    fn address(&self, pick: fn((SocketAddr, SocketAddr)) -> SocketAddr) -> SocketAddr {
        self.addresses
            .map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), pick)
    }
}

impl Instance for Service {
    fn public(&self) -> SocketAddr {
        self.address(|(public, _)| public)
    }

    fn management(&self) -> SocketAddr {
        self.address(|(_, management)| management)
    }

    fn log_lines(&self) -> Vec<String> {
        self.lines.so_far()
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let mut child = locked(&self.child);
        // The number of a process that ended may belong to another one by now.
        if child.try_wait()?.is_some() {
            bail!("the service ended before it was asked to");
        }
        let signal = match signal {
            Signal::Term => rustix::process::Signal::TERM,
            Signal::Int => rustix::process::Signal::INT,
        };
        kill_process(Pid::from_child(&child), signal).context("cannot signal the service")
    }

    fn wait(&self, timeout: Duration) -> Result<Option<i32>> {
        let code = exit_code(&mut locked(&self.child), timeout)?;
        if code.is_some() {
            // Its last lines may still be in the pipe.
            for reader in locked(&self.readers).drain(..) {
                let _panicked = reader.join();
            }
        }
        Ok(code)
    }

    fn run(&self, args: &[&str]) -> Result<Finished> {
        let setup = self
            .setup
            .clone()
            .set("APP__SERVER__PORT", self.public().port().to_string())
            .set(
                "APP__MANAGEMENT__PORT",
                self.management().port().to_string(),
            );
        finish(self.launcher.command(&self.work, &setup).args(args), RUN)
    }

    fn database(&self, power: Power) -> Result<()> {
        match &self.launcher.postgres {
            Some(postgres) if self.setup.alone => postgres.power(power),
            _ => bail!("it has no database server of its own; start it with `Setup::alone`"),
        }
    }

    fn health(&self) -> Result<Option<String>> {
        Ok(None)
    }

    fn memory(&self) -> Result<Option<u64>> {
        Ok(proc::memory(locked(&self.child).id()))
    }

    fn open_files(&self) -> Option<usize> {
        proc::open_files(locked(&self.child).id())
    }

    fn container(&self) -> Result<Option<Value>> {
        Ok(None)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself; then there is nothing to kill, and the wait returns at once.
        let _ended = child.kill();
        let _reaped = child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::process::executable;

    /// A launcher for a shell script in place of a service.
    fn script(dir: &TempDir, body: &str) -> Process {
        let binary = dir.path().join("service");
        executable(&binary, &format!("#!/bin/sh\n{body}\n"));
        fs::create_dir_all(dir.path().join("config")).unwrap();
        Process {
            binary,
            folder: dir.path().to_owned(),
            postgres: None,
        }
    }

    const LISTENING: &str = r#"echo '{"message":"listening","address":"127.0.0.1:1","management_address":"127.0.0.1:2"}'"#;

    #[test]
    fn a_service_is_signalled_heard_to_its_last_line_and_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let body =
            format!("trap 'echo bye; exit 3' TERM\n{LISTENING}\nwhile :; do sleep 0.01; done");
        let service = script(&dir, &body).launch(&Setup::default()).unwrap();
        assert_eq!(
            (service.public().port(), service.management().port()),
            (1, 2)
        );
        assert_eq!(service.wait(Duration::ZERO).unwrap(), None);
        service.signal(Signal::Term).unwrap();
        assert_eq!(service.wait(Duration::from_secs(5)).unwrap(), Some(3));
        assert_eq!(service.log_lines().last().unwrap(), "bye");
        assert!(service.signal(Signal::Int).is_err());
    }

    #[test]
    fn nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let body =
            format!("echo $$\necho \"${{LEAK:-clean}} $APP__X\"\n{LISTENING}\nexec sleep 60");
        let setup = Setup::default()
            .set("APP__X", "given")
            .set("PATH", "/usr/bin:/bin");
        let service = script(&dir, &body).launch(&setup).unwrap();
        let lines = service.log_lines();
        assert_eq!(lines[1], "clean given");
        let pid = Pid::from_raw(lines[0].parse().unwrap()).unwrap();
        assert!(rustix::process::test_kill_process(pid).is_ok());
        drop(service);
        assert!(rustix::process::test_kill_process(pid).is_err());
    }

    #[test]
    fn a_start_that_fails_says_what_the_service_said() {
        let dir = tempfile::tempdir().unwrap();
        let launcher = script(&dir, "echo 'orders: server.port: taken' >&2; exit 78");
        let error = launcher
            .launch(&Setup::default())
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains("exit code 78") && error.contains("server.port"),
            "{error}"
        );
    }
}
