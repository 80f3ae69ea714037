//! The engine of this machine, past the driver; a relay to it that dies at a chosen moment.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

/// Whether there is an engine with Compose; that there is none is said.
pub fn available() -> bool {
    static FOUND: OnceLock<Result<(), String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        if !cfg!(target_os = "linux") {
            return Err("its service is compiled for this machine, which is not Linux".to_owned());
        }
        let asked = run(&["compose", "ls"]).map_err(|error| format!("no `docker`: {error}"))?;
        if asked.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&asked.stderr).trim().to_owned())
    });
    if let Err(reason) = found {
        crate::support::skip("docker", reason);
    }
    found.is_ok()
}

fn run(args: &[&str]) -> std::io::Result<Output> {
    let mut command = Command::new("docker");
    command.args(args).env("DOCKER_BUILDKIT", "1").output()
}

/// Runs docker, and fails the test when docker does. Gives what it printed.
pub fn docker(args: &[&str]) -> String {
    let output = run(args).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The same, where there may be nothing to do.
pub fn perhaps(args: &[&str]) -> String {
    let output = run(args).unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Whether docker does it.
pub fn succeeds(args: &[&str]) -> bool {
    run(args).unwrap().status.success()
}

/// The engine's socket, where it has one on this machine.
pub fn socket() -> Option<String> {
    match std::env::var("DOCKER_HOST") {
        Ok(host) if !host.is_empty() => host.strip_prefix("unix://").map(str::to_owned),
        _ => Some("/var/run/docker.sock".to_owned()),
    }
}

/// An engine that dies when it is asked for `fatal`, and does not answer again. Its address, as `DOCKER_HOST` takes it.
pub fn mortal(fatal: &'static str) -> String {
    let socket = socket().expect("the case is not possible here, which is asked before");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let dead = Arc::new(AtomicBool::new(false));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let engine = UnixStream::connect(&socket).unwrap();
            if dead.load(Ordering::SeqCst) {
                return;
            }
            relay(client, engine, fatal, &dead);
        }
    });
    address
}

fn relay(client: TcpStream, engine: UnixStream, fatal: &'static str, dead: &Arc<AtomicBool>) {
    let (mut asks, mut answers) = (client.try_clone().unwrap(), client);
    let (mut to, mut from) = (engine.try_clone().unwrap(), engine);
    let asked = Arc::clone(dead);
    thread::spawn(move || {
        pump(&mut asks, &mut to, |bytes| {
            if String::from_utf8_lossy(bytes).contains(fatal) {
                asked.store(true, Ordering::SeqCst);
            }
            !asked.load(Ordering::SeqCst)
        });
        let _ = to.shutdown(Shutdown::Write);
        if asked.load(Ordering::SeqCst) {
            let _ = asks.shutdown(Shutdown::Both);
        }
    });
    let dead = Arc::clone(dead);
    thread::spawn(move || {
        pump(&mut from, &mut answers, |_| !dead.load(Ordering::SeqCst));
        let _ = answers.shutdown(Shutdown::Both);
    });
}

/// Hands on what comes for as long as it may.
fn pump(from: &mut impl Read, to: &mut impl Write, mut may: impl FnMut(&[u8]) -> bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !may(&buffer[..length]) || to.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}
