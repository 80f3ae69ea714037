//! H, R8 and L1: jobs, their runners and groups, and what lets a finding pass.

use super::{CALL_CI, CALL_DEPLOY, CI, DEPLOY, Fault, RELEASE, VERIFY, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a job without a time-out",
        "H1-time-out",
        CI,
        &[swap(CI, "    timeout-minutes: 20\n", "")],
    ),
    fault(
        "a stage without a time-out",
        "H1-time-out",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    timeout-minutes: 30\n    environment: dev",
            "    environment: dev",
        )],
    ),
    fault(
        "a runner label that floats",
        "H2-runner",
        CI,
        &[swap(CI, "runs-on: <RUNNER>", "runs-on: ubuntu-latest")],
    ),
    fault(
        "a runner label that nobody knows",
        "H2-runner",
        DEPLOY,
        &[swap(DEPLOY, "runs-on: <RUNNER>", "runs-on: ubunut-24.04")],
    ),
    fault(
        "one concurrency group for caller and callee",
        "R8-shared-concurrency",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "permissions: {}\n",
                "permissions: {}\n\nconcurrency: {% raw %}deploy-${{ github.repository }}{% endraw %}\n",
            ),
            swap(
                DEPLOY,
                "permissions: {}\n",
                "permissions: {}\n\nconcurrency: deploy-${{ github.repository }}\n",
            ),
        ],
    ),
    fault(
        "github.workflow in the groups of caller and callee",
        "R8-shared-concurrency",
        CALL_CI,
        &[
            swap(
                CALL_CI,
                "permissions: {}\n",
                "permissions: {}\n\nconcurrency:\n{%- raw %}\n  group: ${{ github.workflow }}-${{ github.ref }}\n{%- endraw %}\n",
            ),
            swap(
                CI,
                "permissions: {}\n",
                "permissions: {}\n\nconcurrency:\n  group: ${{ github.workflow }}-${{ github.ref }}\n",
            ),
        ],
    ),
    fault(
        "a job that waits for its workflow's own group",
        "R8-shared-concurrency",
        VERIFY,
        &[swap(
            VERIFY,
            "    timeout-minutes: 90\n",
            "    timeout-minutes: 90\n    concurrency: verify-${{ github.ref }}\n",
        )],
    ),
    fault(
        "a suppression without a reason",
        "L1-suppression",
        RELEASE,
        &[swap(
            RELEASE,
            "permissions: {}\n",
            "permissions: {} # lint: allow(P1)\n",
        )],
    ),
    fault(
        "a suppression that lets nothing pass",
        "L1-suppression",
        CI,
        &[swap(
            CI,
            "- run: cargo test --locked",
            "- run: cargo test --locked # lint: allow(P6) nothing here any more",
        )],
    ),
    fault(
        "a suppression of a rule that there is not",
        "L1-suppression",
        CI,
        &[swap(
            CI,
            "- run: cargo test --locked",
            "- run: cargo test --locked # lint: allow(P66) no such rule",
        )],
    ),
];
