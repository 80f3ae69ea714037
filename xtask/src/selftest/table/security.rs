//! P1, P2, P5 to P7: permissions, secrets and what strangers write.

use super::{
    CALL_CI, CALL_DEPLOY, CALL_ROLLBACK, CI, DEPLOY, Fault, IDP_DEPLOY, RELEASE, VERIFY, fault,
    swap, write,
};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "no permissions at the top",
        "P1-permissions",
        CI,
        &[swap(CI, "permissions: {}\n\njobs", "jobs")],
    ),
    fault(
        "write-all",
        "P1-permissions",
        VERIFY,
        &[swap(VERIFY, "permissions: {}", "permissions: write-all")],
    ),
    fault(
        "write-all on a job",
        "P1-permissions",
        RELEASE,
        &[swap(
            RELEASE,
            "    permissions:\n      contents: write\n",
            "    permissions: write-all\n",
        )],
    ),
    fault(
        "a template's caller without permissions at the top",
        "P1-permissions",
        CALL_CI,
        &[swap(CALL_CI, "permissions: {}\n\n", "")],
    ),
    fault(
        "all secrets handed on",
        "P2-secrets-inherit",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "    secrets:\n{%- raw %}\n      registry-username: ${{ secrets.REGISTRY_USERNAME }}\n      registry-password: ${{ secrets.REGISTRY_PASSWORD }}\n{%- endraw %}\n",
            "    secrets: inherit\n",
        )],
    ),
    fault(
        "a checkout that keeps its credentials",
        "P5-kept-credentials",
        CI,
        &[swap(
            CI,
            "        with:\n          persist-credentials: false\n",
            "",
        )],
    ),
    fault(
        "a checkout that keeps its credentials on purpose",
        "P5-kept-credentials",
        DEPLOY,
        &[swap(
            DEPLOY,
            "persist-credentials: false",
            "persist-credentials: true",
        )],
    ),
    fault(
        "a branch's name in a script",
        "P6-injection",
        CI,
        &[swap(
            CI,
            "- run: cargo fmt --check",
            "- run: echo ${{ github.head_ref }} && cargo fmt --check",
        )],
    ),
    fault(
        "an input in a script",
        "P6-injection",
        CI,
        &[swap(
            CI,
            "--bin \"$SERVICE\"",
            "--bin ${{ inputs.service }}",
        )],
    ),
    fault(
        "an input in an action's script",
        "P6-injection",
        IDP_DEPLOY,
        &[swap(
            IDP_DEPLOY,
            "run: echo \"$RUNNER_TEMP/idp-deploy/bin\"",
            "run: echo \"${{ inputs.registry }}\"",
        )],
    ),
    fault(
        "pull_request_target",
        "P7-privileged-trigger",
        CALL_CI,
        &[swap(
            CALL_CI,
            "  pull_request:\n",
            "  pull_request_target:\n",
        )],
    ),
    fault(
        "workflow_run",
        "P7-privileged-trigger",
        ".github/workflows/after.yml",
        &[write(
            ".github/workflows/after.yml",
            "name: after\n\non:\n  workflow_run:\n    workflows: [verify]\n    types: [completed]\n\npermissions: {}\n\njobs:\n  tell:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: echo done\n",
        )],
    ),
    fault(
        "pull_request_target in a list",
        "P7-privileged-trigger",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "on:\n  workflow_dispatch:\n",
            "on:\n  pull_request_target:\n  workflow_dispatch:\n",
        )],
    ),
    fault(
        "a title in a script of github-script",
        "P6-injection",
        CI,
        &[swap(
            CI,
            "      - run: cargo fmt --check",
            "      - uses: actions/github-script@0f67c3f4856b2e3261c31976d6725780e5e4c373 # v8.0.0\n        with:\n          script: console.log(\"${{ github.event.pull_request.title }}\")\n      - run: cargo fmt --check",
        )],
    ),
];
