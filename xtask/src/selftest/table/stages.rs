//! D1, D2 and D4: that stages come in order, and only after CI.

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
        "a deployment that does not wait for CI",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[swap(CALL_DEPLOY, "    needs: ci\n", "")],
    ),
    fault(
        "a deployment from any branch",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    permissions",
                "    permissions",
            ),
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    # What",
                "    # What",
            ),
        ],
    ),
    fault(
        "a deployment from every branch but the default one",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format",
                "    if: github.ref != format",
            ),
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format",
                "    if: github.ref != format",
            ),
        ],
    ),
    fault(
        "a deployment from a tag as well",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    permissions",
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch) || startsWith(github.ref, 'refs/tags/')\n    permissions",
            ),
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    # What",
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch) || startsWith(github.ref, 'refs/tags/')\n    # What",
            ),
        ],
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
];
