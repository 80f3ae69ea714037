//! Modules without a file, and files without a module.

use super::{Edit, Fault, MANIFEST, WIRING, append, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a module whose file is gone",
        "dangling-module",
        "template-axum/src/secrets/mod.rs",
        &[Edit::Remove("template-axum/src/secrets/refresh.rs")],
    ),
    fault(
        "a module whose file one option lacks",
        "dangling-module",
        "template-axum/options/metrics-otlp/src/metrics/exporter.rs",
        &[Edit::Remove(
            "template-axum/options/metrics-otlp/src/metrics/exporter/courier.rs",
        )],
    ),
    fault(
        "two options that together leave a dangling mod",
        "dangling-module",
        "template-axum/src/items/mod.rs",
        &[swap(
            WIRING,
            "file::delete(\"options\");",
            "if variable::get(\"database\") == \"postgres\" && variable::get(\"metrics\") == \"otlp\" {\n    file::delete(\"src/items/model.rs\");\n}\nfile::delete(\"options\");",
        )],
    ),
    fault(
        "an ignore entry that leaves a dangling mod",
        "dangling-module",
        "template-axum/src/metrics/mod.rs",
        &[append(
            MANIFEST,
            "\n[conditional.'metrics == \"none\"']\nignore = [\"src/metrics/span.rs\"]\n",
        )],
    ),
    fault(
        "two conditions that together leave a dangling mod",
        "dangling-module",
        "template-axum/src/items/mod.rs",
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\" && deploy == \"kubernetes\"']\nignore = [\"src/items/store.rs\"]\n",
        )],
    ),
    fault(
        "a source that no module reaches",
        "dangling-module",
        "template-axum/src/items/cache.rs",
        &[write("template-axum/src/items/cache.rs", "//! x\n")],
    ),
    fault(
        "a test's module whose file is gone",
        "dangling-module",
        "template-axum/tests/vault/main.rs",
        &[Edit::Remove("template-axum/tests/vault/read.rs")],
    ),
    fault(
        "an include_str! of what there is not",
        "dangling-module",
        "template-axum/src/items/model.rs",
        &[append(
            "template-axum/src/items/model.rs",
            "\nconst X: &str = include_str!(\"nothing.txt\");\n",
        )],
    ),
    fault(
        "a misspelt module",
        "dangling-module",
        "template-axum/src/lib.rs",
        &[swap(
            "template-axum/src/lib.rs",
            "pub mod extract;",
            "pub mod extrakt;",
        )],
    ),
    fault(
        "a module in another case",
        "dangling-module",
        "template-axum/src/items/mod.rs",
        &[swap(
            "template-axum/src/items/mod.rs",
            "mod routes;",
            "mod Routes;",
        )],
    ),
];
