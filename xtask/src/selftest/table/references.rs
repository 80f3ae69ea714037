//! S4: names in expressions, and what they stand for.

use super::{BUILD_IMAGE, CI, DEPLOY, Fault, GUARD, IDP_DEPLOY, RELEASE, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
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
        "an output against a boolean",
        "S4-dangling-reference",
        IDP_DEPLOY,
        &[swap(IDP_DEPLOY, "cache-hit != 'true'", "cache-hit != true")],
    ),
    fault(
        "an event that there is not",
        "S4-dangling-reference",
        CI,
        &[swap(
            CI,
            "      - run: cargo test --locked",
            "      - if: github.event_name == 'pull-request'\n        run: cargo test --locked",
        )],
    ),
    fault(
        "an event that does not start the workflow",
        "S4-dangling-reference",
        RELEASE,
        &[swap(
            RELEASE,
            "      - run: cargo xtask sync",
            "      - if: github.event_name == 'release'\n        run: cargo xtask sync",
        )],
    ),
    fault(
        "a boolean against text",
        "S4-dangling-reference",
        RELEASE,
        &[
            swap(
                RELEASE,
                "        required: true\n",
                "        required: true\n      notes:\n        type: boolean\n        default: true\n",
            ),
            swap(
                RELEASE,
                "      - run: gh release create",
                "      - if: inputs.notes == 'true'\n        run: gh release create",
            ),
        ],
    ),
    fault(
        "text that is no JSON",
        "S4-dangling-reference",
        CI,
        &[swap(
            CI,
            "  test:\n",
            "  test:\n    strategy:\n      matrix:\n        os: ${{ fromJSON('[\"a\", \"b\"') }}\n",
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
        "an output of a called workflow that it does not declare",
        "R5-output",
        RELEASE,
        &[swap(
            RELEASE,
            "TAG: ${{ inputs.tag || github.ref_name }}\n          GH_TOKEN",
            "TAG: ${{ needs.verify.outputs.tag }}\n          GH_TOKEN",
        )],
    ),
    fault(
        "a dimension that the matrix does not have",
        "S4-dangling-reference",
        CI,
        &[append(
            CI,
            "\n  extra:\n    runs-on: <RUNNER>\n    timeout-minutes: 5\n    permissions: {}\n    strategy:\n      matrix:\n        os: [linux]\n    steps:\n      - run: echo \"$OS\"\n        env:\n          OS: ${{ matrix.so }}\n",
        )],
    ),
    fault(
        "outputs of a step, misspelt",
        "S4-dangling-reference",
        GUARD,
        &[swap(
            GUARD,
            "steps.guard.outputs.image",
            "steps.guard.output.image",
        )],
    ),
    fault(
        "an output that a job does not give any more",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "    outputs:\n      digest: ${{ steps.publish.outputs.digest }}\n",
            "",
        )],
    ),
];
