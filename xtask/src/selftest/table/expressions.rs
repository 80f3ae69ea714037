//! S3 and S5: expressions, and needs.

use super::{CALL_DEPLOY, DEPLOY, Fault, ROLLBACK, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "text in double quotes inside an expression",
        "S3-expression",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "if: inputs.environment == 'prod'",
            "if: inputs.environment == \"prod\"",
        )],
    ),
    fault(
        "an expression that is never closed",
        "S3-expression",
        DEPLOY,
        &[swap(
            DEPLOY,
            "${{ steps.publish.outputs.digest }}",
            "${{ steps.publish.outputs.digest }",
        )],
    ),
    fault(
        "a function that there is not, allways()",
        "S3-expression",
        DEPLOY,
        &[swap(DEPLOY, "if: always()", "if: allways()")],
    ),
    fault(
        "a context that there is not, need",
        "S3-expression",
        DEPLOY,
        &[swap(
            DEPLOY,
            "${{ needs.image.outputs.digest }}",
            "${{ need.image.outputs.digest }}",
        )],
    ),
    fault(
        "secrets in a job's condition",
        "S3-expression",
        DEPLOY,
        &[swap(
            DEPLOY,
            "if: always() && needs.guard",
            "if: always() && secrets.registry-username && needs.guard",
        )],
    ),
    fault(
        "a function of expressions with too few arguments",
        "S3-expression",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "format('refs/heads/{0}', github.event.repository.default_branch)",
            "format()",
        )],
    ),
    fault(
        "a condition that is text and always true",
        "S3-expression",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "if: inputs.environment == 'prod'",
            "if: ${{ inputs.environment }} == 'prod'",
        )],
    ),
    fault(
        "a need that there is not",
        "S5-needs",
        DEPLOY,
        &[swap(DEPLOY, "needs: [guard, dev]", "needs: [guard, dve]")],
    ),
    fault(
        "a circle of needs",
        "S5-needs",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    needs: guard\n",
            "    needs: [guard, prod]\n",
        )],
    ),
];
