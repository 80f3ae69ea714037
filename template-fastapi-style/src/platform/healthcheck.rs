//! `SERVICE healthcheck`: the service as its own health client, for images without a shell.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::config::ServerSettings;

const PATIENCE: Duration = Duration::from_secs(2);
/// Far more than either answer has.
const LONGEST: u64 = 64 * 1024;

/// Asks the service that the same configuration describes whether it is ready and, where a commit is given, whether it was
/// built from that one; the error is one line.
pub fn ask(server: &ServerSettings, commit: Option<&str>) -> Result<(), String> {
    let host = match server.host {
        IpAddr::V4(host) if host.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(host) if host.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        host => host,
    };
    let address = SocketAddr::new(host, server.port);
    get(address, "/health/ready", "is not ready")?;
    let Some(commit) = commit else {
        return Ok(());
    };
    let version = get(address, "/version", "does not tell its version")?;
    let version: Value = serde_json::from_str(&version).unwrap_or_default();
    match version["commit"].as_str() {
        Some(own) if own == commit => Ok(()),
        Some(own) => Err(format!(
            "{address} is of commit {}, not {commit}",
            own.escape_debug()
        )),
        None => Err(format!("{address} does not tell its commit")),
    }
}

/// Whether `text` is a commit: 40 lower-case hexadecimal digits.
pub fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The body at `path`, if the status is 200; `otherwise` is what another status means.
fn get(address: SocketAddr, path: &str, otherwise: &str) -> Result<String, String> {
    let answer =
        exchange(address, path).map_err(|error| format!("{address} does not answer ({error})"))?;
    match answer.split(' ').nth(1) {
        Some("200") => Ok(answer
            .split_once("\r\n\r\n")
            .map_or_else(String::new, |(_, body)| body.to_owned())),
        Some(status) => Err(format!("{address} {otherwise} (status {status})")),
        None => Err(format!("{address} does not speak HTTP")),
    }
}

fn exchange(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
