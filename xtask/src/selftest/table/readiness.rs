//! R19 and D15: what a job needs before its first command, the repository and the release driver. R18: whom it calls.

use super::{CI, DEPLOY, Fault, RELEASE, ROLLBACK, VERIFY, append, fault, swap};

const CHECKOUT: &str = "R19-no-checkout";
const DRIVER: &str = "D15-missing-driver";

const CHECKS_OUT: &str = "      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n        with:\n          persist-credentials: false\n";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a job that checks the style of nothing",
        CHECKOUT,
        CI,
        &[swap(CI, CHECKS_OUT, "")],
    ),
    fault(
        "a script of the repository without the repository",
        CHECKOUT,
        RELEASE,
        &[swap(RELEASE, CHECKS_OUT, "")],
    ),
    fault(
        "an action of the repository without the repository",
        CHECKOUT,
        VERIFY,
        &[swap(
            VERIFY,
            CHECKS_OUT,
            "      - uses: ./.github/actions/guard\n        with:\n          service: x\n          registry: <REGISTRY>\n          backend: compose\n",
        )],
    ),
    fault(
        "an image built of an empty folder",
        CHECKOUT,
        DEPLOY,
        &[swap(DEPLOY, CHECKS_OUT, "")],
    ),
    fault(
        "a list of what is in an empty folder",
        CHECKOUT,
        DEPLOY,
        &[swap(
            DEPLOY,
            "      packages: write\n    steps:\n      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n        with:\n          persist-credentials: false\n      - uses: docker/login-action",
            "      packages: write\n    steps:\n      - uses: docker/login-action",
        )],
    ),
    fault(
        "a stage that deploys what it has not checked out",
        CHECKOUT,
        DEPLOY,
        &[swap(
            DEPLOY,
            "environment: prod\n    env:\n      IDP_BACKEND: ${{ vars.IDP_BACKEND || inputs.backend }}\n      IDP_BACKEND_COMMAND: ${{ vars.IDP_BACKEND_COMMAND }}\n      DOCKER_HOST: ${{ vars.DOCKER_HOST }}\n      IDP_KUBE_CONTEXT: ${{ vars.IDP_KUBE_CONTEXT }}\n      IDP_KUBE_NAMESPACE: ${{ vars.IDP_KUBE_NAMESPACE }}\n    concurrency:\n      group: deploy-${{ github.repository }}-prod\n      cancel-in-progress: false\n      queue: max\n    permissions:\n      contents: read\n      packages: write\n    steps:\n      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n        with:\n          persist-credentials: false\n",
            "environment: prod\n    env:\n      IDP_BACKEND: ${{ vars.IDP_BACKEND || inputs.backend }}\n      IDP_BACKEND_COMMAND: ${{ vars.IDP_BACKEND_COMMAND }}\n      DOCKER_HOST: ${{ vars.DOCKER_HOST }}\n      IDP_KUBE_CONTEXT: ${{ vars.IDP_KUBE_CONTEXT }}\n      IDP_KUBE_NAMESPACE: ${{ vars.IDP_KUBE_NAMESPACE }}\n    concurrency:\n      group: deploy-${{ github.repository }}-prod\n      cancel-in-progress: false\n      queue: max\n    permissions:\n      contents: read\n      packages: write\n    steps:\n",
        )],
    ),
    fault(
        "a stage without the action that brings the driver",
        DRIVER,
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - uses: <ORG>/<REPO>/.github/actions/idp-deploy@<REF> # platform.toml: org/repo@ref\n        with:\n          registry: ${{ inputs.registry }}\n          username: ${{ secrets.registry-username || github.actor }}\n          password: ${{ secrets.registry-password || github.token }}\n      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
        )],
    ),
    fault(
        "a way back without the action that brings the driver",
        DRIVER,
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "      - uses: <ORG>/<REPO>/.github/actions/idp-deploy@<REF> # platform.toml: org/repo@ref\n        with:\n          registry: ${{ inputs.registry }}\n          username: ${{ secrets.registry-username || github.actor }}\n          password: ${{ secrets.registry-password || github.token }}\n",
            "",
        )],
    ),
    fault(
        "a workflow that calls itself",
        "R18-call-circle",
        CI,
        &[append(
            CI,
            "\n  again:\n    permissions:\n      contents: read\n    uses: <ORG>/<REPO>/.github/workflows/service-ci.yml@<REF> # platform.toml: org/repo@ref\n    with:\n      service: x\n",
        )],
    ),
    fault(
        "two workflows that call each other",
        "R18-call-circle",
        VERIFY,
        &[
            append(
                VERIFY,
                "\n  release:\n    permissions:\n      contents: write\n    uses: ./.github/workflows/release.yml\n",
            ),
            swap(RELEASE, "on:\n", "on:\n  workflow_call:\n"),
        ],
    ),
];
