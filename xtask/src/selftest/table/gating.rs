//! D2: that nothing is deployed before CI, or from another branch.

use super::{CALL_DEPLOY, DEPLOY, Fault, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a deployment that does not wait for CI",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[swap(CALL_DEPLOY, "    needs: ci\n", "")],
    ),
    fault(
        "a deployment from any branch",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    permissions",
                "    permissions",
            ),
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    # What",
                "    # What",
            ),
        ],
    ),
    fault(
        "a deployment from every branch but the default one",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format",
                "    if: github.ref != format",
            ),
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format",
                "    if: github.ref != format",
            ),
        ],
    ),
    fault(
        "a deployment from a tag as well",
        "D2-ungated-deploy",
        CALL_DEPLOY,
        &[
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    permissions",
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch) || startsWith(github.ref, 'refs/tags/')\n    permissions",
            ),
            swap(
                CALL_DEPLOY,
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n    # What",
                "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch) || startsWith(github.ref, 'refs/tags/')\n    # What",
            ),
        ],
    ),
    fault(
        "a deployment that can be started by hand, without CI",
        "D2-ungated-deploy",
        DEPLOY,
        &[swap(DEPLOY, "on:\n", "on:\n  workflow_dispatch:\n")],
    ),
    fault(
        "a deployment that every push starts",
        "D2-ungated-deploy",
        DEPLOY,
        &[swap(DEPLOY, "on:\n", "on:\n  push:\n")],
    ),
];
