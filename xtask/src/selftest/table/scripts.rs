//! R11: what an action or a workflow starts.

use super::{BUILD_IMAGE, Edit, Fault, GUARD, IDP_DEPLOY, VERIFY, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt script of an action's",
        "R11-missing-script",
        GUARD,
        &[swap(GUARD, "/guard.sh", "/gaurd.sh")],
    ),
    fault(
        "an action's script that is gone",
        "R11-missing-script",
        BUILD_IMAGE,
        &[Edit::Remove(".github/actions/build-image/facts.sh")],
    ),
    fault(
        "an action's script that was moved to another action",
        "R11-missing-script",
        IDP_DEPLOY,
        &[Edit::Move(
            ".github/actions/idp-deploy/reach.sh",
            ".github/actions/guard/reach.sh",
        )],
    ),
    fault(
        "an action's script by an expression, from the folder above",
        "R11-missing-script",
        GUARD,
        &[swap(
            GUARD,
            "'\"$GITHUB_ACTION_PATH/guard.sh\"'",
            "bash '${{ github.action_path }}/../guard.sh'",
        )],
    ),
    fault(
        "an action's script that may not be executed",
        "R11-missing-script",
        GUARD,
        &[write(
            ".github/actions/guard/guard.sh",
            "#!/bin/sh\nexit 0\n",
        )],
    ),
    fault(
        "a script in a workflow's own checkout",
        "R11-missing-script",
        VERIFY,
        &[swap(
            VERIFY,
            "      - run: pipx install hadolint",
            "      - run: ./.github/setup.sh\n      - run: pipx install hadolint",
        )],
    ),
    fault(
        "a script that a shell is told to run",
        "R11-missing-script",
        VERIFY,
        &[swap(
            VERIFY,
            "      - run: pipx install hadolint",
            "      - run: bash .github/releese.sh\n      - run: pipx install hadolint",
        )],
    ),
];
