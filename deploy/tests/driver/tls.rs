//! A registry that is not on loopback by name is asked over TLS, and only if its certificate is trusted.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::registry::free_port;
use crate::support::skip;

/// Loopback, and not one of the names that may be asked in the clear.
const HOST: &str = "127.0.0.2";

struct Registry(Child);

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn certificate(folder: &Path) -> bool {
    let config = "[req]\ndistinguished_name=n\nx509_extensions=x\nprompt=no\n[n]\nCN=tests\n[x]\nsubjectAltName=IP:127.0.0.2\nbasicConstraints=CA:FALSE\n";
    fs::write(folder.join("openssl.cnf"), config).unwrap();
    let made = Command::new("openssl")
        .current_dir(folder)
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-config",
            "openssl.cnf",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .stderr(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success())
}

fn start(folder: &Path, port: u16) -> Option<Registry> {
    let text = format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{inmemory: }}\nhttp:\n  addr: '{HOST}:{port}'\n  tls: {{certificate: cert.pem, key: key.pem}}\n"
    );
    fs::write(folder.join("config.yml"), text).unwrap();
    let child = Command::new("docker-registry")
        .current_dir(folder)
        .args(["serve", "config.yml"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.ok().map(Registry)
}

#[test]
fn only_a_trusted_registry_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    if !certificate(folder.path()) {
        return skip("tls", "`openssl` makes no certificate");
    }
    let port = free_port();
    let Some(_registry) = start(folder.path(), port) else {
        return skip("tls", "`docker-registry` is not on PATH");
    };
    let status = |variables: &[(&str, &str)]| {
        let output = Command::new(env!("CARGO_BIN_EXE_idp-deploy"))
            .env_clear()
            .envs(variables.iter().copied())
            .env("IDP_REGISTRY_DEADLINE", "1s")
            .args(["status", "--image", &format!("{HOST}:{port}/tests/orders")])
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let file = folder.path().join("cert.pem");
    let trusted = [("SSL_CERT_FILE", file.to_str().unwrap())];
    let begun = Instant::now();
    let seen = loop {
        let seen = status(&trusted);
        if seen.0 == Some(0) || begun.elapsed() > Duration::from_secs(10) {
            break seen;
        }
    };
    assert_eq!(seen.0, Some(0), "{seen:?}");
    // That does not pass by itself, so it is not waited for.
    let (code, said) = status(&[]);
    assert_eq!(code, Some(40), "{said}");
    assert!(said.contains("add the registry's authority"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}
