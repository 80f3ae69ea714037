//! S3 to S5: expressions, and the names in them.

use super::{BUILD_IMAGE, CALL_DEPLOY, CI, DEPLOY, Fault, GUARD, ROLLBACK, fault, swap};

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
        "a function with too few arguments",
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
        "an input that is not declared",
        "S4-dangling-reference",
        CI,
        &[swap(CI, "${{ inputs.service }}", "${{ inputs.servise }}")],
    ),
    fault(
        "a step that there is not",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "steps.publish.outputs",
            "steps.pubish.outputs",
        )],
    ),
    fault(
        "an output that a need does not have",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "DIGEST: ${{ needs.image.outputs.digest }}",
            "DIGEST: ${{ needs.image.outputs.digets }}",
        )],
    ),
    fault(
        "a job that is not among the needs",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    needs: [guard, image]\n    runs-on",
            "    needs: image\n    runs-on",
        )],
    ),
    fault(
        "an output of the workflow from a job that there is not",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "jobs.image.outputs.digest",
            "jobs.imgae.outputs.digest",
        )],
    ),
    fault(
        "an output of the workflow that its job does not have",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "jobs.image.outputs.digest",
            "jobs.image.outputs.digst",
        )],
    ),
    fault(
        "an input of an action that is not declared",
        "S4-dangling-reference",
        GUARD,
        &[swap(GUARD, "${{ inputs.backend }}", "${{ inputs.backnd }}")],
    ),
    fault(
        "a step that comes later",
        "S4-dangling-reference",
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "if: inputs.image != ''",
            "if: steps.build.outputs.digest == ''",
        )],
    ),
    fault(
        "a property of github that there is not",
        "S4-dangling-reference",
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "${{ inputs.image }}:${{ github.sha }}",
            "${{ inputs.image }}:${{ github.sah }}",
        )],
    ),
    fault(
        "a result that there is not, canceled",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "needs.prod.result == 'cancelled'",
            "needs.prod.result == 'canceled'",
        )],
    ),
    fault(
        "a secret that is not declared",
        "R3-secrets",
        DEPLOY,
        &[swap(
            DEPLOY,
            "${{ secrets.registry-password || github.token }}",
            "${{ secrets.registry-pasword || github.token }}",
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
