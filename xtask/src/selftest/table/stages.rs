//! D1 and D4: that stages come in order, and none after a failure.

use super::{CALL_DEPLOY, DEPLOY, Fault, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "prod that does not wait for staging",
        "D1-stage-order",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs: [guard, staging]\n    runs-on",
            "needs: [guard, dev]\n    runs-on",
        )],
    ),
    fault(
        "staging that does not wait for dev",
        "D1-stage-order",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs: [guard, dev]\n    runs-on",
            "needs: [guard, image]\n    runs-on",
        )],
    ),
    fault(
        "dev after prod",
        "D1-stage-order",
        DEPLOY,
        &[
            swap(
                DEPLOY,
                "  dev:\n    needs: [guard, image]",
                "  dev:\n    needs: [guard, image, staging]",
            ),
            swap(
                DEPLOY,
                "needs: [guard, dev]\n    runs-on",
                "needs: [guard, image]\n    runs-on",
            ),
        ],
    ),
    fault(
        "a second prod beside staging",
        "D1-stage-order",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  # Puts back what was last",
            "  prod-eu:\n    needs: [guard, dev]\n    runs-on: <RUNNER>\n    timeout-minutes: 30\n    environment: prod\n    concurrency:\n      group: deploy-${{ github.repository }}-prod\n      cancel-in-progress: false\n    permissions: {}\n    steps:\n      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod\n        env:\n          IMAGE: ${{ needs.guard.outputs.image }}\n\n  # Puts back what was last",
        )],
    ),
    fault(
        "always() on prod",
        "D4-stage-condition",
        DEPLOY,
        &[swap(DEPLOY, "  prod:\n", "  prod:\n    if: always()\n")],
    ),
    fault(
        "!cancelled() on staging",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  staging:\n",
            "  staging:\n    if: ${{ !cancelled() }}\n",
        )],
    ),
    fault(
        "failure() on prod",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  prod:\n",
            "  prod:\n    if: success() || failure()\n",
        )],
    ),
    fault(
        "prod when staging was skipped",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  prod:\n",
            "  prod:\n    if: always() && (needs.staging.result == 'success' || needs.staging.result == 'skipped')\n",
        )],
    ),
    fault(
        "a stage that hides its failure",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    environment: staging\n",
            "    environment: staging\n    continue-on-error: true\n",
        )],
    ),
    fault(
        "a deployment that waits for CI in any state",
        "D4-stage-condition",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "    needs: ci\n    if: github",
            "    needs: ci\n    if: always() && github",
        )],
    ),
    fault(
        "prod when staging was cancelled",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  prod:\n",
            "  prod:\n    if: success() || cancelled()\n",
        )],
    ),
    fault(
        "!failure() on prod",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  prod:\n",
            "  prod:\n    if: ${{ !failure() }}\n",
        )],
    ),
    fault(
        "a step of a stage that hides its failure",
        "D4-stage-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod\n",
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod\n        continue-on-error: true\n",
        )],
    ),
];
