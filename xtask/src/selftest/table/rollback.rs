//! D5: that what failed is put back.

use super::{DEPLOY, Fault, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a rollback that does not run when its stage was cancelled",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(DEPLOY, " || needs.prod.result == 'cancelled'", "")],
    ),
    fault(
        "a rollback that does not run when its stage failed",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(DEPLOY, "needs.staging.result == 'failure' || ", "")],
    ),
    fault(
        "a rollback that runs on failure() alone",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "if: always() && needs.guard.result == 'success' && (needs.prod.result == 'failure' || needs.prod.result == 'cancelled')",
            "if: failure()",
        )],
    ),
    fault(
        "a rollback without always()",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "if: always() && needs.guard",
            "if: needs.guard",
        )],
    ),
    fault(
        "a rollback that waits for success",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "(needs.dev.result == 'failure' || needs.dev.result == 'cancelled')",
            "needs.dev.result == 'success'",
        )],
    ),
    fault(
        "a rollback that looks at another stage",
        "D5-rollback-condition",
        DEPLOY,
        &[
            swap(
                DEPLOY,
                "needs: [guard, prod]\n    if",
                "needs: [guard, staging]\n    if",
            ),
            swap(
                DEPLOY,
                "(needs.prod.result == 'failure' || needs.prod.result == 'cancelled')",
                "(needs.staging.result == 'failure' || needs.staging.result == 'cancelled')",
            ),
        ],
    ),
    fault(
        "a rollback that can never run",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs.prod.result == 'failure' || needs.prod.result == 'cancelled'",
            "needs.prod.result == 'failure' && needs.prod.result == 'cancelled'",
        )],
    ),
    fault(
        "a stage without a rollback",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  rollback-staging:\n    needs: [guard, staging]\n    if: always() && needs.guard.result == 'success' && (needs.staging.result == 'failure' || needs.staging.result == 'cancelled')",
            "  tidy:\n    needs: guard",
        )],
    ),
    fault(
        "a rollback on any result but success, without always()",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "if: always() && needs.guard.result == 'success' && (needs.prod.result == 'failure' || needs.prod.result == 'cancelled')",
            "if: needs.prod.result != 'success'",
        )],
    ),
    fault(
        "a rollback that waits for another rollback",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs: [guard, prod]\n    if: always() && ",
            "needs: [guard, prod, rollback-dev]\n    if: always() && needs.rollback-dev.result == 'success' && ",
        )],
    ),
    fault(
        "a rollback that is switched off",
        "D5-rollback-condition",
        DEPLOY,
        &[swap(
            DEPLOY,
            "if: always() && needs.guard.result == 'success' && (needs.prod.result",
            "if: false && always() && (needs.prod.result",
        )],
    ),
];
