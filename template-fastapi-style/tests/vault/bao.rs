//! An OpenBao server of a test's own, on loopback and in memory. It ends with the test, however that ends.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use axum::body::Bytes;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use service::platform::client::Client;

use crate::{backing, config, until};

/// What the server knows its first user by.
pub(crate) const ROOT: &str = "fake-root-token";

pub(crate) struct Bao {
    child: Child,
    port: u16,
    pub(crate) address: String,
    client: Client,
}

/// Whether there is a `bao` to start.
#[expect(
    clippy::disallowed_methods,
    reason = "what a test needs of the machine is no configuration of the service"
)]
pub(crate) fn is_here() -> bool {
    let found = Command::new("bao").arg("version").output().is_ok();
    if !found {
        assert!(
            std::env::var_os("REQUIRE_BAO").is_none(),
            "REQUIRE_BAO is set, and there is no `bao` on PATH: install OpenBao"
        );
        let _ = writeln!(std::io::stderr(), "skipped: there is no `bao` on PATH");
    }
    found
}

/// A port that was free just now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Bao {
    pub(crate) async fn start() -> Self {
        Self::start_at(free_port()).await
    }

    /// Ready to be asked, with what the service does not start without and no test is about.
    pub(crate) async fn start_at(port: u16) -> Self {
        let bao = Self::spawn(port, &[]);
        let path = "sys/health";
        until("OpenBao answers", || async {
            bao.try_call(Method::GET, path, None).await.is_some()
        })
        .await;
        bao.fill("").await;
        bao
    }

    /// With TLS, by a certificate authority of its own in the folder: whoever asks has to know it.
    pub(crate) async fn start_with_tls(folder: &str) -> Self {
        let flags = ["-dev-tls", "-dev-tls-cert-dir", folder];
        let mut bao = Self::spawn(free_port(), &flags);
        bao.address = format!("https://127.0.0.1:{}", bao.port);
        let port = bao.port;
        let listening = || async move { std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() };
        until("OpenBao listens", listening).await;
        bao
    }

    fn spawn(port: u16, flags: &[&str]) -> Self {
        let listen = format!("-dev-listen-address=127.0.0.1:{port}");
        let mut command = Command::new("bao");
        command
            .args(["server", "-dev", "-dev-no-store-token", &listen])
            .arg(format!("-dev-root-token-id={ROOT}"))
            .args(flags)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let client = Client::new(
            &config(&[
                ("APP__SECRETS__PROVIDER", "env"),
                ("SECRET_MANAGEMENT_TOKEN", "unused"),
            ])
            .settings
            .client,
        );
        Self {
            child: command.spawn().unwrap(),
            port,
            address: format!("http://127.0.0.1:{port}"),
            client,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Writes what [`Bao::start_at`] does into a namespace, which `within` names, with a `/` at its end.
    pub(crate) async fn fill(&self, within: &str) {
        for (name, value) in backing::SECRETS {
            self.put_within(within, name, json!({ "value": value, "password": value }))
                .await;
        }
    }

    /// Writes one secret of the service's.
    pub(crate) async fn put(&self, name: &str, fields: Value) {
        self.put_within("", name, fields).await;
    }

    pub(crate) async fn put_within(&self, namespace: &str, name: &str, fields: Value) {
        let path = format!("{namespace}secret/data/demo/{name}");
        self.call(Method::POST, &path, json!({ "data": fields }))
            .await;
    }

    /// Calls as root, and expects to be let.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let answered = self.try_call(method, path, Some(body)).await;
        answered.unwrap_or_else(|| panic!("{path} was refused"))
    }

    pub(crate) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Option<Value> {
        // `team/sys/…` is the path in the namespace `team`, as OpenBao takes it too.
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/v1/{path}", self.address))
            .header("x-vault-token", ROOT);
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let answer = self.client.send(request.body(body).unwrap()).await.ok()?;
        let text = answer
            .status()
            .is_success()
            .then(|| answer.body().clone())?;
        Some(serde_json::from_slice(&text).unwrap_or(Value::Null))
    }

    /// The configuration that asks this server, by the root's token.
    pub(crate) fn by_token(&self) -> [(&str, &str); 2] {
        [
            ("APP__SECRETS__VAULT__ADDRESS", &self.address),
            ("SECRET_VAULT_TOKEN", ROOT),
        ]
    }

    /// A role that may read the service's secrets, whose tokens last as `lease` says; and the configuration that uses it.
    pub(crate) async fn by_role(&self, lease: Value) -> Vec<(&str, &str)> {
        self.policy().await;
        self.call(
            Method::POST,
            "sys/auth/approle",
            json!({ "type": "approle" }),
        )
        .await;
        let mut role = json!({ "token_policies": "demo", "role_id": "demo-role" });
        role.as_object_mut()
            .unwrap()
            .extend(lease.as_object().unwrap().clone());
        self.call(Method::POST, "auth/approle/role/demo", role)
            .await;
        let path = "auth/approle/role/demo/role-id";
        self.call(Method::POST, path, json!({ "role_id": "demo-role" }))
            .await;
        let path = "auth/approle/role/demo/custom-secret-id";
        self.call(Method::POST, path, json!({ "secret_id": "fake-secret-id" }))
            .await;
        vec![
            ("APP__SECRETS__VAULT__ADDRESS", &self.address),
            ("APP__SECRETS__VAULT__AUTH", "approle"),
            ("APP__SECRETS__VAULT__ROLE_ID", "demo-role"),
            ("SECRET_VAULT_SECRET_ID", "fake-secret-id"),
        ]
    }

    /// The policy `demo`: who has it may read the service's secrets.
    async fn policy(&self) {
        let policy = r#"path "secret/data/demo/*" { capabilities = ["read"] }"#;
        let path = "sys/policies/acl/demo";
        self.call(Method::PUT, path, json!({ "policy": policy }))
            .await;
    }

    /// A token that may read the service's secrets, of a period after which it ends unless it is renewed; and its accessor.
    pub(crate) async fn token(&self, period: &str) -> (String, Value) {
        self.policy().await;
        let body = json!({ "policies": ["demo"], "period": period });
        let made = self.call(Method::POST, "auth/token/create", body).await;
        let token = made["auth"]["client_token"].as_str().unwrap().to_owned();
        (token, made["auth"]["accessor"].clone())
    }

    /// What the server knows of one token.
    pub(crate) async fn known(&self, accessor: &Value) -> Value {
        let path = "auth/token/lookup-accessor";
        let body = json!({ "accessor": accessor });
        self.call(Method::POST, path, body).await["data"].clone()
    }

    /// What the server knows of the tokens that the role was given.
    pub(crate) async fn tokens(&self) -> Vec<Value> {
        let list = Method::from_bytes(b"LIST").unwrap();
        let found = self.call(list, "auth/token/accessors", Value::Null).await;
        let mut tokens = Vec::new();
        for accessor in found["data"]["keys"].as_array().unwrap() {
            let path = "auth/token/lookup-accessor";
            let body = json!({ "accessor": accessor });
            // It may end between the two calls.
            let Some(found) = self.try_call(Method::POST, path, Some(body)).await else {
                continue;
            };
            if found["data"]["display_name"] == "approle" {
                tokens.push(found["data"].clone());
            }
        }
        tokens
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A fresh folder.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
