//! Actions of others of which it is known what they do to a job's files: nothing that a rule would have to look at.

use super::views::Step;

/// They bring no files of the repository, and upload nothing.
const FAMILIAR: &[&str] = &[
    "actions/attest",
    "actions/attest-build-provenance",
    "actions/attest-sbom",
    "actions/labeler",
    "actions/setup-dotnet",
    "actions/setup-go",
    "actions/setup-java",
    "actions/setup-node",
    "actions/setup-python",
    "actions/stale",
    "aws-actions/configure-aws-credentials",
    "azure/login",
    "azure/setup-kubectl",
    "docker/login-action",
    "docker/metadata-action",
    "docker/setup-buildx-action",
    "docker/setup-qemu-action",
    "dtolnay/rust-toolchain",
    "google-github-actions/auth",
    "google-github-actions/setup-gcloud",
    "helm/kind-action",
    "mozilla-actions/sccache-action",
    "rust-lang/crates-io-auth-action",
    "sigstore/cosign-installer",
    "softprops/action-gh-release",
    "swatinem/rust-cache",
    "taiki-e/install-action",
];

/// They may bring files, and upload nothing.
const BRINGING: &[&str] = &[
    "actions/cache",
    "actions/checkout",
    "actions/download-artifact",
    "actions/github-script",
    "dorny/paths-filter",
];

impl Step<'_> {
    /// Whether its action is known to leave a job's files alone, and to upload none.
    pub fn is_familiar(&self) -> bool {
        FAMILIAR.iter().any(|name| self.uses_action(name))
    }

    /// Whether its action is known to upload no artefact under a name of its own.
    pub fn uploads_nothing(&self) -> bool {
        self.is_familiar() || BRINGING.iter().any(|name| self.uses_action(name))
    }
}
