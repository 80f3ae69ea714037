//! P9: what steps need, and their job is not granted.

use super::{CI, DEPLOY, Fault, RELEASE, fault, swap};

const RULE: &str = "P9-missing-grant";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a job that publishes an image with packages: read",
        RULE,
        DEPLOY,
        &[swap(
            DEPLOY,
            "timeout-minutes: 40\n    permissions:\n      contents: read\n      packages: write",
            "timeout-minutes: 40\n    permissions:\n      contents: read\n      packages: read",
        )],
    ),
    fault(
        "an attestation without id-token",
        RULE,
        DEPLOY,
        &[swap(DEPLOY, "      id-token: write\n", "")],
    ),
    fault(
        "an attestation without attestations",
        RULE,
        DEPLOY,
        &[swap(DEPLOY, "      attestations: write\n", "")],
    ),
    fault(
        "a checkout in a job that may read nothing",
        RULE,
        CI,
        &[swap(
            CI,
            "timeout-minutes: 15\n    permissions:\n      contents: read",
            "timeout-minutes: 15\n    permissions: {}",
        )],
    ),
    fault(
        "a release made with contents: read",
        RULE,
        RELEASE,
        &[swap(RELEASE, "contents: write", "contents: read")],
    ),
    fault(
        "a stage that records nothing, with packages: none",
        RULE,
        DEPLOY,
        &[swap(
            DEPLOY,
            "      packages: write\n    steps:\n      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n        with:\n          persist-credentials: false\n      - uses: <ORG>/<REPO>/.github/actions/idp-deploy@<REF>",
            "      packages: none\n    steps:\n      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n        with:\n          persist-credentials: false\n      - uses: <ORG>/<REPO>/.github/actions/idp-deploy@<REF>",
        )],
    ),
    fault(
        "a comment on a pull request, by a job that may only read",
        RULE,
        CI,
        &[swap(
            CI,
            "      - run: cargo test --locked\n",
            "      - run: gh pr comment \"$NUMBER\" --body failed\n        env:\n          NUMBER: ${{ github.event.number }}\n          GH_TOKEN: ${{ github.token }}\n      - run: cargo test --locked\n",
        )],
    ),
    fault(
        "a scan whose result may not be uploaded",
        RULE,
        CI,
        &[swap(
            CI,
            "      - run: hadolint Dockerfile\n",
            "      - run: hadolint -f sarif Dockerfile >hadolint.sarif\n      - uses: github/codeql-action/upload-sarif@192325c86100d080feab897ff886c34abd4c83a3 # v3.30.3\n        with:\n          sarif_file: hadolint.sarif\n",
        )],
    ),
];
