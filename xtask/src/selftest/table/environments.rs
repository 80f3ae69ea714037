//! D3 and D6: where a stage goes, and that it goes there alone.

use super::{DEPLOY, Fault, ROLLBACK, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt environment, production",
        "D3-environment",
        DEPLOY,
        &[swap(DEPLOY, "environment: prod", "environment: production")],
    ),
    fault(
        "a misspelt environment, stagign",
        "D3-environment",
        DEPLOY,
        &[swap(DEPLOY, "environment: staging", "environment: stagign")],
    ),
    fault(
        "a stage without an environment",
        "D3-environment",
        DEPLOY,
        &[swap(DEPLOY, "    environment: dev\n", "")],
    ),
    fault(
        "an environment from an expression",
        "D3-environment",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "environment: prod\n",
            "environment: ${{ inputs.environment }}\n",
        )],
    ),
    fault(
        "a stage in the environment of another",
        "D3-environment",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    environment: staging\n",
            "    environment: prod\n",
        )],
    ),
    fault(
        "a rollback in a misspelt environment",
        "D3-environment",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "    environment: staging\n",
            "    environment: stageing\n",
        )],
    ),
    fault(
        "cancel-in-progress: true on a stage",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "-prod\n      cancel-in-progress: false",
            "-prod\n      cancel-in-progress: true",
        )],
    ),
    fault(
        "a stage without a group",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    concurrency:\n      group: deploy-${{ github.repository }}-staging\n      cancel-in-progress: false\n      queue: max\n",
            "",
        )],
    ),
    fault(
        "a group of its own for every run",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "repository }}-dev",
            "repository }}-${{ github.run_id }}",
        )],
    ),
    fault(
        "one stage in the group of another",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "group: deploy-${{ github.repository }}-prod",
            "group: deploy-${{ github.repository }}-dev",
        )],
    ),
    fault(
        "cancel-in-progress: true on a rollback by hand",
        "D6-deploy-concurrency",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "cancel-in-progress: false",
            "cancel-in-progress: true",
        )],
    ),
];
