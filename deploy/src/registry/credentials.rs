//! Who we are: `REGISTRY_USERNAME` and `REGISTRY_PASSWORD`, or what `docker login` stored.
//!
//! Credential helpers are called as Docker calls them. Identity tokens, which some logins store instead of a password, are
//! refused by name.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use xshell::{Shell, cmd};

use super::RegistryError;
use super::secret::Secret;

/// A user with a password, and where both were found.
#[derive(Clone, Debug)]
pub struct Credentials {
    user: String,
    password: Secret,
}

impl Credentials {
    /// What was configured for this registry, if anything was.
    pub fn find(registry: &str) -> Result<Option<Self>, RegistryError> {
        match (variable("REGISTRY_USERNAME"), variable("REGISTRY_PASSWORD")) {
            (Some(user), Some(password)) => {
                let password = Secret::new(password);
                return Ok(Some(Self { user, password }));
            }
            (None, None) => {}
            (Some(_), None) => return Err(half("REGISTRY_USERNAME", "REGISTRY_PASSWORD")),
            (None, Some(_)) => return Err(half("REGISTRY_PASSWORD", "REGISTRY_USERNAME")),
        }
        let folder = variable("DOCKER_CONFIG").map(PathBuf::from);
        let folder =
            folder.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".docker")));
        match folder {
            Some(folder) => from_docker(&folder.join("config.json"), registry),
            None => Ok(None),
        }
    }

    /// The value of an `Authorization` header.
    pub fn basic(&self) -> Secret {
        let pair = format!("{}:{}", self.user, self.password.reveal());
        Secret::new(format!("Basic {}", STANDARD.encode(pair)))
    }
}

#[derive(Default, Deserialize)]
struct DockerConfig {
    #[serde(default)]
    auths: HashMap<String, Login>,
    #[serde(default, rename = "credHelpers")]
    helpers: HashMap<String, String>,
    #[serde(rename = "credsStore")]
    store: Option<String>,
}

#[derive(Default, Deserialize)]
struct Login {
    auth: Option<String>,
    identitytoken: Option<String>,
}

/// What a credential helper prints.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Helped {
    username: String,
    secret: String,
}

fn from_docker(file: &Path, registry: &str) -> Result<Option<Credentials>, RegistryError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(file, &error.to_string())),
    };
    let config: DockerConfig =
        serde_json::from_str(&text).map_err(|error| wrong(file, &error.to_string()))?;
    let keys = keys(registry);
    if let Some(helper) = keys.iter().find_map(|key| config.helpers.get(key)) {
        return ask_helper(file, &format!("docker-credential-{helper}"), &keys[0]);
    }
    let login = keys.iter().find_map(|key| config.auths.get(key));
    if let Some(auth) = login.and_then(|login| login.auth.as_deref()) {
        let pair = STANDARD.decode(auth).ok();
        let pair = pair.and_then(|bytes| String::from_utf8(bytes).ok());
        let Some((user, password)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else {
            let problem = format!("`auth` of {registry} is not USER:PASSWORD in base64");
            return Err(wrong(file, &problem));
        };
        if !password.is_empty() {
            return Ok(Some(Credentials {
                user: user.to_owned(),
                password: Secret::new(password.to_owned()),
            }));
        }
    }
    if login.is_some_and(|login| login.identitytoken.is_some()) {
        return Err(wrong(file, &identity_token(registry)));
    }
    match &config.store {
        Some(store) => ask_helper(file, &format!("docker-credential-{store}"), &keys[0]),
        None => Ok(None),
    }
}

/// The names under which Docker files a registry.
fn keys(registry: &str) -> Vec<String> {
    if registry == "docker.io" {
        return vec![
            "https://index.docker.io/v1/".to_owned(),
            registry.to_owned(),
        ];
    }
    vec![registry.to_owned(), format!("https://{registry}")]
}

fn ask_helper(
    file: &Path,
    program: &str,
    server: &str,
) -> Result<Option<Credentials>, RegistryError> {
    let failed = |problem: &str| wrong(file, &format!("{program} for {server}: {problem}"));
    let sh = Shell::new().map_err(|error| failed(&error.to_string()))?;
    let output = cmd!(sh, "{program} get")
        .stdin(server)
        .quiet()
        .ignore_status()
        .output()
        .map_err(|error| failed(&error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        // What every helper says for a registry that nobody logged in to.
        if said.contains("credentials not found") {
            return Ok(None);
        }
        return Err(failed("it failed"));
    }
    // What it printed may hold the secret, so no error quotes it.
    let helped: Helped =
        serde_json::from_str(&said).map_err(|_| failed("it did not print Username and Secret"))?;
    if helped.username == "<token>" {
        return Err(wrong(file, &identity_token(server)));
    }
    Ok(Some(Credentials {
        user: helped.username,
        password: Secret::new(helped.secret),
    }))
}

fn identity_token(registry: &str) -> String {
    format!("the login for {registry} is an identity token, which is not supported")
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn half(set: &str, unset: &str) -> RegistryError {
    RegistryError::Credentials(format!("{set} is set and {unset} is not: set both or none"))
}

fn wrong(file: &Path, problem: &str) -> RegistryError {
    RegistryError::Credentials(format!(
        "{}: {problem}; set REGISTRY_USERNAME and REGISTRY_PASSWORD, or log in anew",
        file.display()
    ))
}

#[cfg(test)]
mod tests {

    use super::*;

    fn found(config: &str, registry: &str) -> Result<Option<Credentials>, RegistryError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        fs::write(&file, config).unwrap();
        from_docker(&file, registry)
    }

    #[test]
    fn what_docker_login_stored() {
        let auth = STANDARD.encode("ann:s:ecret");
        let config = format!(r#"{{"auths":{{"ghcr.io":{{"auth":"{auth}"}}}}}}"#);
        let ann = found(&config, "ghcr.io").unwrap().unwrap();
        assert_eq!(
            (ann.user.as_str(), ann.password.reveal()),
            ("ann", "s:ecret")
        );
        assert!(!format!("{ann:?}").contains("ecret"));
        assert!(found(&config, "quay.io").unwrap().is_none());
        let hub = format!(r#"{{"auths":{{"https://index.docker.io/v1/":{{"auth":"{auth}"}}}}}}"#);
        assert!(found(&hub, "docker.io").unwrap().is_some());
        assert!(
            found(r#"{"auths":{"ghcr.io":{}}}"#, "ghcr.io")
                .unwrap()
                .is_none()
        );
        let absent = from_docker(Path::new("/nowhere/config.json"), "ghcr.io");
        assert!(absent.unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (config, says) in [
            ("{", "EOF"),
            (r#"{"auths":{"ghcr.io":{"auth":"%"}}}"#, "base64"),
            (
                r#"{"auths":{"ghcr.io":{"identitytoken":"x"}}}"#,
                "identity token",
            ),
            (
                r#"{"credHelpers":{"ghcr.io":"of-nobody"}}"#,
                "docker-credential-of-nobody",
            ),
            (
                r#"{"credsStore":"of-nobody"}"#,
                "docker-credential-of-nobody",
            ),
        ] {
            let error = found(config, "ghcr.io").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(error.contains("config.json"), "{error}");
        }
    }

    #[test]
    fn a_helper_is_called_as_docker_calls_it() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("docker-credential-test");
        let ask = |script: &str| {
            let text = folder.path().join("text");
            fs::write(&text, format!("#!/bin/sh\nread -r server || :\n{script}\n")).unwrap();
            // By a process of its own: what this one has open to write, a child that another test starts at that
            // moment has as well, and nothing that is open to write can be run.
            let mut install = std::process::Command::new("install");
            install.args(["-m", "755"]).args([&text, &program]);
            assert!(install.status().unwrap().success());
            ask_helper(
                Path::new("config.json"),
                program.to_str().unwrap(),
                "ghcr.io",
            )
        };
        let good = r#"[ "$1" = get ] && echo "{\"Username\":\"bob\",\"Secret\":\"for $server\"}""#;
        let bob = ask(good).unwrap().unwrap();
        assert_eq!(
            (bob.user.as_str(), bob.password.reveal()),
            ("bob", "for ghcr.io")
        );
        let nobody = "echo 'credentials not found in native keychain'; exit 1";
        assert!(ask(nobody).unwrap().is_none());
        assert!(
            ask("echo s3cret")
                .unwrap_err()
                .to_string()
                .contains("did not print")
        );
        assert!(
            !ask("echo s3cret")
                .unwrap_err()
                .to_string()
                .contains("s3cret")
        );
    }
}
