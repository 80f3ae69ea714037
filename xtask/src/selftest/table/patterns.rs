//! Entries of ignore, include and exclude, and what a hook deletes.

use super::{Edit, Fault, MANIFEST, WIRING, append, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an ignore entry that matches nothing",
        "dead-pattern",
        MANIFEST,
        &[swap(
            MANIFEST,
            "ignore = [\"upgrades\"]",
            "ignore = [\"upgrades\", \"denny.toml\"]",
        )],
    ),
    fault(
        "an ignore entry that no longer matches, since its file was renamed",
        "dead-pattern",
        MANIFEST,
        &[
            append(
                MANIFEST,
                "\n[conditional.'deploy == \"kubernetes\"']\nignore = [\"clippy.toml\"]\n",
            ),
            Edit::Move("template-axum/clippy.toml", "template-axum/.clippy.toml"),
        ],
    ),
    fault(
        "migrations that an ignore list does not match",
        "dead-pattern",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\nignore = [\"migration\"]\n",
        )],
    ),
    fault(
        "an ignore entry with wildcards",
        "dead-pattern",
        MANIFEST,
        &[swap(
            MANIFEST,
            "ignore = [\"upgrades\"]",
            "ignore = [\"upgrades\", \"*.toml\"]",
        )],
    ),
    fault(
        "an ignore entry in another case",
        "dead-pattern",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\nignore = [\"Deny.toml\"]\n",
        )],
    ),
    fault(
        "an ignore entry under the option that never brings the file",
        "dead-pattern",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\nignore = [\"migrations\"]\n",
        )],
    ),
    fault(
        "an exclude entry that matches nothing",
        "dead-pattern",
        MANIFEST,
        &[swap(MANIFEST, "\"src/secrets\"", "\"src/secretz\"")],
    ),
    fault(
        "an include entry that matches nothing",
        "dead-pattern",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\ninclude = [\"srcc/**\"]\n",
        )],
    ),
    fault(
        "a line of .genignore that matches nothing",
        "dead-pattern",
        "template-axum/.genignore",
        &[write("template-axum/.genignore", "notes.md\n")],
    ),
    fault(
        "a deletion of a folder that there is not",
        "dead-pattern",
        WIRING,
        &[swap(
            WIRING,
            "file::delete(\"options\")",
            "file::delete(\"option\")",
        )],
    ),
    fault(
        "an exclude entry that takes a file with variables",
        "unrendered-liquid",
        "template-axum/README.md",
        &[swap(MANIFEST, "\"tests\"]", "\"tests\", \"README.md\"]")],
    ),
    fault(
        "an exclude entry for all of src, version.rs with it",
        "unrendered-liquid",
        "template-axum/src/version.rs",
        &[swap(MANIFEST, "\"src/config\"", "\"src\"")],
    ),
];
