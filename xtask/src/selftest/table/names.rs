//! The organisation's name where nothing stamps it.

use super::{Fault, NAMING, README, VERIFY, append, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "the organisation in a template's workflow",
        "unstamped-organisation",
        "template-axum/.github/workflows/ci.yml",
        &[append(
            "template-axum/.github/workflows/ci.yml",
            "\n# uses: <ORG>/<REPO>/.github/workflows/service-ci.yml@<REF>\n",
        )],
    ),
    fault(
        "the organisation in a template's README",
        "unstamped-organisation",
        README,
        &[append(README, "\nSee https://github.com/<ORG>/handbook\n")],
    ),
    fault(
        "the organisation among the code owners",
        "unstamped-organisation",
        "template-axum/.github/CODEOWNERS",
        &[append(
            "template-axum/.github/CODEOWNERS",
            "\n* @<ORG>/platform\n",
        )],
    ),
    fault(
        "the organisation in a hook that is not generated",
        "unstamped-organisation",
        NAMING,
        &[append(
            NAMING,
            "\nvariable::set(\"home\", \"https://github.com/<ORG>\");\n",
        )],
    ),
    fault(
        "the organisation in the pack's own workflow",
        "unstamped-organisation",
        VERIFY,
        &[append(VERIFY, "\n# <REGISTRY>/<ORG>/tools\n")],
    ),
    fault(
        "the organisation in the pack's README, outside of what is generated",
        "unstamped-organisation",
        "README.md",
        &[append(
            "README.md",
            "\nhttps://github.com/<ORG>/<REPO>/issues\n",
        )],
    ),
    fault(
        "the organisation in a Kubernetes manifest",
        "unstamped-organisation",
        "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/service.yaml",
        &[append(
            "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/service.yaml",
            "# image: <REGISTRY>/<ORG>/orders\n",
        )],
    ),
];
