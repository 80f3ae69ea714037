//! Files that are derived, and files that cannot be read at all.

use super::{Edit, Fault, REGISTRY, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a fact that is not platform.toml's",
        "out-of-sync",
        "template-axum/hooks/facts.rhai",
        &[swap(
            "template-axum/hooks/facts.rhai",
            "variable::set(\"org\", \"<ORG>\")",
            "variable::set(\"org\", \"other-org\")",
        )],
    ),
    fault(
        "a runner that platform.toml no longer names",
        "out-of-sync",
        "template-axum/hooks/facts.rhai",
        &[swap(
            "platform.toml",
            "runner = \"<RUNNER>\"",
            "runner = \"no-such-runner\"",
        )],
    ),
    fault(
        "the version of a pack that was released without its facts",
        "out-of-sync",
        "template-axum/hooks/facts.rhai",
        &[swap(
            "template-axum/hooks/facts.rhai",
            "variable::set(\"pack_version\", \"",
            "variable::set(\"pack_version\", \"9.",
        )],
    ),
    fault(
        "a platform.toml with an unknown key",
        "unreadable-file",
        "platform.toml",
        &[append("platform.toml", "\norganisation = \"acme\"\n")],
    ),
    fault(
        "an organisation that can't stand in a workflow",
        "unreadable-file",
        "platform.toml",
        &[swap("platform.toml", "org = \"<ORG>\"", "org = \"a b\"")],
    ),
    fault(
        "a root manifest that is no TOML",
        "unreadable-file",
        REGISTRY,
        &[append(REGISTRY, "\n[template\n")],
    ),
    fault(
        "a root manifest that is not UTF-8",
        "unreadable-file",
        REGISTRY,
        &[Edit::Write(
            REGISTRY,
            b"[template]\nsub_templates = [\"\xff\"]\n",
        )],
    ),
];
