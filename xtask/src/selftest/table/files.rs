//! Files that cannot be shipped, are not shipped, or break what is made of them.

use super::{DOCKERFILE, Edit, Fault, MANIFEST, WIRING, append, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a file that is not UTF-8",
        "not-utf8",
        "template-axum/logo.bin",
        &[Edit::Write("template-axum/logo.bin", b"\xff\xfe\x00")],
    ),
    fault(
        "a symbolic link",
        "symlink",
        "template-axum/LINK.md",
        &[Edit::Link("template-axum/LINK.md", "README.md")],
    ),
    fault(
        "a symbolic link to nothing",
        "symlink",
        "template-axum/LINK.md",
        &[Edit::Link("template-axum/LINK.md", "nowhere")],
    ),
    fault(
        "an exec bit on a templated name",
        "templated-exec",
        "template-axum/{{project-name}}.sh",
        &[
            write("template-axum/{{project-name}}.sh", "#!/bin/sh\n"),
            Edit::Executable("template-axum/{{project-name}}.sh"),
        ],
    ),
    fault(
        "Liquid in a Cargo.toml",
        "liquid-in-manifest",
        "template-axum/Cargo.toml",
        &[Edit::Move(
            "template-axum/Cargo.toml.liquid",
            "template-axum/Cargo.toml",
        )],
    ),
    fault(
        "no lock file",
        "missing-lock",
        "template-axum/Cargo.lock.liquid",
        &[Edit::Remove("template-axum/Cargo.lock.liquid")],
    ),
    fault(
        "a lock file that one option ignores",
        "missing-lock",
        "template-axum/Cargo.lock.liquid",
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\nignore = [\"Cargo.lock\"]\n",
        )],
    ),
    fault(
        "a file of an option that no hook moves",
        "unshipped-file",
        "template-axum/options/metrics-otlp/docs/otlp.md",
        &[write(
            "template-axum/options/metrics-otlp/docs/otlp.md",
            "x\n",
        )],
    ),
    fault(
        "a folder of a value that is no choice",
        "unshipped-file",
        "template-axum/options/metrics-statsd/src/metrics/exporter.rs",
        &[write(
            "template-axum/options/metrics-statsd/src/metrics/exporter.rs",
            "//! x\n",
        )],
    ),
    fault(
        "a file that is ignored under every value",
        "unshipped-file",
        "template-axum/deny.toml",
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\nignore = [\"deny.toml\"]\n\n[conditional.'database == \"postgres\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a file of an option that is not moved any more",
        "unshipped-file",
        "template-axum/options/metrics-otlp/src/metrics/span.rs",
        &[swap(
            WIRING,
            "    file::rename(\"options/metrics-otlp/src/metrics/span.rs\", \"src/metrics/span.rs\");\n",
            "",
        )],
    ),
    fault(
        "a Dockerfile with a profile that there is not",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "ARG CARGO_PROFILE=release",
            "ARG CARGO_PROFILE=dist",
        )],
    ),
    fault(
        "a Dockerfile that builds with a profile that there is not",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "--profile \"${CARGO_PROFILE}\"",
            "--profile production",
        )],
    ),
    fault(
        "a Dockerfile that copies what there is not",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(DOCKERFILE, "COPY ", "COPY nowhere ./\nCOPY ")],
    ),
    fault(
        "a Dockerfile that copies what one option alone brings",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "{%- if database == \"postgres\" %}\nCOPY migrations migrations\n{%- endif %}\n",
            "\nCOPY migrations migrations\n",
        )],
    ),
    fault(
        "a config file that the Dockerfile copies and an option ignores",
        "broken-dockerfile",
        DOCKERFILE,
        &[append(
            MANIFEST,
            "\n[conditional.'deploy == \"kubernetes\"']\nignore = [\"config\"]\n",
        )],
    ),
    fault(
        "a Dockerfile that copies from a stage that there is not",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(DOCKERFILE, "COPY --from=build", "COPY --from=bild")],
    ),
    fault(
        "a file beside its .liquid twin",
        "unshipped-file",
        "template-axum/Cargo.toml",
        &[write(
            "template-axum/Cargo.toml",
            "[package]\nname = \"x\"\n",
        )],
    ),
    fault(
        "two options that bring the same file",
        "failing-hook",
        WIRING,
        &[
            write(
                "template-axum/options/metrics-otlp/migrations/0001_items.sql",
                "x",
            ),
            swap(
                WIRING,
                "file::delete(\"options\");",
                "if variable::get(\"metrics\") == \"otlp\" {\n    file::rename(\"options/metrics-otlp/migrations\", \"migrations\");\n}\nfile::delete(\"options\");",
            ),
        ],
    ),
    fault(
        "a symbolic link to a folder",
        "symlink",
        "template-axum/docs",
        &[Edit::Link("template-axum/docs", "src")],
    ),
];
