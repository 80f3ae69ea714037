//! R1 to R3: the inputs and secrets of callers and callees.

use super::{
    CALL_CI, CALL_DEPLOY, CALL_ROLLBACK, CI, DEPLOY, Fault, ROLLBACK, append, fault, swap,
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
        DEPLOY,
        &[swap(
            DEPLOY,
            "        type: string\n        default: public\n",
            "        type: boolean\n        default: public\n",
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
        "a call inside a callee that leaves an input out",
        "R1-inputs",
        CI,
        &[append(
            CI,
            "\n  nested:\n    permissions:\n      contents: read\n    uses: <ORG>/<REPO>/.github/workflows/rollback.yml@<REF>\n    with:\n      service: ${{ inputs.service }}\n      environment: dev\n",
        )],
    ),
    fault(
        "a secret for a callee that takes none",
        "R3-secrets",
        CALL_CI,
        &[swap(
            CALL_CI,
            "    with:\n",
            "    secrets:\n{%- raw %}\n      token: ${{ secrets.TOKEN }}\n{%- endraw %}\n    with:\n",
        )],
    ),
];
