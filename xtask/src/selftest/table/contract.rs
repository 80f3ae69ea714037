//! R: what callers and callees owe each other.

use super::{
    BUILD_IMAGE, CALL_CI, CALL_DEPLOY, CALL_ROLLBACK, CI, DEPLOY, Fault, GUARD, RELEASE, ROLLBACK,
    VERIFY, fault, swap,
};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt input in a caller",
        "R1-inputs",
        CALL_CI,
        &[swap(CALL_CI, "      service: ", "      servise: ")],
    ),
    fault(
        "a required input that a caller leaves out",
        "R1-inputs",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "      reason: ${{ inputs.reason }}\n",
            "",
        )],
    ),
    fault(
        "a misspelt input in a callee",
        "R1-inputs",
        CALL_DEPLOY,
        &[
            swap(DEPLOY, "      backend:\n", "      back-end:\n"),
            swap(DEPLOY, "inputs.backend }}", "inputs.back-end }}"),
        ],
    ),
    fault(
        "an input that a callee has come to require",
        "R1-inputs",
        CALL_DEPLOY,
        &[swap(
            DEPLOY,
            "        default: public\n",
            "        required: true\n",
        )],
    ),
    fault(
        "a misspelt input of an action of the pack's",
        "R1-inputs",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          image: ${{ needs.guard.outputs.image }}\n",
            "          imgae: ${{ needs.guard.outputs.image }}\n",
        )],
    ),
    fault(
        "a required input of an action that is left out",
        "R1-inputs",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          registry: ${{ inputs.registry }}\n          backend",
            "          backend",
        )],
    ),
    fault(
        "a boolean where text is asked for",
        "R2-input-type",
        CALL_CI,
        &[swap(
            CI,
            "        type: string\n",
            "        type: boolean\n",
        )],
    ),
    fault(
        "a default of another type",
        "R2-input-type",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "        default: rollback\n",
            "        default: true\n",
        )],
    ),
    fault(
        "required and with a default",
        "R2-input-type",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "        default: compose\n",
            "        default: compose\n        required: true\n",
        )],
    ),
    fault(
        "a misspelt secret in a caller",
        "R3-secrets",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "registry-password: ${{",
            "registry-pasword: ${{",
        )],
    ),
    fault(
        "a secret that a callee has come to require",
        "R3-secrets",
        CALL_CI,
        &[swap(
            CI,
            "        required: true\n",
            "        required: true\n    secrets:\n      token:\n        required: true\n",
        )],
    ),
    fault(
        "a caller that grants packages: read where a stage asks for write",
        "R4-permissions",
        CALL_DEPLOY,
        &[swap(CALL_DEPLOY, "packages: write", "packages: read")],
    ),
    fault(
        "a caller that does not grant id-token",
        "R4-permissions",
        CALL_DEPLOY,
        &[swap(CALL_DEPLOY, "      id-token: write\n", "")],
    ),
    fault(
        "a caller without grants",
        "R4-permissions",
        CALL_CI,
        &[swap(
            CALL_CI,
            "    permissions:\n      contents: read\n",
            "",
        )],
    ),
    fault(
        "a callee's job that asks for more than callers grant",
        "R4-permissions",
        CALL_CI,
        &[swap(
            CI,
            "      contents: read\n",
            "      contents: read\n      checks: write\n",
        )],
    ),
    fault(
        "a caller in the pack that grants less",
        "R4-permissions",
        RELEASE,
        &[swap(
            VERIFY,
            "      contents: read\n",
            "      contents: write\n",
        )],
    ),
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
        &[swap(CALL_ROLLBACK, "/{{repo}}/", "/golden-path/")],
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
