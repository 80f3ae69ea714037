//! R16: artefacts that are not there when they are downloaded.

use super::{CI, Fault, append, fault, swap};

const RULE: &str = "R16-missing-artifact";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an artefact of another name",
        RULE,
        CI,
        &[append(
            CI,
            "\n  scan:\n    needs: security\n    runs-on: <RUNNER>\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n        with:\n          name: sbomx\n      - run: test -s sbom.spdx.json\n",
        )],
    ),
    fault(
        "an artefact whose job is not waited for",
        RULE,
        CI,
        &[append(
            CI,
            "\n  scan:\n    runs-on: <RUNNER>\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n        with:\n          name: sbom\n      - run: test -s sbom.spdx.json\n",
        )],
    ),
    fault(
        "an artefact that was renamed where it is uploaded",
        RULE,
        CI,
        &[
            append(
                CI,
                "\n  scan:\n    needs: [security]\n    runs-on: <RUNNER>\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n        with:\n          name: sbom\n",
            ),
            swap(
                CI,
                "          name: sbom\n",
                "          name: bill-of-materials\n",
            ),
        ],
    ),
];
