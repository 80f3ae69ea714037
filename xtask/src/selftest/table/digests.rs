//! D14 and R15: what is handed on as the digest of what was built. P10: images that nobody named by a version.

use super::{BUILD_IMAGE, CI, DEPLOY, Fault, GUARD, fault, swap};

const RULE: &str = "D14-no-digest";
const MOVING: &str = "P10-moving-image";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "the image as the digest that a pipeline gives back",
        RULE,
        DEPLOY,
        &[swap(
            DEPLOY,
            "value: ${{ jobs.image.outputs.digest }}",
            "value: ${{ jobs.guard.outputs.image }}",
        )],
    ),
    fault(
        "the image as the digest that is promoted",
        RULE,
        DEPLOY,
        &[swap(
            DEPLOY,
            "DIGEST: ${{ needs.image.outputs.digest }}\n\n",
            "DIGEST: ${{ needs.guard.outputs.image }}\n\n",
        )],
    ),
    fault(
        "the commit as the digest that is attested",
        RULE,
        DEPLOY,
        &[swap(
            DEPLOY,
            "subject-digest: ${{ needs.image.outputs.digest }}",
            "subject-digest: ${{ github.sha }}",
        )],
    ),
    fault(
        "the digest as the image that is promoted",
        RULE,
        DEPLOY,
        &[swap(
            DEPLOY,
            "IMAGE: ${{ needs.guard.outputs.image }}\n          DIGEST: ${{ needs.image.outputs.digest }}\n\n",
            "IMAGE: ${{ needs.image.outputs.digest }}\n          DIGEST: ${{ needs.image.outputs.digest }}\n\n",
        )],
    ),
    fault(
        "the configuration's id as the digest of an image",
        RULE,
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "value: ${{ steps.published.outputs.digest || steps.build.outputs.digest }}",
            "value: ${{ steps.build.outputs.imageid }}",
        )],
    ),
    fault(
        "a matrix whose runs all give the digest",
        "R15-matrix-output",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  image:\n    needs: guard\n",
            "  image:\n    needs: guard\n    strategy:\n      matrix:\n        platform: [amd64, arm64]\n",
        )],
    ),
    fault(
        "a database beside the tests, by latest",
        MOVING,
        CI,
        &[swap(
            CI,
            "  test:\n",
            "  test:\n    services:\n      db:\n        image: postgres:latest\n",
        )],
    ),
    fault(
        "a container without a tag around the tests",
        MOVING,
        CI,
        &[swap(CI, "  test:\n", "  test:\n    container: rust\n")],
    ),
    fault(
        "an action's input with a type",
        "S1-workflow-shape",
        GUARD,
        &[swap(
            GUARD,
            "    required: true\n  registry",
            "    required: true\n    type: string\n  registry",
        )],
    ),
];
