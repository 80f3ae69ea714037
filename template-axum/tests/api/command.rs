//! The process: its arguments, its exit codes, its log, its signals.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::folder;

const BINARY: &str = env!("CARGO_BIN_EXE_{{project-name}}");

fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(arguments)
        .env_clear()
        .env("APP_ENV", "staging")
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

#[test]
fn it_serves_asks_itself_and_stops_when_told() {
    let variables = [
        ("APP__SERVER__PORT", "0"),
        ("APP__MANAGEMENT__PORT", "0"),
        ("APP__SERVER__DRAIN_DELAY", "0s"),
    ];
    let mut child = command(&[], &variables)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    log.read_line(&mut first).unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(
        (&first["message"], &first["environment"]),
        (&"listening".into(), &"staging".into())
    );
    let port = first["address"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap();

    assert_eq!(
        run(&["healthcheck"], &[("APP__SERVER__PORT", port)]).0,
        Some(0)
    );
    let stopped = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(stopped.success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let messages: Vec<Value> = rest
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let messages: Vec<&str> = messages
        .iter()
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages, ["draining", "stopped"]);

    let (code, _, said) = run(&["healthcheck"], &[("APP__SERVER__PORT", port)]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
}
