//! Versions of a service that go wrong on their way, as changes of its rendered files; and what makes all of them quick.

use anyhow::Result;

use super::repository::Repository;

/// Where a service connects to what it stands on.
const CONNECT: &str = "src/dependencies/mod.rs";

/// From how it is rendered to a readiness check that fails in staging alone. Not in the service's own tests, which take its
/// configuration but listen on loopback: CI is to pass.
const UNREADY: [(&str, &str); 3] = [
    ("_config: &Config", "config: &Config"),
    ("_readiness: &Readiness", "readiness: &Readiness"),
    (
        "    ) -> Result<Self, ConfigError> {\n        Ok(Self {",
        r#"    ) -> Result<Self, ConfigError> {
        let staging = config.environment.name() == "staging";
        if staging && config.settings.server.host.is_unspecified() {
            let limit = std::time::Duration::from_secs(1);
            let ask = || async { Err("staging has no ledger".to_owned()) };
            readiness.register("ledger", limit, ask);
        }
        Ok(Self {"#,
    ),
];

/// What takes time in every push and is seen elsewhere: `verify --stage image` builds a service as it is rendered.
const SLOW: [(&str, &str, &str); 5] = [
    // It would compile and link for minutes, three times over.
    (
        "Cargo.toml",
        "lto = \"fat\"\ncodegen-units = 1\n",
        "lto = \"off\"\nopt-level = 0\n",
    ),
    (
        "Cargo.toml",
        "debug = \"line-tables-only\"\n",
        "debug = false\n",
    ),
    // They start real vaults where `bao` is, and wait for tokens to expire. A runner has none.
    (
        "Cargo.toml",
        "[lints.rust]\n",
        "[[test]]\nname = \"vault\"\npath = \"tests/vault/main.rs\"\ntest = false\n\n[lints.rust]\n",
    ),
    // A version that is not ready is waited for so long, and three intervals more.
    ("Dockerfile", "--start-period=1m ", "--start-period=10s "),
    ("Dockerfile", "--interval=10s ", "--interval=2s "),
];

/// Makes every version from here on quick to build and to give up.
pub(super) fn quick(repository: &Repository) -> Result<()> {
    for (file, from, to) in SLOW {
        repository.change(file, from, to)?;
    }
    Ok(())
}

/// A version that is ready in dev and not in staging.
pub(super) fn unready_in_staging(repository: &mut Repository) -> Result<String> {
    for (from, to) in UNREADY {
        repository.change(CONNECT, from, to)?;
    }
    repository.commit("Ask a ledger that staging has not")
}

/// A version that is ready everywhere, and in prod refuses every body with a 413.
pub(super) fn refusing_in_prod(repository: &mut Repository) -> Result<String> {
    for (from, to) in UNREADY {
        repository.change(CONNECT, to, from)?;
    }
    let (from, to) = ("server:\n", "server:\n  body_limit: 1B\n");
    repository.change("config/prod.yaml", from, to)?;
    repository.commit("Take small bodies only")
}
