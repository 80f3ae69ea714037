//! D3 and D6: where a stage goes, and that it goes there alone.

use super::{CALL_DEPLOY, CALL_ROLLBACK, DEPLOY, Fault, ROLLBACK, fault, swap};

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
    fault(
        "a misspelt environment with a url",
        "D3-environment",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    environment: prod\n",
            "    environment:\n      name: prd\n      url: https://example.com\n",
        )],
    ),
    fault(
        "a rollback in the environment of another stage",
        "D3-environment",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs.prod.result == 'cancelled')\n    runs-on: <RUNNER> # platform.toml: runner\n    timeout-minutes: 30\n    environment: prod",
            "needs.prod.result == 'cancelled')\n    runs-on: <RUNNER> # platform.toml: runner\n    timeout-minutes: 30\n    environment: dev",
        )],
    ),
    fault(
        "cancel-in-progress from an expression",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "-prod\n      cancel-in-progress: false",
            "-prod\n      cancel-in-progress: ${{ true }}",
        )],
    ),
    fault(
        "a rollback in a group of its own",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    environment: prod\n    env:\n      IDP_BACKEND: ${{ vars.IDP_BACKEND || inputs.backend }}\n      IDP_BACKEND_COMMAND: ${{ vars.IDP_BACKEND_COMMAND }}\n      DOCKER_HOST: ${{ vars.DOCKER_HOST }}\n      IDP_KUBE_CONTEXT: ${{ vars.IDP_KUBE_CONTEXT }}\n      IDP_KUBE_NAMESPACE: ${{ vars.IDP_KUBE_NAMESPACE }}\n    concurrency:\n      group: deploy-${{ github.repository }}-prod\n",
            "    environment: prod\n    concurrency:\n      group: prod\n",
        )],
    ),
    fault(
        "a caller that cancels the stages it has started",
        "D6-deploy-concurrency",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "permissions: {}\n",
            "permissions: {}\n\nconcurrency:\n  group: deployment\n  cancel-in-progress: true\n",
        )],
    ),
    fault(
        "a rollback by hand that cancels the one before it",
        "D6-deploy-concurrency",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "permissions: {}\n",
            "permissions: {}\n\nconcurrency:\n  group: rollback\n  cancel-in-progress: true\n",
        )],
    ),
    fault(
        "one stage for a matrix of environments",
        "D3-environment",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    environment: prod\n",
            "    strategy:\n      matrix:\n        env: [prod]\n    environment: ${{ matrix.env }}\n",
        )],
    ),
    fault(
        "production among the choices of a dispatch",
        "D3-environment",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "options: [dev, staging, prod]",
            "options: [dev, staging, production]",
        )],
    ),
    fault(
        "production, handed to the callee",
        "D3-environment",
        CALL_ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "environment: ${{ inputs.environment }}",
            "environment: production",
        )],
    ),
];
