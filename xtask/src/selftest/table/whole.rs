//! Files that belong together: migrations, owners, pages, and what is shipped at all.

use super::{ANSWERS, Fault, MANIFEST, README, WIRING, append, fault, swap, write};

const MIGRATIONS: &str =
    "template-axum/options/database-postgres/src/dependencies/postgres/migrations.rs";
const SECOND: &str = "template-axum/options/database-postgres/migrations/0002_tags.sql";
const TWIN: &str = "template-axum/options/database-postgres/migrations/0001_tags.sql";
const LATE: &str = "template-axum/options/database-postgres/migrations/0003_tags.sql";
const OWNERSHIP: &str = "template-axum/.idp/ownership.toml";
const CODEOWNERS: &str = "template-axum/.github/CODEOWNERS";
const DEPENDABOT: &str = "template-axum/.github/dependabot.yml";
const SQL: &str = "CREATE TABLE tags (id uuid PRIMARY KEY);\n";
const LINE: &str = "    (1, \"items\", include_str!(\"../../../migrations/0001_items.sql\")),\n";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a migration that nothing lists",
        "broken-migrations",
        SECOND,
        &[write(SECOND, SQL)],
    ),
    fault(
        "two migrations of one number",
        "broken-migrations",
        TWIN,
        &[
            write(TWIN, SQL),
            swap(
                MIGRATIONS,
                LINE,
                "    (1, \"items\", include_str!(\"../../../migrations/0001_items.sql\")),\n    (2, \"tags\", include_str!(\"../../../migrations/0001_tags.sql\")),\n",
            ),
        ],
    ),
    fault(
        "a migration that leaves a number out",
        "broken-migrations",
        LATE,
        &[
            write(LATE, SQL),
            swap(
                MIGRATIONS,
                LINE,
                "    (1, \"items\", include_str!(\"../../../migrations/0001_items.sql\")),\n    (3, \"tags\", include_str!(\"../../../migrations/0003_tags.sql\")),\n",
            ),
        ],
    ),
    fault(
        "a class that takes the files of another",
        "broken-ownership",
        OWNERSHIP,
        &[swap(OWNERSHIP, "\"src/platform/**\"", "\"src/**\"")],
    ),
    fault(
        "a file in two classes",
        "broken-ownership",
        OWNERSHIP,
        &[swap(
            OWNERSHIP,
            "  \"README.md\",\n",
            "  \"README.md\",\n  \"deny.toml\",\n",
        )],
    ),
    fault(
        "an owner without its organisation",
        "broken-codeowners",
        CODEOWNERS,
        &[swap(CODEOWNERS, "{{codeowner}}", "{{team}}")],
    ),
    fault(
        "an owner of a folder that is not there",
        "broken-codeowners",
        CODEOWNERS,
        &[append(CODEOWNERS, "/source/ {{codeowner}}\n")],
    ),
    fault(
        "an ecosystem that dependabot does not have",
        "broken-dependabot",
        DEPENDABOT,
        &[swap(
            DEPENDABOT,
            "package-ecosystem: cargo",
            "package-ecosystem: rust",
        )],
    ),
    fault(
        "a page that names what only an option brings",
        "dangling-path",
        README,
        &[append(README, "\nSee `migrations/README.md`.\n")],
    ),
    fault(
        "a page that links to nothing",
        "dangling-path",
        README,
        &[append(README, "\nSee [the design](docs/design.md).\n")],
    ),
    fault(
        "a page with a misspelt path",
        "dangling-path",
        README,
        &[append(README, "\nSee `config/defualt.yaml`.\n")],
    ),
    fault(
        "a file that is ignored always and needed",
        "unshipped-file",
        MANIFEST,
        &[swap(
            MANIFEST,
            "ignore = [\"upgrades\"]",
            "ignore = [\"upgrades\", \"config/default.yaml\"]",
        )],
    ),
    fault(
        "two files of one name",
        "unshipped-file",
        "template-axum/docs/{{deploy}}.md",
        &[
            write("template-axum/docs/{{deploy}}.md", "one\n"),
            write("template-axum/docs/compose.md", "two\n"),
        ],
    ),
    fault(
        "answers that are written before files are rendered",
        "missing-answers",
        ANSWERS,
        &[swap(
            MANIFEST,
            "\"hooks/wiring.rhai\"]\npost = [\"hooks/answers.rhai\"]",
            "\"hooks/wiring.rhai\", \"hooks/answers.rhai\"]",
        )],
    ),
    fault(
        "a hook that deletes tests that are needed",
        "unshipped-file",
        WIRING,
        &[append(WIRING, "file::delete(\"tests/api\");\n")],
    ),
    fault(
        "a hook that moves tests to a misspelt folder",
        "unshipped-file",
        WIRING,
        &[swap(WIRING, "\"tests/otlp\");", "\"tests/oltp\");")],
    ),
];
