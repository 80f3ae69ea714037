//! The process: its arguments, its exit codes, its log, its signals.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use axum::routing::get;
use serde_json::Value;
use service::Routes;

use crate::backing;
use crate::support::{config, folder, variable};

const BINARY: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(arguments)
        .env_clear()
        .env("APP_ENV", "staging")
        .envs(
            backing::SECRETS
                .iter()
                .map(|(name, value)| (variable(name), value)),
        )
        .envs(variables.iter().copied());
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments, variables).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn arguments() {
    let (code, _, said) = run(&["serve", "now"], &[]);
    assert_eq!((code, said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("serve now"), "{said}");
    for commit in [
        &["--commit"][..],
        &["--commit", "main"],
        &["--commit", "1", "2"],
    ] {
        let (code, _, said) = run(&[&["healthcheck"], commit].concat(), &[]);
        assert_eq!((code, said.lines().count()), (Some(2), 1), "{said}");
    }
    assert_eq!(run(&["--help"], &[]).0, Some(0));
    let (code, version, _) = run(&["--version"], &[]);
    assert_eq!(
        (code, version),
        (
            Some(0),
            format!("{} {}\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
        )
    );
    let (code, report, _) = run(&["config"], &[]);
    assert_eq!(code, Some(0));
    assert!(report.contains("server.port"), "{report}");
    assert_eq!(run(&["config", "--check"], &[]).0, Some(0));
}

#[test]
fn a_configuration_that_does_not_fit_ends_at_once() {
    let cases: [&[(&str, &str)]; 4] = [
        &[("APP__SERVER__PROT", "1")],
        &[("APP_ENV", "moon")],
        &[("APP__MANAGEMENT__TOKEN__SECRET", "missing")],
        &[
            ("APP__MANAGEMENT__TOKEN__SECRET", "t"),
            ("SECRET_T", "dev-only-t"),
        ],
    ];
    for variables in cases {
        let (code, out, said) = run(&[], variables);
        assert_eq!(
            (code, out.as_str(), said.lines().count()),
            (Some(78), "", 1),
            "{said}"
        );
        assert!(
            said.starts_with(concat!(env!("CARGO_PKG_NAME"), ": ")),
            "{said}"
        );
    }
    let (code, _, said) = run(&["healthcheck"], &[("APP__SERVER__PROT", "1")]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    let (code, _, said) = run(&["config", "--check"], &[("APP__SERVER__PROT", "1")]);
    assert_eq!(
        (code, said.lines().count()),
        (Some(78), 1),
        "the same in every environment, told once: {said}"
    );
    let mut elsewhere = command(&[], &[]);
    let root = folder("no_config");
    std::fs::remove_dir_all(root.join("config")).unwrap();
    assert_eq!(
        elsewhere.current_dir(root).output().unwrap().status.code(),
        Some(78)
    );
}

#[test]
fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, _, said) = run(
        &[],
        &[("APP__SERVER__PORT", &port), ("APP__MANAGEMENT__PORT", "0")],
    );
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    assert!(
        said.contains("server.port") && said.contains(&port),
        "{said}"
    );
}

/// A service that listens, with what it stands on up and ready. It ends with the test, however that ends.
struct Running {
    child: Child,
    log: BufReader<ChildStdout>,
    port: String,
}

impl Running {
    fn start() -> Self {
        let variables = [
            ("APP__SERVER__PORT", "0"),
            ("APP__MANAGEMENT__PORT", "0"),
            ("APP__SERVER__DRAIN_DELAY", "0s"),
        ];
        let waited_for = tokio::runtime::Runtime::new().unwrap();
        let real = waited_for.block_on(backing::real());
        let mut child = command(&[], &variables)
            .envs(real.iter().map(|(name, value)| (variable(name), value)))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let listening = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended");
            let line: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(line["environment"], "staging");
            // What it stands on may have come up, or not yet, before.
            if line["message"] == "listening" {
                break line;
            }
        };
        let port = listening["address"].as_str().unwrap().rsplit(':').next();
        let port = port.unwrap().to_owned();
        let running = Self { child, log, port };
        let until = Instant::now() + Duration::from_secs(30);
        while running.health() != Some(0) {
            assert!(Instant::now() < until, "it does not become ready");
        }
        running
    }

    /// What it says of itself, as an exit code.
    fn health(&self) -> Option<i32> {
        run(&["healthcheck"], &[("APP__SERVER__PORT", &self.port)]).0
    }

    fn terminate(&self) {
        let mut kill = Command::new("kill");
        let told = kill.arg(self.child.id().to_string()).status();
        assert!(told.unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_serves_asks_itself_and_stops_when_told() {
    let mut service = Running::start();
    assert_eq!(service.health(), Some(0));
    // Built outside a pipeline, it is of no commit.
    let port = ("APP__SERVER__PORT", service.port.as_str());
    let (code, _, said) = run(&["healthcheck", "--commit", &"a".repeat(40)], &[port]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("unknown"), "{said}");
    service.terminate();
    let mut rest = String::new();
    service.log.read_to_string(&mut rest).unwrap();
    assert_eq!(service.child.wait().unwrap().code(), Some(0));
    let messages: Vec<Value> = rest
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // An exporter may warn that nobody takes what it has.
    let messages: Vec<&str> = messages
        .iter()
        .filter(|line| line["level"] == "INFO")
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    assert!(messages.ends_with(&["draining", "stopped"]), "{messages:?}");

    let port = ("APP__SERVER__PORT", service.port.as_str());
    let (code, _, said) = run(&["healthcheck"], &[port]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
}

#[test]
fn a_start_that_waits_for_secrets_ends_when_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let mut waiting = command(
        &[],
        &[
            ("APP__SECRETS__PROVIDER", "vault"),
            ("APP__SECRETS__VAULT__ADDRESS", &address),
            ("APP__SECRETS__START_DEADLINE", "10m"),
            ("APP__MANAGEMENT__TOKEN__SECRET", "management-token"),
            ("SECRET_VAULT_TOKEN", "fake-token"),
        ],
    );
    let mut child = waiting.stdout(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let port = String::new();
    let mut first = String::new();
    log.read_line(&mut first).unwrap();
    assert!(first.contains("waiting for secrets"), "{first}");
    let mut service = Running { child, log, port };
    service.terminate();
    assert_eq!(service.child.wait().unwrap().code(), Some(0));
}

/// A start takes over the log and the panic hook: it is this test again that panics, as a process of its own.
#[test]
fn what_was_logged_until_a_panic_is_written() {
    const PANICS: &str = "TEST_PANICS";
    #[expect(
        clippy::disallowed_methods,
        reason = "tells the two processes of this test apart"
    )]
    let panics = std::env::var_os(PANICS).is_some();
    if panics {
        let free = [("APP__SERVER__PORT", "0"), ("APP__MANAGEMENT__PORT", "0")];
        // axum takes no route twice.
        let routes = Routes::new().route("/health/live", get(|| async {}));
        let _ = service::start(config(&free), routes);
        return;
    }
    let this = "command::what_was_logged_until_a_panic_is_written";
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this, "--nocapture"])
        .env(PANICS, "1")
        .output()
        .unwrap();
    let log = String::from_utf8(ended.stdout).unwrap();
    // What the harness ends with when a test has panicked.
    assert_eq!(ended.status.code(), Some(101), "{log}");
    for message in ["listening", "panic"] {
        assert!(log.contains(&format!(r#""message":"{message}""#)), "{log}");
    }
}

#[test]
fn a_log_that_nobody_reads_keeps_neither_requests_nor_the_end() {
    let mut service = Running::start();
    let mut stream = TcpStream::connect(format!("127.0.0.1:{}", service.port)).unwrap();
    // More lines than a pipe and the service together hold.
    let requests = 6000;
    let mut asking = stream.try_clone().unwrap();
    let asks = std::thread::spawn(move || {
        for _ in 1..requests {
            asking
                .write_all(b"GET /nowhere HTTP/1.1\r\nhost: test\r\n\r\n")
                .unwrap();
        }
        let last = b"GET /nowhere HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
        asking.write_all(last).unwrap();
    });
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    asks.join().unwrap();
    assert_eq!(answers.matches("HTTP/1.1 404").count(), requests);
    service.terminate();
    assert_eq!(service.child.wait().unwrap().code(), Some(0));
}
