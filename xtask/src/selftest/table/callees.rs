//! R5 to R7, R9 and R10: what is called, and what it may do where it runs.

use super::{
    BUILD_IMAGE, CALL_CI, CALL_DEPLOY, CALL_ROLLBACK, CI, DEPLOY, Fault, GUARD, RELEASE, VERIFY,
    fault, swap,
};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an output that an action of the pack's does not declare",
        "R5-output",
        DEPLOY,
        &[swap(
            DEPLOY,
            "steps.guard.outputs.image }}\n    steps",
            "steps.guard.outputs.img }}\n    steps",
        )],
    ),
    fault(
        "an output that an action does not declare any more",
        "R5-output",
        DEPLOY,
        &[swap(
            BUILD_IMAGE,
            "  digest:\n    description: The manifest's digest",
            "  sha:\n    description: The manifest's digest",
        )],
    ),
    fault(
        "a time-out on a job that calls",
        "R6-calling-job",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "    needs: ci\n",
            "    needs: ci\n    timeout-minutes: 60\n",
        )],
    ),
    fault(
        "an environment on a job that calls",
        "R6-calling-job",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "    needs: ci\n",
            "    needs: ci\n    environment: prod\n",
        )],
    ),
    fault(
        "a call of a workflow that there is not",
        "R7-callee",
        CALL_CI,
        &[swap(CALL_CI, "service-ci.yml", "servce-ci.yml")],
    ),
    fault(
        "a call of another organisation's workflow",
        "R7-callee",
        CALL_CI,
        &[swap(CALL_CI, "{{org}}/", "acme/")],
    ),
    fault(
        "a call of another repository's workflow",
        "R7-callee",
        CALL_ROLLBACK,
        &[swap(CALL_ROLLBACK, "/{{repo}}/", "/{{repo}}-of-others/")],
    ),
    fault(
        "a call at a branch",
        "R7-callee",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "service-ci.yml@{{ref}}",
            "service-ci.yml@main",
        )],
    ),
    fault(
        "a call of a workflow that is not reusable",
        "R7-callee",
        RELEASE,
        &[swap(VERIFY, "  workflow_call:\n", "")],
    ),
    fault(
        "an action of the pack's that there is not",
        "R7-callee",
        DEPLOY,
        &[swap(DEPLOY, "actions/guard@", "actions/gaurd@")],
    ),
    fault(
        "a callee that checks another repository out at the caller's commit",
        "R9-caller-commit",
        CI,
        &[swap(
            CI,
            "          persist-credentials: false\n",
            "          persist-credentials: false\n          repository: <ORG>/<REPO>\n          ref: ${{ github.sha }}\n",
        )],
    ),
    fault(
        "a callee that uses the caller's workflow_sha",
        "R9-caller-commit",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          DIGEST: ${{ steps.build.outputs.digest }}",
            "          DIGEST: ${{ steps.build.outputs.digest }}\n          PACK: ${{ github.workflow_sha }}",
        )],
    ),
    fault(
        "a local action in a workflow that others call",
        "R10-local-action",
        DEPLOY,
        &[swap(
            DEPLOY,
            "<ORG>/<REPO>/.github/actions/guard@<REF>",
            "./.github/actions/guard",
        )],
    ),
    fault(
        "a local action in an action that others use",
        "R10-local-action",
        GUARD,
        &[swap(
            GUARD,
            "  steps:\n",
            "  steps:\n    - uses: ./.github/actions/build-image\n",
        )],
    ),
];
