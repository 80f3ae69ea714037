//! What reads well and does nothing: variables of GitHub's own, other events' contexts, time-outs, labels, names of an
//! action's inputs and outputs, and checkouts that move.

use super::{BUILD_IMAGE, CI, DEPLOY, Fault, IDP_DEPLOY, RELEASE, VERIFY, fault, swap};

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
        "inputs of a dispatch where a push calls",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "service: ${{ inputs.service }}",
            "service: ${{ github.event.inputs.service }}",
        )],
    ),
    fault(
        "a pull request's commit where a push calls",
        "S4-dangling-reference",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          DIGEST: ${{ steps.build.outputs.digest }}",
            "          HEAD: ${{ github.event.pull_request.head.sha }}\n          DIGEST: ${{ steps.build.outputs.digest }}",
        )],
    ),
    fault(
        "a step for merged pull requests where tags start the run",
        "S4-dangling-reference",
        RELEASE,
        &[swap(
            RELEASE,
            "      - run: gh release create",
            "      - if: github.event.pull_request.merged == true\n        run: gh release create",
        )],
    ),
    fault(
        "two images for one runner",
        "H2-runner",
        CI,
        &[swap(
            CI,
            "runs-on: <RUNNER>",
            "runs-on: [ubuntu-24.04, ubuntu-22.04]",
        )],
    ),
    fault(
        "an output of an action with `_` for `-`",
        "R17-action-contract",
        IDP_DEPLOY,
        &[swap(
            IDP_DEPLOY,
            "steps.cache.outputs.cache-hit",
            "steps.cache.outputs.cache_hit",
        )],
    ),
    fault(
        "a misspelt input of an action of others",
        "R17-action-contract",
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "        cache-from: type=gha",
            "        cache-form: type=gha",
        )],
    ),
    fault(
        "an image that is built of whatever the branch holds by then",
        "D16-moving-checkout",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          persist-credentials: false\n",
            "          persist-credentials: false\n          ref: ${{ github.event.repository.default_branch }}\n",
        )],
    ),
    fault(
        "a job that may run for no minutes",
        "S1-workflow-shape",
        DEPLOY,
        &[swap(
            DEPLOY,
            "timeout-minutes: 30\n    environment: prod",
            "timeout-minutes: 0\n    environment: prod",
        )],
    ),
    fault(
        "half a minute for a job",
        "S1-workflow-shape",
        VERIFY,
        &[swap(VERIFY, "timeout-minutes: 90", "timeout-minutes: 0.5")],
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
        &[swap(VERIFY, "--matrix cover", "--matrix covre")],
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
