//! What Kubernetes manifests say of each other.

use super::{Edit, Fault, fault, swap};

const BASE: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/kustomization.yaml";
const DEPLOYMENT: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/deployment.yaml";
const SERVICE: &str = "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/service.yaml";
const POLICY: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/networkpolicy.yaml";
const SCALER: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/horizontalpodautoscaler.yaml";
const PROD: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/overlays/prod/kustomization.yaml";
const PATCH: &str =
    "template-axum/options/deploy-kubernetes/deploy/kubernetes/overlays/prod/deployment.yaml";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a resource that is not there",
        "broken-kustomize",
        BASE,
        &[swap(BASE, "- service.yaml", "- services.yaml")],
    ),
    fault(
        "a manifest that nothing lists",
        "broken-kustomize",
        BASE,
        &[swap(BASE, "  - poddisruptionbudget.yaml\n", "")],
    ),
    fault(
        "an overlay whose base is elsewhere",
        "broken-kustomize",
        PROD,
        &[swap(PROD, "../../base", "../../bases")],
    ),
    fault(
        "a key that kustomize does not have",
        "broken-kustomize",
        PROD,
        &[swap(PROD, "patches:", "patch:")],
    ),
    fault(
        "a patch of what no manifest defines",
        "broken-kustomize",
        PATCH,
        &[swap(PATCH, "kind: Deployment", "kind: StatefulSet")],
    ),
    fault(
        "a patch of a container that is not there",
        "broken-kustomize",
        PATCH,
        &[swap(PATCH, "- name: service", "- name: server")],
    ),
    fault(
        "a Service of a port that no container has",
        "broken-kustomize",
        SERVICE,
        &[swap(SERVICE, "targetPort: http", "targetPort: https")],
    ),
    fault(
        "a policy for pods that there are not",
        "broken-kustomize",
        POLICY,
        &[swap(
            POLICY,
            "app.kubernetes.io/name: \"{{project-name}}\"",
            "app.kubernetes.io/name: \"{{team_label}}\"",
        )],
    ),
    fault(
        "a probe of a port that the container has not",
        "broken-kustomize",
        DEPLOYMENT,
        &[swap(
            DEPLOYMENT,
            "{ name: management, containerPort: 9090 }",
            "{ name: metrics, containerPort: 9090 }",
        )],
    ),
    fault(
        "a mount of no volume",
        "broken-kustomize",
        DEPLOYMENT,
        &[swap(
            DEPLOYMENT,
            "        - name: secrets\n          secret:",
            "        - name: vault\n          secret:",
        )],
    ),
    fault(
        "a scaler of nothing",
        "broken-kustomize",
        SCALER,
        &[swap(SCALER, "kind: Deployment", "kind: StatefulSet")],
    ),
    fault(
        "an account that is not there",
        "broken-kustomize",
        DEPLOYMENT,
        &[swap(
            DEPLOYMENT,
            "serviceAccountName: \"{{project-name}}\"",
            "serviceAccountName: \"{{project-name}}-account\"",
        )],
    ),
    fault(
        "an overlay whose patch is gone",
        "broken-kustomize",
        PROD,
        &[Edit::Remove(PATCH)],
    ),
];
