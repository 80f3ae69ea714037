//! T: what templates make of workflows.

use super::{CALL_CI, CALL_DEPLOY, CALL_ROLLBACK, CI, Fault, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a tag of the template's that is left in a workflow",
        "T1-template-tag",
        CALL_CI,
        &[swap(
            CALL_CI,
            "name: ci\n",
            "name: ci\n# {% raw %}{% if x %}{% endraw %}\n",
        )],
    ),
    fault(
        "a variable of the template's inside raw",
        "T1-template-tag",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "{%- raw %}\n",
            "{%- raw %}\n      registry: \"{{registry}}\"\n",
        )],
    ),
    fault(
        "a variable of the template's in the pack's own workflow",
        "T1-template-tag",
        CI,
        &[swap(
            CI,
            "name: service-ci\n",
            "name: service-ci {{project-name}}\n",
        )],
    ),
    fault(
        "an expression that Liquid eats, raw taken away",
        "T2-eaten-expression",
        CALL_ROLLBACK,
        &[
            swap(CALL_ROLLBACK, "{%- raw %}\n", ""),
            swap(CALL_ROLLBACK, "{%- endraw %}\n", ""),
            swap(
                CALL_ROLLBACK,
                "      environment: ${{ inputs.environment }}\n      reason: ${{ inputs.reason }}\n      commit: ${{ inputs.commit }}\n      action: ${{ inputs.action }}\n",
                "      environment: ${{ environment }}\n      reason: x\n",
            ),
            swap(
                CALL_ROLLBACK,
                "    # For a registry other than GHCR; empty where nobody set them.\n    secrets:\n      registry-username: ${{ secrets.REGISTRY_USERNAME }}\n      registry-password: ${{ secrets.REGISTRY_PASSWORD }}\n",
                "",
            ),
        ],
    ),
    fault(
        "a dollar that is left of an expression",
        "T2-eaten-expression",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "registry-password: ${{ secrets.REGISTRY_PASSWORD }}",
            "registry-password: $",
        )],
    ),
    fault(
        "a template's caller that runs steps of its own",
        "T3-thin-caller",
        CALL_CI,
        &[append(
            CALL_CI,
            "\n  lint:\n    runs-on: <RUNNER>\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - run: cargo fmt --check\n",
        )],
    ),
    fault(
        "a template's caller with variables of its own",
        "T3-thin-caller",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "permissions: {}\n\njobs",
            "permissions: {}\n\nenv:\n  RUST_BACKTRACE: 1\n\njobs",
        )],
    ),
];
