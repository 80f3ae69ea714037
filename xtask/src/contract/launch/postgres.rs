//! A PostgreSQL for the services under test: of the programs on this machine, or of a container. It can be stopped and
//! frozen, and it is gone when it is dropped.

use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::docker::{AtEnd, call, docker};
use crate::process::finish::finish;

/// A URL that a service takes, and that leads to no server.
pub const NOWHERE: &str = "postgres://nobody:nothing@127.0.0.1:1/nowhere";

const USER: &str = "contract";
const IMAGE: &str = "postgres:15-bookworm";
/// How long one command may take: the first start of a container is the slowest.
const PATIENCE: Duration = Duration::from_mins(1);
/// Another program may take the port that was just found free.
const TRIES: usize = 3;

/// What can be done to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Ends it, with its connections.
    Stop,
    /// Starts it again, on the same port, with the same data.
    Start,
    /// Stops its processes where they stand: connections stay, and nothing answers.
    Freeze,
    /// Lets them go on.
    Thaw,
}

/// A server on loopback.
pub struct Postgres {
    kind: Kind,
    port: u16,
    _removed: AtEnd,
}

enum Kind {
    /// `initdb`, `pg_ctl` and `psql`, and the folder that holds the data.
    Programs { bin: PathBuf, data: PathBuf },
    /// The name of a container.
    Container(String),
}

impl Postgres {
    /// Why none can be started here, or nothing where one can.
    pub fn missing() -> Option<String> {
        if programs().is_some() || call(docker().args(["image", "inspect", IMAGE])).is_ok() {
            return None;
        }
        let docker = call(docker().arg("info")).is_ok();
        (!docker)
            .then(|| "neither `initdb`, `pg_ctl` and `psql` nor a Docker engine is here".to_owned())
    }

    /// Starts one, with no databases of ours in it yet.
    pub fn start() -> Result<Self> {
        let mut last = None;
        for _ in 0..TRIES {
            let free = TcpListener::bind("127.0.0.1:0")?;
            let port = free.local_addr()?.port();
            drop(free);
            let started = match programs() {
                Some(bin) => Self::of_programs(bin, port),
                None => Self::of_container(port),
            };
            match started {
                Ok(server) => return Ok(server),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no try")?).context("cannot start a PostgreSQL")
    }

    fn of_programs(bin: PathBuf, port: u16) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("contract-postgres-")
            .tempdir()?
            .keep();
        let data = folder.join("data");
        let mut stop = as_nobody(&bin, "pg_ctl")?;
        stop.arg("-D").arg(&data).args(["-m", "immediate", "stop"]);
        let server = Self {
            _removed: AtEnd::new(&removal(&folder, &stop))?,
            kind: Kind::Programs { bin, data },
            port,
        };
        if let Some(user) = unprivileged()? {
            use std::os::unix::fs::chown;
            chown(&folder, Some(user.0), Some(user.1))?;
        }
        server.program(
            "initdb",
            &["-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync"],
        )?;
        server.power(Power::Start)?;
        Ok(server)
    }

    fn of_container(port: u16) -> Result<Self> {
        let name = super::docker::unique("contract-postgres");
        let mut remove = docker();
        remove.args(["rm", "--force", "--volumes", &name]);
        let server = Self {
            _removed: AtEnd::new(&remove)?,
            kind: Kind::Container(name.clone()),
            port,
        };
        let publish = format!("127.0.0.1:{port}:5432");
        let mut run = docker();
        run.args(["run", "--detach", "--name", &name, "--publish", &publish]);
        for (name, value) in [("USER", USER), ("PASSWORD", USER), ("DB", "postgres")] {
            run.arg("--env").arg(format!("POSTGRES_{name}={value}"));
        }
        call(run.arg(IMAGE))?;
        server.answers()?;
        Ok(server)
    }

    /// The URL of a database that is new and empty.
    pub fn database(&self) -> Result<String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("orders_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(format!(
            "postgres://{USER}:{USER}@127.0.0.1:{}/{name}",
            self.port
        ))
    }

    /// What `psql` answers to a statement, without frills.
    pub fn sql(&self, database: &str, statement: &str) -> Result<String> {
        let port = self.port.to_string();
        let args = [
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            USER,
            "-d",
            database,
            "-c",
            statement,
        ];
        match &self.kind {
            Kind::Programs { bin, .. } => done(
                program(bin, "psql")
                    .args(["-h", "127.0.0.1", "-p", &port])
                    .args(args),
            ),
            Kind::Container(name) => call(docker().args(["exec", name, "psql"]).args(args)),
        }
    }

    /// Stops, starts, freezes or thaws it; returns once that is so.
    pub fn power(&self, power: Power) -> Result<()> {
        match (&self.kind, power) {
            (Kind::Programs { data, .. }, Power::Start) => {
                let log = data.join("log").display().to_string();
                let options = format!(
                    "-p {} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300",
                    self.port,
                    data.display()
                );
                self.program("pg_ctl", &["-w", "-l", &log, "-o", &options, "start"])
            }
            (Kind::Programs { .. }, Power::Stop) => {
                self.program("pg_ctl", &["-w", "-m", "fast", "stop"])
            }
            (Kind::Programs { data, .. }, Power::Freeze) => signal(data, Signal::STOP),
            (Kind::Programs { data, .. }, Power::Thaw) => signal(data, Signal::CONT),
            (Kind::Container(name), power) => {
                let verb = match power {
                    Power::Stop => "stop",
                    Power::Start => "start",
                    Power::Freeze => "pause",
                    Power::Thaw => "unpause",
                };
                call(docker().args([verb, name]))?;
                if power == Power::Start {
                    self.answers()
                } else {
                    Ok(())
                }
            }
        }
    }

    fn answers(&self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) = self.sql("postgres", "SELECT 1") {
            if Instant::now() > deadline {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn program(&self, name: &str, args: &[&str]) -> Result<()> {
        let Kind::Programs { bin, data } = &self.kind else {
            bail!("a container has no `{name}` of this machine");
        };
        let mut command = as_nobody(bin, name)?;
        done(command.arg("-D").arg(data).args(args)).map(drop)
    }
}

/// What ends the server whose folder it is by `stop`, frozen or not, and removes the folder. A process that is stopped
/// where it stands takes no signal but this one and SIGKILL.
fn removal(folder: &Path, stop: &Command) -> Command {
    const SCRIPT: &str = r#"
        first=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
        if [ -n "$first" ]; then
            ps -A -o pid=,ppid= | while read -r pid parent; do
                [ "$pid" != "$first" ] && [ "$parent" != "$first" ] || kill -CONT "$pid"
            done
        fi
        "$@" >/dev/null 2>&1
        rm -rf "$0"
    "#;
    let mut removal = Command::new("sh");
    removal
        .args(["-c", SCRIPT])
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args())
        .envs(env::var_os("PATH").map(|path| ("PATH", path)));
    removal
}

/// The postmaster first, so that it notices nothing of its children.
fn signal(data: &Path, signal: Signal) -> Result<()> {
    let file = std::fs::read_to_string(data.join("postmaster.pid"))?;
    let first = file.lines().next().unwrap_or_default();
    let all = done(Command::new("ps").args(["-A", "-o", "pid=,ppid="]))?;
    let mut pids = vec![first];
    pids.extend(all.lines().filter_map(|line| {
        let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
        (parent.trim() == first).then_some(pid)
    }));
    for pid in pids {
        let pid = Pid::from_raw(pid.parse()?).context("a process has the number 0")?;
        // A connection may have ended by itself meanwhile.
        let _gone = kill_process(pid, signal);
    }
    Ok(())
}

/// Where the programs are: on PATH (an empty place), or where Debian keeps them.
fn programs() -> Option<PathBuf> {
    let works = |bin: &Path| {
        ["initdb", "pg_ctl", "psql"]
            .iter()
            .all(|name| done(program(bin, name).arg("--version")).is_ok())
    };
    let on_path = PathBuf::new();
    if works(&on_path) {
        return Some(on_path);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut bins = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    bins.find(|bin| works(bin))
}

fn program(bin: &Path, name: &str) -> Command {
    Command::new(bin.join(name))
}

/// As [`program`], but never as root, which PostgreSQL refuses.
fn as_nobody(bin: &Path, name: &str) -> Result<Command> {
    let command = program(bin, name);
    Ok(match unprivileged()? {
        None => command,
        Some((user, group)) => {
            let mut other = Command::new("setpriv");
            other
                .arg(format!("--reuid={user}"))
                .arg(format!("--regid={group}"));
            other.arg("--clear-groups").arg(command.get_program());
            // What is open to us only, such as our working directory, is not to be asked for.
            other.current_dir("/");
            other
        }
    })
}

/// Whom to become, for root.
fn unprivileged() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        let id = |of: &str| done(Command::new("id").args([of, name]));
        if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
            return Ok(Some((user.parse()?, group.parse()?)));
        }
    }
    bail!("there is neither a user `postgres` nor `nobody` to run PostgreSQL as")
}

/// What a command wrote to its standard output, once it ended well.
fn done(command: &mut Command) -> Result<String> {
    let finished = finish(command, PATIENCE)?;
    if finished.code != Some(0) {
        bail!(
            "{}: {}",
            command.get_program().display(),
            finished.excerpt()
        );
    }
    Ok(finished.stdout.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    #[test]
    fn what_is_frozen_is_ended_too() {
        let folder = tempfile::tempdir().unwrap().keep();
        let data = folder.join("data");
        std::fs::create_dir(&data).unwrap();
        // It writes its number and its child's as soon as both are there, and ends with its child.
        let script = r#"sleep 600 & trap 'kill "$!"; exit 0' TERM; echo $$ >"$0.new"; echo $! >>"$0.new"; mv "$0.new" "$0"; wait"#;
        let file = data.join("postmaster.pid");
        let mut server = Command::new("sh")
            .args(["-c", script])
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let _killed = crate::interrupt::Killed::new(&server);
        let text =
            crate::contract::running::eventually(PATIENCE, || std::fs::read_to_string(&file).ok());
        let text = text.unwrap();
        let pids: Vec<_> = text
            .lines()
            .map(|pid| Pid::from_raw(pid.parse().unwrap()).unwrap())
            .collect();
        signal(&data, Signal::STOP).unwrap();
        let mut stop = Command::new("kill");
        stop.arg("-TERM").arg(server.id().to_string());
        drop(AtEnd::new(&removal(&folder, &stop)).unwrap());
        let ended =
            crate::process::finish::exit_code(&mut server, Duration::from_secs(10)).unwrap();
        for pid in &pids {
            let _gone = kill_process(*pid, Signal::KILL);
        }
        assert_eq!(ended, Some(0), "it is still frozen");
        assert!(!folder.exists());
    }
}
