//! No cluster, no kubectl, no namespace: one line each, with place and remedy.

use std::time::Duration;

use deploy::backend::{Backend, BackendError};
use deploy::names::Environment::Staging;

use crate::support::{Cluster, commit, image};

fn all(cluster: &Cluster, parts: &[&str]) {
    let backend = cluster.backend();
    let errors = [
        backend.running(Staging).err(),
        backend.verify(Staging, &commit('1')).err(),
        backend.lock(Staging, "me", Duration::ZERO).err(),
        backend.deploy(Staging, &image('1')).err(),
    ];
    for error in errors {
        let Some(BackendError::Unreachable(text)) = error else {
            panic!("{error:?}");
        };
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn no_cluster_answers() {
    let Some(cluster) = Cluster::of("unreachable::no_cluster_answers") else {
        return;
    };
    cluster.set("down", "");
    all(&cluster, &["context test", "refused", "KUBECONFIG"]);
    cluster.unset("down");
    assert_eq!(cluster.backend().running(Staging).unwrap(), None);
}

#[test]
fn the_namespace_does_not_exist() {
    let Some(cluster) = Cluster::of("unreachable::the_namespace_does_not_exist") else {
        return;
    };
    cluster.set("namespace", "another");
    all(&cluster, &["shops-staging", "NotFound"]);
}

#[test]
fn there_is_no_kubectl() {
    let test = "unreachable::there_is_no_kubectl";
    if std::env::var("NO_KUBECTL").is_err() {
        let alone = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env("NO_KUBECTL", "")
            .env("PATH", "/nowhere")
            .status();
        assert!(alone.unwrap().success());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let overlay = folder.path().join("deploy/kubernetes/overlays/staging");
    std::fs::create_dir_all(overlay).unwrap();
    let backend = deploy::backend::kubernetes::Kubernetes::from_environment("shop", folder.path());
    let error = backend.running(Staging).unwrap_err();
    assert!(
        matches!(&error, BackendError::Unreachable(why) if why.contains("not on PATH")),
        "{error}"
    );
}
