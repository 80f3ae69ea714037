//! Keys, types and questions of a template's manifest.

use super::{Fault, MANIFEST, REGISTRY, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt table, [hook]",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(MANIFEST, "[hooks]", "[hook]")],
    ),
    fault(
        "a misspelt key, ignroe",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(
            MANIFEST,
            "fmt = false",
            "fmt = false\nignroe = [\"deny.toml\"]",
        )],
    ),
    fault(
        "a misspelt key of a question, chioces",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(
            MANIFEST,
            "choices = [\"compose\"",
            "chioces = [\"compose\"",
        )],
    ),
    fault(
        "a misspelt key of a condition, ingore",
        "unknown-manifest-key",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\"']\ningore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "vcs in lower case",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(MANIFEST, "fmt = false", "fmt = false\nvcs = \"git\"")],
    ),
    fault(
        "a truth value in quotes",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(MANIFEST, "fmt = false", "fmt = \"false\"")],
    ),
    fault(
        "a key twice in the manifest",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(MANIFEST, "fmt = false", "fmt = false\nfmt = false")],
    ),
    fault(
        "templates inside a template",
        "unknown-manifest-key",
        MANIFEST,
        &[swap(
            MANIFEST,
            "fmt = false",
            "fmt = false\nsub_templates = [\"src\"]",
        )],
    ),
    fault(
        "a question in the root manifest",
        "unknown-manifest-key",
        REGISTRY,
        &[append(
            REGISTRY,
            "\n[placeholders.region]\nprompt = \"Where?\"\ndefault = \"eu\"\n",
        )],
    ),
    fault(
        "rustfmt left on",
        "fmt-left-on",
        MANIFEST,
        &[swap(MANIFEST, "fmt = false\n", "")],
    ),
    fault(
        "rustfmt turned on",
        "fmt-left-on",
        MANIFEST,
        &[swap(MANIFEST, "fmt = false", "fmt = true")],
    ),
    fault(
        "no version of cargo-generate",
        "version-floor",
        MANIFEST,
        &[swap(
            MANIFEST,
            "cargo_generate_version = \">=0.23.14\"\n",
            "",
        )],
    ),
    fault(
        "a version of cargo-generate that nobody tried",
        "version-floor",
        MANIFEST,
        &[swap(MANIFEST, ">=0.23.14", ">=0.20.0")],
    ),
    fault(
        "a question without a default",
        "bad-default",
        MANIFEST,
        &[swap(MANIFEST, "default = \"compose\"\n", "")],
    ),
    fault(
        "a default outside its choices",
        "bad-default",
        MANIFEST,
        &[swap(
            MANIFEST,
            "default = \"compose\"",
            "default = \"kubernets\"",
        )],
    ),
    fault(
        "a default against its own expression",
        "bad-default",
        MANIFEST,
        &[swap(
            MANIFEST,
            "default = \"platform\"",
            "default = \"-bad-\"",
        )],
    ),
    fault(
        "an expression that does not parse",
        "bad-default",
        MANIFEST,
        &[swap(MANIFEST, "regex = '^[^", "regex = '^([^")],
    ),
    fault(
        "a choice twice",
        "bad-default",
        MANIFEST,
        &[swap(
            MANIFEST,
            "[\"compose\", \"kubernetes\"]",
            "[\"compose\", \"kubernetes\", \"compose\"]",
        )],
    ),
    fault(
        "a question that nothing reads",
        "unread-placeholder",
        MANIFEST,
        &[swap(
            MANIFEST,
            "[hooks]",
            "[placeholders.region]\ntype = \"string\"\nprompt = \"Where?\"\ndefault = \"eu\"\n\n[hooks]",
        )],
    ),
    fault(
        "a yes-or-no question whose default is text",
        "bad-default",
        MANIFEST,
        &[swap(
            MANIFEST,
            "[placeholders.deploy]\ntype = \"string\"",
            "[placeholders.deploy]\ntype = \"bool\"",
        )],
    ),
    fault(
        "a question without words",
        "bad-default",
        MANIFEST,
        &[swap(MANIFEST, "prompt = \"What runs it?\"\n", "")],
    ),
    fault(
        "a default with a space behind it",
        "bad-default",
        MANIFEST,
        &[swap(
            MANIFEST,
            "default = \"prometheus\"",
            "default = \"prometheus \"",
        )],
    ),
    fault(
        "a question under a condition",
        "unknown-manifest-key",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"postgres\"'.placeholders.size]\ntype = \"string\"\nprompt = \"How large?\"\ndefault = \"1\"\n",
        )],
    ),
];
