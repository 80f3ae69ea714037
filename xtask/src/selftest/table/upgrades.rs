//! Upgrade scripts that never run, fail, or end up in services.

use super::{Edit, Fault, MANIFEST, append, fault, swap, write};

/// A script of the first version, which is released whatever the pack's version is.
const SCRIPT: &str = "template-axum/upgrades/0.1.0.rhai";
/// Leaves the scripts in services.
const LEFT_IN: Edit = swap(MANIFEST, "ignore = [\"upgrades\"]\n", "");

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an upgrade script that services get",
        "shipped-upgrade",
        MANIFEST,
        &[write(SCRIPT, "note(\"look\");\n"), LEFT_IN],
    ),
    fault(
        "upgrade scripts that only some services don't get",
        "shipped-upgrade",
        MANIFEST,
        &[
            write(SCRIPT, "note(\"look\");\n"),
            LEFT_IN,
            append(
                MANIFEST,
                "\n[conditional.'metrics == \"none\"']\nignore = [\"upgrades\"]\n",
            ),
        ],
    ),
    fault(
        "an upgrade script among the hooks",
        "shipped-upgrade",
        MANIFEST,
        &[
            write(SCRIPT, "let there = file::exists(\"README.md\");\n"),
            swap(MANIFEST, "post = [", "post = [\"upgrades/0.1.0.rhai\", "),
        ],
    ),
    fault(
        "an upgrade script named by no version",
        "broken-upgrade",
        "template-axum/upgrades/next.rhai",
        &[write(
            "template-axum/upgrades/next.rhai",
            "note(\"look\");\n",
        )],
    ),
    fault(
        "an upgrade script for a version that is far away",
        "broken-upgrade",
        "template-axum/upgrades/99.0.1.rhai",
        &[write(
            "template-axum/upgrades/99.0.1.rhai",
            "note(\"look\");\n",
        )],
    ),
    fault(
        "an upgrade script that does not compile",
        "broken-upgrade",
        SCRIPT,
        &[write(SCRIPT, "note(\"look\";\n")],
    ),
    fault(
        "an upgrade script with a function of hooks, variable::get",
        "broken-upgrade",
        SCRIPT,
        &[write(SCRIPT, "variable::get(\"team\");\n")],
    ),
    fault(
        "an upgrade script with a function that there is not, file::remove",
        "broken-upgrade",
        SCRIPT,
        &[write(SCRIPT, "file::remove(\"deny.toml\");\n")],
    ),
    fault(
        "an answer that an upgrade script misspells",
        "broken-upgrade",
        SCRIPT,
        &[write(
            SCRIPT,
            "answer::rename(\"telemetry\", \"metrcs\");\n",
        )],
    ),
    fault(
        "an upgrade script that replaces what it wrote",
        "broken-upgrade",
        SCRIPT,
        &[write(
            SCRIPT,
            "file::replace(\"config/default.yaml\", \"port\", \"port_number\");\n",
        )],
    ),
];
