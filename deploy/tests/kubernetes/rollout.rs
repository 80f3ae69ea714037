//! A version takes the place of another, or does not.

use std::fs;

use deploy::backend::{Backend, BackendError};
use deploy::names::Environment::{Prod, Staging};

use crate::support::{Cluster, commit, image};

fn not_ready(result: Result<(), BackendError>) -> String {
    let Err(BackendError::NotReady(text)) = result else {
        panic!("{result:?}");
    };
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

#[test]
fn the_first_and_the_next() {
    let Some(cluster) = Cluster::of("rollout::the_first_and_the_next") else {
        return;
    };
    let backend = cluster.backend();
    assert_eq!(backend.running(Staging).unwrap(), None);
    assert!(not_ready(backend.verify(Staging, &commit('1'))).contains("no such Deployment"));

    for digit in ['1', '2'] {
        let before = fs::read_to_string(cluster.file("staging/manifests.yaml")).unwrap();
        backend.deploy(Staging, &image(digit)).unwrap();
        cluster.set("commit", commit(digit).as_str());
        assert_eq!(backend.running(Staging).unwrap(), Some(image(digit).digest));
        backend.verify(Staging, &commit(digit)).unwrap();
        let after = fs::read_to_string(cluster.file("staging/manifests.yaml")).unwrap();
        assert_eq!(before, after, "the service's files stay as they are");
    }
    assert!(cluster.get("calls").contains("--timeout=7s"));
    let other = not_ready(backend.verify(Staging, &commit('1')));
    assert!(
        other.contains("is of commit 2222"),
        "the service's own words: {other}"
    );
    cluster.set("old-client", "");
    assert!(
        not_ready(backend.verify(Staging, &commit('2'))).contains("upgrade the service's template")
    );
}

#[test]
fn what_is_not_ready_is_undone() {
    let Some(cluster) = Cluster::of("rollout::what_is_not_ready_is_undone") else {
        return;
    };
    let backend = cluster.backend();
    backend.deploy(Staging, &image('1')).unwrap();
    backend.deploy(Staging, &image('2')).unwrap();
    cluster.set("bad", &image('3').to_string());
    let error = not_ready(backend.deploy(Staging, &image('3')));
    assert!(
        error.contains("timed out") && error.contains("was undone"),
        "{error}"
    );
    assert!(
        cluster.get("calls").contains("logs shop-new"),
        "its log is shown"
    );
    // The version that ran, not just any before.
    assert_eq!(backend.running(Staging).unwrap(), Some(image('2').digest));

    // One that ran and is not well any more is not undone to one that nobody asked for.
    cluster.set("bad", &image('2').to_string());
    let error = not_ready(backend.deploy(Staging, &image('2')));
    assert!(error.contains("stays"), "{error}");
    assert_eq!(cluster.get("image"), image('2').to_string());
    assert_eq!(
        backend.running(Staging).unwrap(),
        None,
        "not all pods are of it"
    );
    assert!(not_ready(backend.verify(Staging, &commit('2'))).contains("no pod"));

    cluster.set("bad", "");
    backend.deploy(Staging, &image('2')).unwrap();
    cluster.set(
        "refuses",
        "Error from server (Forbidden): deployments.apps is forbidden",
    );
    let error = not_ready(backend.deploy(Staging, &image('4')));
    assert!(
        error.contains("Forbidden") && error.contains("stays"),
        "{error}"
    );
}

#[test]
fn a_first_version_that_is_not_ready_has_nothing_to_go_back_to() {
    let Some(cluster) =
        Cluster::of("rollout::a_first_version_that_is_not_ready_has_nothing_to_go_back_to")
    else {
        return;
    };
    cluster.set("bad", &image('1').to_string());
    let error = not_ready(cluster.backend().deploy(Staging, &image('1')));
    assert!(error.contains("no version before"), "{error}");
    assert!(!cluster.get("calls").contains("undo"));
}

#[test]
fn an_overlay_without_a_namespace_gets_one() {
    let Some(cluster) = Cluster::of("rollout::an_overlay_without_a_namespace_gets_one") else {
        return;
    };
    cluster.set("namespace", "shop-prod");
    cluster.backend().deploy(Prod, &image('1')).unwrap();
    assert_eq!(
        cluster.backend().running(Prod).unwrap(),
        Some(image('1').digest)
    );
}

#[test]
fn a_namespace_that_is_named_counts() {
    let test = "rollout::a_namespace_that_is_named_counts";
    let Some(cluster) = Cluster::with(test, &[("IDP_KUBE_NAMESPACE", "elsewhere")]) else {
        return;
    };
    cluster.set("namespace", "elsewhere");
    cluster.backend().deploy(Staging, &image('1')).unwrap();
    let applied = cluster.get("applied.yaml");
    assert!(applied.contains("namespace: elsewhere"), "{applied}");
    assert_eq!(
        cluster.backend().running(Staging).unwrap(),
        Some(image('1').digest)
    );
}

#[test]
fn manifests_that_do_not_fit_are_named() {
    let Some(cluster) = Cluster::of("rollout::manifests_that_do_not_fit_are_named") else {
        return;
    };
    let path = cluster.file("staging/manifests.yaml");
    let good = fs::read_to_string(&path).unwrap();
    let unusable = |part: &str| {
        let refused = cluster.backend().deploy(Staging, &image('1'));
        let Err(BackendError::Unusable(error)) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            error.contains("overlays/staging") && error.contains(part),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    };
    for (from, to, part) in [
        (
            "image: service-image",
            "image: other:1",
            "`service-image` has to stand",
        ),
        ("name: service\n", "name: app\n", "no container `service`"),
        (
            "name: shop\n  namespace",
            "name: orders\n  namespace",
            "no Deployment `shop`",
        ),
    ] {
        assert!(good.contains(from));
        fs::write(&path, good.replace(from, to)).unwrap();
        unusable(part);
    }
    fs::remove_dir_all(cluster.file("staging")).unwrap();
    unusable("no such folder");
    assert_eq!(cluster.get("applied.yaml"), "", "nothing was applied");
}
