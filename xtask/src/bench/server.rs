//! A server under measurement: the service, the bare handler or a twin, as a process of its own on loopback.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
// Not through xshell: it can neither stop a process that goes on nor say its number.
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::ask::{Ask, GOOD};
use super::log::Log;
use super::proc;
use crate::interrupt;

/// How long a start may take. A healthy one takes milliseconds.
const START: Duration = Duration::from_secs(20);
/// Any item's path is one to the bare handler.
const ANY_ITEM: &str = "/api/v1/items/0197a1d2-0000-7000-8000-000000000000";

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Program {
    /// `service`, `bare` or what else.
    pub name: &'static str,
    /// The binary.
    pub binary: PathBuf,
    /// Its arguments, given the port to listen on.
    pub args: fn(u16) -> Vec<String>,
    /// Where it runs: the rendered service, which holds `config/`, or a twin's folder.
    pub folder: PathBuf,
    /// Where its log goes, as long as it runs.
    pub log: PathBuf,
    /// What leads it to what runs beside it.
    pub env: Vec<(String, String)>,
}

/// A running server, stopped when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    _guard: interrupt::Killed,
    log: Log,
    /// What it is called where something is said of it.
    pub name: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first good answer.
    pub started_in: Duration,
    /// The item that is asked for.
    pub item: String,
}

impl Program {
    /// Starts it, on one core where `core` names one, and waits until it is ready.
    pub fn start(&self, core: Option<usize>) -> Result<Server> {
        let (port, management) = (free_port()?, free_port()?);
        let (log, output) = Log::begin(&self.log)?;
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["-c", &core.to_string()]).arg(&self.binary);
                command
            }
            None => Command::new(&self.binary),
        };
        command
            .args((self.args)(port))
            .current_dir(&self.folder)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("APP_ENV", "staging")
            .env("APP__SERVER__PORT", port.to_string())
            .env("APP__MANAGEMENT__PORT", management.to_string())
            // Nothing is to be waited for when it is stopped.
            .env("APP__SERVER__DRAIN_DELAY", "0s")
            .envs(self.env.clone())
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output);
        let begun = Instant::now();
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))?;
        let mut server = Server {
            _guard: interrupt::Killed::new(&child),
            child,
            log,
            name: self.name,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            started_in: Duration::ZERO,
            item: ANY_ITEM.to_owned(),
        };
        while !ready(server.address) {
            if let Some(status) = server.child.try_wait()? {
                bail!(
                    "the {} ended with {status}:\n{}",
                    self.name,
                    tail(&self.log)
                );
            }
            if begun.elapsed() > START {
                bail!(
                    "the {} was not ready within {START:?}:\n{}",
                    self.name,
                    tail(&self.log)
                );
            }
            thread::sleep(Duration::from_micros(200));
        }
        server.started_in = begun.elapsed();
        if self.name != "bare" {
            server.item = server.create()?;
        }
        Ok(server)
    }
}

impl Server {
    /// Reads its item.
    pub fn get(&self) -> Ask {
        Ask::get(&self.item)
    }

    /// The status and the body that it answers with.
    pub fn once(&self, ask: &Ask) -> Result<(u16, String)> {
        let answer = exchange(self.address, &ask.once(self.address));
        let answer = answer.with_context(|| format!("the {} does not answer {ask}", self.name))?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status =
            status.with_context(|| format!("the {} answers no HTTP: `{head}`", self.name))?;
        Ok((status, body.to_owned()))
    }

    /// Makes the item that is asked for; its path.
    fn create(&self) -> Result<String> {
        let ask = Ask::post("/api/v1/items", GOOD);
        let answer = exchange(self.address, &ask.once(self.address))?;
        let location = answer
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        location.map(str::to_owned).with_context(|| {
            let status = answer.lines().next().unwrap_or("nothing");
            format!(
                "{ask} answered `{status}` without a location; the bench needs the example resource"
            )
        })
    }

    /// Its resident memory in MiB.
    pub fn resident(&self) -> Result<f64> {
        proc::resident(self.child.id())
    }

    /// The processor time it has had, in seconds.
    pub fn processor(&self) -> Result<f64> {
        proc::processor(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What ended by itself has something to tell.
        self.log.kept = matches!(self.child.try_wait(), Ok(Some(_)));
        // Then there is nothing to kill, and the wait returns at once.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen")?;
    Ok(listener.local_addr()?.port())
}

fn ready(address: SocketAddr) -> bool {
    let request = Ask::get("/health/ready").once(address);
    exchange(address, &request).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn exchange(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn tail(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
