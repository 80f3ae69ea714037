//! D3, D4, D5, D10, D11: what the steps of stages and rollbacks do.

use super::{CALL_DEPLOY, CALL_ROLLBACK, CI, DEPLOY, Fault, ROLLBACK, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a stage that promotes to another environment",
        "D3-environment",
        DEPLOY,
        &[swap(DEPLOY, "--to prod", "--to staging")],
    ),
    fault(
        "a rollback that reconciles another environment",
        "D3-environment",
        DEPLOY,
        &[swap(DEPLOY, "--env prod", "--env=\"staging\"")],
    ),
    fault(
        "a rollback by hand of another environment, by a variable",
        "D3-environment",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "--env dev ${COMMIT:+--to \"$COMMIT\"} --reason \"$REASON\"\n        env:\n",
            "--env \"$WHERE\" ${COMMIT:+--to \"$COMMIT\"} --reason \"$REASON\"\n        env:\n          WHERE: prod\n",
        )],
    ),
    fault(
        "a promotion that may fail",
        "D10-stage-step",
        DEPLOY,
        &[swap(DEPLOY, "--to staging\n", "--to staging || true\n")],
    ),
    fault(
        "a promotion in the background",
        "D10-stage-step",
        DEPLOY,
        &[swap(DEPLOY, "--to staging\n", "--to staging &\n")],
    ),
    fault(
        "a promotion in a pipe without pipefail",
        "D10-stage-step",
        DEPLOY,
        &[swap(DEPLOY, "--to staging\n", "--to staging | tee log\n")],
    ),
    fault(
        "a promotion in a shell that goes on",
        "D10-stage-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging\n",
            "      - shell: bash {0}\n        run: |\n          idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging\n          echo done\n",
        )],
    ),
    fault(
        "a promotion that an input switches off",
        "D10-stage-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod\n",
            "      - if: inputs.attest == 'always'\n        run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod\n",
        )],
    ),
    fault(
        "a stage that only logs in",
        "D10-stage-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging\n        env:\n          IMAGE: ${{ needs.guard.outputs.image }}\n",
            "",
        )],
    ),
    fault(
        "a rollback that only logs in",
        "D10-stage-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod\n        env:\n          IMAGE: ${{ needs.guard.outputs.image }}\n",
            "",
        )],
    ),
    fault(
        "a rollback's step that asks for a failure of its own job",
        "D11-rollback-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
            "      - if: failure()\n        run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
        )],
    ),
    fault(
        "a rollback's step that waits for success of the stage",
        "D11-rollback-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
            "      - if: needs.prod.result == 'success'\n        run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
        )],
    ),
    fault(
        "a rollback that may fail",
        "D11-rollback-step",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  rollback-prod:\n",
            "  rollback-prod:\n    continue-on-error: true\n",
        )],
    ),
    fault(
        "a rollback that only runs by hand",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs.prod.result == 'cancelled')",
            "needs.prod.result == 'cancelled') && github.event_name == 'workflow_dispatch'",
        )],
    ),
    fault(
        "a rollback that asks for an input that no caller gives",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs.prod.result == 'cancelled')",
            "needs.prod.result == 'cancelled') && inputs.attest == 'rollback'",
        )],
    ),
    fault(
        "a rollback by hand that waits for a failure",
        "D5-rollback-condition",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "if: inputs.environment == 'prod'",
            "if: inputs.environment == 'prod' && failure()",
        )],
    ),
    fault(
        "a stage that is skipped with the attestation",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  dev:\n    needs: [guard, image]",
            "  dev:\n    needs: [guard, image, attest]",
        )],
    ),
    fault(
        "a deployment by tags that asks for the default branch",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "on:\n  push:\n",
            "on:\n  push:\n    tags: ['v*']\n",
        )],
    ),
    fault(
        "a deployment of pull requests that asks for the default branch",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "on:\n  push:\n",
            "on:\n  pull_request:\n",
        )],
    ),
    fault(
        "tests that may fail before a deployment",
        "D12-hidden-check",
        CI,
        &[swap(
            CI,
            "cargo test --locked",
            "cargo test --locked || true",
        )],
    ),
    fault(
        "a job of tests that may fail before a deployment",
        "D12-hidden-check",
        CI,
        &[swap(
            CI,
            "  test:\n",
            "  test:\n    continue-on-error: true\n",
        )],
    ),
    fault(
        "an action that no choice offers",
        "D13-unknown-choice",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "inputs.action == 'rollback'",
            "inputs.action == 'rolback'",
        )],
    ),
    fault(
        "an environment that no choice offers",
        "D13-unknown-choice",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "inputs.environment == 'prod'",
            "inputs.environment == 'prd'",
        )],
    ),
    fault(
        "a choice that nothing asks for",
        "D13-unknown-choice",
        ROLLBACK,
        &[swap(
            CALL_ROLLBACK,
            "options: [rollback, lift]\n        default: rollback",
            "options: [roll-back, lift]\n        default: roll-back",
        )],
    ),
    fault(
        "a rollback by hand in a group of its own",
        "D6-deploy-concurrency",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "group: deploy-${{ github.repository }}-prod",
            "group: deploy-${{ github.repository }}-production",
        )],
    ),
    fault(
        "a stage without the queue of its rollback",
        "D6-deploy-concurrency",
        DEPLOY,
        &[swap(
            DEPLOY,
            "-prod\n      cancel-in-progress: false\n      queue: max\n",
            "-prod\n      cancel-in-progress: false\n",
        )],
    ),
];
