//! Actions that many use, and what they need.

use super::super::model::{Step, Uses};
use super::token::{is_own, variable};
use super::{At, Grant, Need};

/// An action, and what it needs of GitHub's own token.
struct Known {
    /// `owner/repo`, and the path in it, if any.
    name: &'static str,
    needs: &'static [Grant],
    /// Inputs that hand it a token: another than GitHub's needs no grant.
    tokens: &'static [&'static str],
    /// Only with all of these inputs.
    with: &'static [&'static str],
    /// Not with any of these inputs.
    without: &'static [&'static str],
}

const OIDC: Grant = ("id-token", "write");

const fn known(
    name: &'static str,
    needs: &'static [Grant],
    tokens: &'static [&'static str],
    with: &'static [&'static str],
    without: &'static [&'static str],
) -> Known {
    Known {
        name,
        needs,
        tokens,
        with,
        without,
    }
}

const ATTEST: &[Grant] = &[OIDC, ("attestations", "write")];
const RELEASE: &[Grant] = &[("contents", "write")];
const SCAN: &[Grant] = &[("security-events", "write")];
const PULL: &[Grant] = &[("pull-requests", "write")];

const KNOWN: &[Known] = &[
    known("actions/attest", ATTEST, &["github-token"], &[], &[]),
    known(
        "actions/attest-build-provenance",
        ATTEST,
        &["github-token"],
        &[],
        &[],
    ),
    known("actions/attest-sbom", ATTEST, &["github-token"], &[], &[]),
    known(
        "actions/deploy-pages",
        &[("pages", "write"), OIDC],
        &["token"],
        &[],
        &[],
    ),
    known("actions/labeler", PULL, &["repo-token"], &[], &[]),
    known(
        "aws-actions/configure-aws-credentials",
        &[OIDC],
        &[],
        &["role-to-assume"],
        &[
            "aws-access-key-id",
            "role-chaining",
            "use-existing-credentials",
            "web-identity-token-file",
        ],
    ),
    known(
        "azure/login",
        &[OIDC],
        &[],
        &["client-id", "tenant-id"],
        &["creds", "auth-type"],
    ),
    known(
        "github/codeql-action/analyze",
        SCAN,
        &["token"],
        &[],
        &["upload"],
    ),
    known(
        "github/codeql-action/upload-sarif",
        SCAN,
        &["token"],
        &[],
        &[],
    ),
    known(
        "google-github-actions/auth",
        &[OIDC],
        &[],
        &["workload_identity_provider"],
        &["credentials_json"],
    ),
    known(
        "ncipollo/release-action",
        RELEASE,
        &["token"],
        &[],
        &["owner", "repo"],
    ),
    known(
        "peter-evans/create-pull-request",
        &[("contents", "write"), ("pull-requests", "write")],
        &["token", "branch-token"],
        &[],
        &["push-to-fork"],
    ),
    known(
        "pypa/gh-action-pypi-publish",
        &[OIDC],
        &[],
        &[],
        &["password", "user"],
    ),
    known("rust-lang/crates-io-auth-action", &[OIDC], &[], &[], &[]),
    known(
        "softprops/action-gh-release",
        RELEASE,
        &["token"],
        &[],
        &["repository"],
    ),
];

const CHECKOUT: Known = known(
    "actions/checkout",
    &[("contents", "read")],
    &["token"],
    &[],
    &["repository", "ssh-key"],
);

/// What the action of a step needs.
pub fn needs(at: At<'_>) -> Vec<Need> {
    // A public repository is open to any token: only a pack's workflows, and those that others call, are for all.
    let for_all = at.model.platform.is_some() || at.file.is_called();
    let checkout = std::iter::once(&CHECKOUT).filter(|_| for_all);
    let Some(known) = KNOWN
        .iter()
        .chain(checkout)
        .find(|known| is(&at.step, known.name))
    else {
        return Vec::new();
    };
    let has = |input: &&str| at.step.with(input).is_some();
    if known.without.iter().any(has) || !known.with.iter().all(has) {
        return Vec::new();
    }
    let mut tokens = known.tokens.iter().filter_map(|input| at.step.with(input));
    if !tokens.all(|token| is_own(at, token)) {
        return Vec::new();
    }
    // What the machine or the variables bring may stand in for a token of one's own.
    let ambient = [
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "GITHUB_TOKEN",
    ];
    let hosted = at.job.is_none_or(|(_, job)| job.is_hosted());
    let oidc_only = known.needs == [OIDC];
    if oidc_only && (!hosted || ambient.iter().any(|name| variable(at, name).is_some())) {
        return Vec::new();
    }
    let need = |grant: &Grant| Need {
        by: format!("`{}`", known.name),
        any: vec![*grant],
    };
    known.needs.iter().map(need).collect()
}

fn is(step: &Step<'_>, name: &str) -> bool {
    let Some((
        _,
        Uses::Remote {
            owner, repo, path, ..
        },
    )) = step.uses()
    else {
        return false;
    };
    let full = match path {
        "" => format!("{owner}/{repo}"),
        path => format!("{owner}/{repo}/{path}"),
    };
    full.eq_ignore_ascii_case(name)
}
