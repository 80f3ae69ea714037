//! R4: what callers grant, and what the jobs that they call ask for.

use super::{CALL_CI, CALL_DEPLOY, CI, Fault, RELEASE, VERIFY, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
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
        "a call inside a callee that asks for more",
        "R4-permissions",
        CALL_CI,
        &[append(
            CI,
            "\n  nested:\n    permissions:\n      contents: read\n      packages: write\n    uses: <ORG>/<REPO>/.github/workflows/rollback.yml@<REF>\n    with:\n      service: ${{ inputs.service }}\n      environment: dev\n      reason: x\n",
        )],
    ),
    fault(
        "read-all on a caller",
        "R4-permissions",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "    permissions:\n      attestations: write\n      contents: read\n      id-token: write\n      packages: write\n",
            "    permissions: read-all\n",
        )],
    ),
    fault(
        "grants at the top of a caller alone, and too few",
        "R4-permissions",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "permissions: {}\n",
                "permissions:\n  contents: read\n",
            ),
            swap(
                CALL_DEPLOY,
                "    permissions:\n      attestations: write\n      contents: read\n      id-token: write\n      packages: write\n",
                "",
            ),
        ],
    ),
];
