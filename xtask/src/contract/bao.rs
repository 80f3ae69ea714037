//! An OpenBao server of a check's own, on loopback and in memory. It is gone when this is dropped.

use std::ffi::OsStr;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::client::{Connection, Request};
use super::running::eventually;
use super::{Fault, Setup};
use crate::interrupt;

/// What the server knows its first user by: it would be recognised anywhere.
pub const ROOT: &str = "canary-root-8d1c6a40";
/// The secret of the role, likewise.
pub const SECRET_ID: &str = "canary-secret-id-2b97";
/// The program.
pub const PROGRAM: &str = "bao";

/// How long a start may take on a machine that does much else.
const START: Duration = Duration::from_secs(20);
/// Another program may take the port that was just found free.
const TRIES: usize = 3;

/// A server that answers.
pub struct Bao {
    child: Child,
    /// There until it is stopped: another process may have its number then.
    guard: Option<interrupt::Killed>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Bao {
    /// Starts one on a free port.
    pub fn start() -> Result<Self, Fault> {
        started(|| Self::start_at(free()?))
    }

    /// Starts one, empty, where another one was.
    pub fn start_at(address: SocketAddr) -> Result<Self, Fault> {
        Self::listening(address, &[], |bao| {
            bao.ask("GET", "sys/health", None).is_ok()
        })
    }

    /// Starts one that speaks TLS, and so can't be asked from here. Its authority's certificate comes into `folder`.
    pub fn start_with_tls(folder: &Path) -> Result<(Self, PathBuf), Fault> {
        let flags = [
            OsStr::new("-dev-tls"),
            OsStr::new("-dev-tls-cert-dir"),
            folder.as_os_str(),
        ];
        let bao = started(|| {
            Self::listening(free()?, &flags, |bao| {
                TcpStream::connect(bao.address).is_ok()
            })
        })?;
        // `vault-ca.pem`, beside the keys.
        let authority = std::fs::read_dir(folder).ok().and_then(|mut files| {
            files.find_map(|file| {
                let path = file.ok()?.path();
                let name = path.file_name()?.to_str()?;
                (name.contains("ca") && !name.contains("key")).then_some(path.clone())
            })
        });
        let expected = "the certificate of OpenBao's own authority";
        let missing = || Fault::new(expected, format!("none in {}", folder.display()));
        Ok((bao, authority.ok_or_else(missing)?))
    }

    fn listening(
        address: SocketAddr,
        flags: &[&OsStr],
        answers: impl Fn(&Self) -> bool,
    ) -> Result<Self, Fault> {
        let child = Command::new(PROGRAM)
            .args(["server", "-dev", "-dev-no-store-token"])
            .arg(format!("-dev-root-token-id={ROOT}"))
            .arg(format!("-dev-listen-address={address}"))
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = child.map_err(|error| Fault::new("`bao` to start", error.to_string()))?;
        let mut bao = Self {
            guard: Some(interrupt::Killed::new(&child)),
            child,
            address,
        };
        let up = eventually(START, || {
            // Whoever else answers there is not the one that was started.
            let ended = bao.child.try_wait().ok().flatten();
            let answered = || answers(&bao).then_some(None);
            ended.map_or_else(answered, |status| Some(Some(status)))
        });
        let expected = || format!("`bao` to answer at {address} within {START:?}");
        match up {
            Some(None) => Ok(bao),
            Some(Some(status)) => Err(Fault::new(expected(), format!("it ended: {status}"))),
            None => Err(Fault::new(expected(), "no answer")),
        }
    }

    /// Ends it as a failure would.
    pub fn stop(&mut self) {
        // It may have ended by itself; then there is nothing to kill, and the wait returns at once.
        let _ended = self.child.kill();
        self.guard = None;
        let _reaped = self.child.wait();
    }

    /// Writes a secret of the service.
    pub fn put(&self, name: &str, value: &str) -> Result<(), Fault> {
        let path = format!("secret/data/demo/{name}");
        self.ask("POST", &path, Some(&json!({ "data": { "value": value } })))?;
        Ok(())
    }

    /// A call as root, which is expected to succeed.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Fault> {
        let mut request = Request::new(method, format!("/v1/{path}")).header("x-vault-token", ROOT);
        if let Some(body) = body {
            request = request.json(body);
        }
        let expected = || format!("OpenBao to take {method} {path}");
        let answer = Connection::open(self.address).and_then(|mut it| it.call(&request));
        let answer = answer.map_err(|error| Fault::new(expected(), error.to_string()))?;
        if !(200..300).contains(&answer.status) {
            return Err(Fault::new(expected(), answer.excerpt()));
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// Has the service ask this server, by the root's token.
    pub fn by_token(&self, setup: Setup) -> Setup {
        self.by(setup).set("SECRET_VAULT_TOKEN", ROOT)
    }

    /// Makes a role with one policy, whose tokens last for `ttl`, and has the service use it.
    pub fn by_role(&self, setup: Setup, policy: &str, ttl: &str) -> Result<Setup, Fault> {
        let read = r#"path "secret/data/demo/*" { capabilities = ["read"] }"#;
        let role = json!({ "token_policies": policy, "token_ttl": ttl, "role_id": "demo-role" });
        for (path, body) in [
            ("sys/policies/acl/demo", json!({ "policy": read })),
            ("sys/auth/approle", json!({ "type": "approle" })),
            ("auth/approle/role/demo", role),
            (
                "auth/approle/role/demo/custom-secret-id",
                json!({ "secret_id": SECRET_ID }),
            ),
        ] {
            self.ask("POST", path, Some(&body))?;
        }
        Ok(self
            .by(setup)
            .set("APP__SECRETS__VAULT__AUTH", "approle")
            .set("APP__SECRETS__VAULT__ROLE_ID", "demo-role")
            .set("SECRET_VAULT_SECRET_ID", SECRET_ID))
    }

    fn by(&self, setup: Setup) -> Setup {
        setup
            .set("APP__SECRETS__PROVIDER", "vault")
            .set(
                "APP__SECRETS__VAULT__ADDRESS",
                format!("http://{}", self.address),
            )
            .set("APP__SECRETS__VAULT__PATH", "demo")
            .set("APP__SECRETS__REFRESH", "100ms")
    }

    /// What it knows of the tokens that roles were given.
    pub fn tokens(&self) -> Result<Vec<Value>, Fault> {
        let found = self.ask("LIST", "auth/token/accessors", None)?;
        let accessors = found["data"]["keys"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let details = accessors.into_iter().filter_map(|accessor| {
            let body = json!({ "accessor": accessor });
            // It may end between the two calls.
            let found = self
                .ask("POST", "auth/token/lookup-accessor", Some(&body))
                .ok()?;
            Some(found["data"].clone())
        });
        Ok(details
            .filter(|token| token["display_name"] == "approle")
            .collect())
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A port that was free just now.
fn free() -> Result<SocketAddr, Fault> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    free.map_err(|error| Fault::new("a free port", error.to_string()))
}

/// What `start` gives, tried again where it fails.
fn started<T>(mut start: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    let mut tries = 1;
    loop {
        match start() {
            Err(_) if tries < TRIES => tries += 1,
            last => return last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_was_taken_meanwhile_is_not_the_end() {
        let mut taken = vec![false, true, true];
        let free = started(|| match taken.pop() {
            Some(true) => Err(Fault::new("`bao` to answer", "it ended")),
            _ => Ok("up"),
        });
        assert_eq!(free.unwrap(), "up");
        let mut asked = 0;
        let never = started(|| {
            asked += 1;
            Err::<(), _>(Fault::new("`bao` to answer", "it ended"))
        });
        assert!(never.is_err());
        assert_eq!(asked, TRIES);
    }
}
