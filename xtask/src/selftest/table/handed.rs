//! S6 and R12: what scripts are handed, and what they hand on.

use super::{BUILD_IMAGE, CI, DEPLOY, Fault, GUARD, ROLLBACK, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a step that is not handed the image",
        "S6-unset-variable",
        DEPLOY,
        &[swap(
            DEPLOY,
            "--env dev\n        env:\n          IMAGE:",
            "--env dev\n        env:\n          IMG:",
        )],
    ),
    fault(
        "a variable of a step, misspelt where it is set",
        "S6-unset-variable",
        CI,
        &[swap(CI, "          SERVICE: ${{", "          SERVIC: ${{")],
    ),
    fault(
        "a variable of a step, misspelt where it is read",
        "S6-unset-variable",
        CI,
        &[swap(CI, "--bin \"$SERVICE\"", "--bin \"${SERVCE}\"")],
    ),
    fault(
        "one of a step's variables that is gone",
        "S6-unset-variable",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "          COMMIT: ${{ inputs.commit }}\n          REASON: ${{ inputs.reason }}\n      - if: inputs.action == 'lift'",
            "          COMMIT: ${{ inputs.commit }}\n      - if: inputs.action == 'lift'",
        )],
    ),
    fault(
        "a variable that an action does not hand its script any more",
        "S6-unset-variable",
        GUARD,
        &[swap(GUARD, "        REASON: ${{ inputs.reason }}\n", "")],
    ),
    fault(
        "an expression that reads what no env sets",
        "S6-unset-variable",
        DEPLOY,
        &[swap(
            DEPLOY,
            "subject-name: ${{ needs.guard.outputs.image }}",
            "subject-name: ${{ env.IMAGE }}",
        )],
    ),
    fault(
        "an action's script that writes another output than is read",
        "R12-unwritten-output",
        GUARD,
        &[swap(
            ".github/actions/guard/guard.sh",
            "echo \"image=$image\"",
            "echo \"img=$image\"",
        )],
    ),
    fault(
        "one of the outputs of an action's script, misspelt where it is written",
        "R12-unwritten-output",
        BUILD_IMAGE,
        &[swap(
            ".github/actions/build-image/facts.sh",
            "built-at=",
            "built_at=",
        )],
    ),
    fault(
        "an output of an action's script, misspelt where it is read",
        "R12-unwritten-output",
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "steps.facts.outputs.version",
            "steps.facts.outputs.versoin",
        )],
    ),
];
