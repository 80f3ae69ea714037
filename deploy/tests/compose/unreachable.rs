//! No engine, no docker, no Compose: one line each, with place and remedy.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use deploy::backend::Backend;
use deploy::backend::compose::Compose;
use deploy::names::Environment::Staging;
use deploy::names::Pinned;

use crate::support::Again;
use crate::support::again::part;

const OTHER: &str = "unreachable::the_other_process";

/// Asks for everything once, and prints each error on a line.
#[test]
fn the_other_process() {
    let Some(folder) = part() else {
        return;
    };
    let backend = Compose::new("shop", folder);
    let image = Pinned {
        image: "localhost:5000/deploy-tests/shop".parse().unwrap(),
        digest: format!("sha256:{}", "0".repeat(64)).parse().unwrap(),
    };
    let commit = "0".repeat(40).parse().unwrap();
    println!("\n> {:?}", backend.running(Staging).err());
    println!("\n> {:?}", backend.verify(Staging, &commit).err());
    println!(
        "\n> {:?}",
        backend.lock(Staging, "me", Duration::from_secs(5)).err()
    );
    println!("\n> {:?}", backend.deploy(Staging, &image).err());
}

/// What it says of `running`, `verify`, `lock` and `deploy`.
fn said(variables: &[(&str, &str)]) -> [String; 4] {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("docker-compose.yml"),
        "services: { staging: { image: x } }\n",
    )
    .unwrap();
    let mut again = Again::start(OTHER, folder.path().to_str().unwrap(), variables);
    let said = [again.says(), again.says(), again.says(), again.says()];
    assert!(again.child.wait().unwrap().success());
    said
}

#[test]
fn the_engine_is_away() {
    if !crate::support::docker::available() {
        return;
    }
    for said in said(&[("DOCKER_HOST", "tcp://127.0.0.1:1")]) {
        assert!(
            said.contains("Unreachable") && said.contains("DOCKER_HOST=tcp://127.0.0.1:1"),
            "{said}"
        );
        assert!(said.contains("start it"), "{said}");
    }
}

#[test]
fn there_is_no_docker() {
    let empty = tempfile::tempdir().unwrap();
    for said in said(&[("PATH", empty.path().to_str().unwrap())]) {
        assert!(
            said.contains("Unreachable") && said.contains("not on PATH"),
            "{said}"
        );
    }
}

#[test]
fn compose_is_missing_or_old() {
    let stand_in = tempfile::tempdir().unwrap();
    let docker = stand_in.path().join("docker");
    let path = format!("{}:/usr/bin:/bin", stand_in.path().display());
    let deployed = |version: &str| {
        let script = format!(
            "#!/bin/sh\ncase $1 in\n  compose) {version} ;;\n  version) echo 28.0.0 ;;\n  *) echo '[]' ;;\nesac\n"
        );
        fs::write(&docker, script).unwrap();
        fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
        let [.., deploy] = said(&[("PATH", &path)]);
        deploy
    };
    let missing = deployed("echo \"docker: 'compose' is not a docker command.\" >&2; exit 1");
    assert!(
        missing.contains("Unreachable") && missing.contains("install the Compose plugin"),
        "{missing}"
    );
    let old = deployed("echo 2.17.3");
    assert!(old.contains("2.17.3") && old.contains("2.24"), "{old}");
}
