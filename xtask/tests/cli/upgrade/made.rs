//! What the second release of a pack does, and what is done to a service of the first.

use std::fs;
use std::path::Path;

use crate::packs::{Releases, edit};
use crate::support::{Run, Sandbox};

/// What the second release does: it changes a file that services change too, asks for one thing more, and renames a file.
pub(super) fn second(template: &Path) {
    edit(
        &template.join("src/app.rs"),
        "/// The public routes, without the platform.\n",
        "/// The public routes; the platform is put around them.\n",
    );
    edit(
        &template.join("Dockerfile"),
        "FROM ",
        "# Since 0.2.0.\nFROM ",
    );
    edit(
        &template.join("cargo-generate.toml"),
        "[placeholders.metrics]",
        "[placeholders.tier]\ntype = \"string\"\nprompt = \"How much does it matter?\"\nchoices = [\"bronze\", \"gold\"]\ndefault = \"bronze\"\n\n[placeholders.metrics]",
    );
    edit(
        &template.join("hooks/answers.rhai"),
        "\"metrics\", ",
        "\"metrics\", \"tier\", ",
    );
    edit(
        &template.join(".env.example"),
        "\n",
        "\n# tier: {{ tier }}\n",
    );
    fs::rename(
        template.join("tests/api/edge.rs"),
        template.join("tests/api/limits.rs"),
    )
    .unwrap();
    edit(&template.join("tests/api/main.rs"), "mod edge;\n", "");
    edit(
        &template.join("tests/api/main.rs"),
        "mod items;\n",
        "mod items;\nmod limits;\n",
    );
    edit(
        &template.join(".idp/ownership.toml"),
        "tests/api/edge.rs",
        "tests/api/limits.rs",
    );
}

pub(super) fn commit(sandbox: &Sandbox, service: &str) {
    sandbox.git(service, &["add", "--all"]);
    sandbox.git(service, &["commit", "--quiet", "--message", "Work"]);
}

pub(super) fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

pub(super) fn upgraded(releases: &Releases<'_>, args: &[&str]) -> Run {
    releases.xtask(&[&["upgrade", "orders"], args].concat())
}
