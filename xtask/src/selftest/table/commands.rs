//! R14: commands and options of the pack's own programs.

use super::{DEPLOY, Fault, RELEASE, ROLLBACK, VERIFY, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt command of the release driver",
        "R14-unknown-command",
        DEPLOY,
        &[swap(
            DEPLOY,
            "idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
            "idp-deploy promot --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
        )],
    ),
    fault(
        "a misspelt option of the release driver",
        "R14-unknown-command",
        DEPLOY,
        &[swap(
            DEPLOY,
            "idp-deploy publish --image \"$IMAGE\" --sha",
            "idp-deploy publish --image \"$IMAGE\" --sah",
        )],
    ),
    fault(
        "an option of another command of the release driver",
        "R14-unknown-command",
        DEPLOY,
        &[swap(
            DEPLOY,
            "reconcile --image \"$IMAGE\" --env prod",
            "reconcile --image \"$IMAGE\" --to prod",
        )],
    ),
    fault(
        "an option behind one that may be left out",
        "R14-unknown-command",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "${COMMIT:+--to \"$COMMIT\"} --reason",
            "${COMMIT:+--to \"$COMMIT\"} --because",
        )],
    ),
    fault(
        "a misspelt command of the pack's own automation",
        "R14-unknown-command",
        VERIFY,
        &[swap(
            VERIFY,
            "cargo xtask verify --",
            "cargo xtask verfy --",
        )],
    ),
    fault(
        "an option that a command of the pack's does not have",
        "R14-unknown-command",
        RELEASE,
        &[swap(
            RELEASE,
            "cargo xtask sync --check",
            "cargo xtask sync --chek",
        )],
    ),
];
