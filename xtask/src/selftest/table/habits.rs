//! What reads well and does nothing: variables of GitHub's own, other events' contexts, time-outs, labels, names of an
//! action's inputs and outputs, and checkouts that move.

use super::{CI, DEPLOY, Fault, VERIFY, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a variable of GitHub's own with another value",
        "S7-reserved-variable",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          DIGEST: ${{ steps.build.outputs.digest }}",
            "          DIGEST: ${{ steps.build.outputs.digest }}\n          GITHUB_SHA: ${{ inputs.service }}",
        )],
    ),
    fault(
        "a folder of the runner's, told to later steps",
        "S7-reserved-variable",
        CI,
        &[swap(
            CI,
            "- run: cargo test --locked",
            "- run: echo \"RUNNER_TEMP=/tmp/own\" >>\"$GITHUB_ENV\"\n      - run: cargo test --locked",
        )],
    ),
    fault(
        "a comment that sends its reader to a command that there is not",
        "R14-unknown-command",
        VERIFY,
        &[swap(VERIFY, "`cargo xtask verify`", "`cargo xtask verfy`")],
    ),
    fault(
        "a word that an option of the pack's automation does not take",
        "R14-unknown-command",
        VERIFY,
        &[swap(VERIFY, "--matrix each", "--matrix eahc")],
    ),
    fault(
        "a misspelt command behind a variable",
        "R14-unknown-command",
        VERIFY,
        &[swap(
            VERIFY,
            "cargo xtask verify --",
            "RUST_LOG=info cargo xtask verfy --",
        )],
    ),
];
