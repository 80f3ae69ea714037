//! R13: folders and profiles that commands name.

use super::{Fault, IDP_DEPLOY, VERIFY, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an action that goes one folder too few up",
        "R13-missing-folder",
        IDP_DEPLOY,
        &[swap(
            IDP_DEPLOY,
            "cd \"$GITHUB_ACTION_PATH/../../..\"",
            "cd \"$GITHUB_ACTION_PATH/../..\"",
        )],
    ),
    fault(
        "a profile of cargo that there is not",
        "R13-missing-folder",
        IDP_DEPLOY,
        &[swap(IDP_DEPLOY, "--profile runner", "--profile runnr")],
    ),
    fault(
        "a crate that an action builds, by another name",
        "R13-missing-folder",
        IDP_DEPLOY,
        &[swap(IDP_DEPLOY, "--path deploy ", "--path deployer ")],
    ),
    fault(
        "an action's script that searches a folder that is gone",
        "R13-missing-folder",
        IDP_DEPLOY,
        &[swap(
            ".github/actions/idp-deploy/sources.sh",
            "rust-toolchain.toml deploy -type",
            "rust-toolchain.toml deployer -type",
        )],
    ),
    fault(
        "a step in a folder that there is not",
        "R13-missing-folder",
        VERIFY,
        &[swap(
            VERIFY,
            "      - run: cargo xtask verify",
            "      - working-directory: xtaks\n        run: cargo xtask verify",
        )],
    ),
    fault(
        "all steps in a folder that there is not",
        "R13-missing-folder",
        VERIFY,
        &[swap(
            VERIFY,
            "permissions: {}\n",
            "permissions: {}\n\ndefaults:\n  run:\n    working-directory: ./service\n",
        )],
    ),
];
