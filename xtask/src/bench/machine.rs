//! What the figures were taken on: they say nothing without it.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// Facts by name.
pub fn facts() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("cores", cores().to_string()),
        ("processor", processor()),
        ("load", first_line("/proc/loadavg")),
        ("kernel", first_line("/proc/sys/kernel/osrelease")),
        ("rustc", said("rustc", &["--version"])),
        ("date", said("date", &["-u", "+%Y-%m-%d"])),
    ])
}

/// How many cores this process may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Whether `program` can be started.
pub fn has(program: &str) -> bool {
    let command = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    command.is_ok()
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let name = line.and_then(|line| line.split_once(':'));
    name.map_or_else(unknown, |(_, name)| name.trim().to_owned())
}

fn first_line(path: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().next().map_or_else(unknown, str::to_owned)
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map_or_else(
        |_| unknown(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn unknown() -> String {
    "unknown".to_owned()
}
