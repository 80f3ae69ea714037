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
    fault(
        "the organisation in the release driver's help",
        "unstamped-organisation",
        "deploy/src/cli.rs",
        &[append(
            "deploy/src/cli.rs",
            "\n// Example: idp-deploy status --image ghcr.io/<ORG>/orders\n",
        )],
    ),
    fault(
        "the organisation in a test of the pack's own",
        "unstamped-organisation",
        "xtask/tests/pipelines/guard.rs",
        &[append(
            "xtask/tests/pipelines/guard.rs",
            "\nconst TEAM: &str = \"@<ORG>/platform\";\n",
        )],
    ),
    fault(
        "the organisation on a page, as an example",
        "unstamped-organisation",
        "docs/idp-deploy.md",
        &[append(
            "docs/idp-deploy.md",
            "\n`idp-deploy status --image <REGISTRY>/<ORG>/orders`\n",
        )],
    ),
    fault(
        "the organisation in the root manifest",
        "unstamped-organisation",
        "Cargo.toml",
        &[append(
            "Cargo.toml",
            "\n# Home: https://github.com/<ORG>/<REPO>\n",
        )],
    ),
];
