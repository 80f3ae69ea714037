//! Templates that are not offered, and two that disagree.

use super::{Edit, Fault, REGISTRY, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a template that is not registered",
        "unregistered-template",
        "template-two/cargo-generate.toml",
        &[Edit::Twin("template-axum", "template-two")],
    ),
    fault(
        "a template under another name that is not registered",
        "unregistered-template",
        "axum-two/cargo-generate.toml",
        &[Edit::Twin("template-axum", "axum-two")],
    ),
    fault(
        "an entry without a folder",
        "unregistered-template",
        REGISTRY,
        &[swap(
            REGISTRY,
            "sub_templates = [",
            "sub_templates = [\"template-gone\", ",
        )],
    ),
    fault(
        "a template without a manifest",
        "unregistered-template",
        "template-two/cargo-generate.toml",
        &[write("template-two/README.md", "x\n")],
    ),
    fault(
        "a template that is registered twice",
        "unregistered-template",
        REGISTRY,
        &[swap(
            REGISTRY,
            "sub_templates = [",
            "sub_templates = [\"template-axum\", ",
        )],
    ),
    fault(
        "two templates with two defaults",
        "disagreeing-option",
        TWO,
        &[
            TWIN,
            LISTED,
            STAMPED,
            swap(TWO, "default = \"compose\"", "default = \"kubernetes\""),
        ],
    ),
    fault(
        "two templates with two lists of choices",
        "disagreeing-option",
        TWO,
        &[
            TWIN,
            LISTED,
            STAMPED,
            swap(
                TWO,
                "[\"none\", \"postgres\"]",
                "[\"none\", \"postgres\", \"sqlite\"]",
            ),
        ],
    ),
    fault(
        "two templates with two prompts",
        "disagreeing-option",
        TWO,
        &[TWIN, LISTED, STAMPED, swap(TWO, "Which team", "What team")],
    ),
    fault(
        "two templates with two expressions",
        "disagreeing-option",
        TWO,
        &[
            TWIN,
            LISTED,
            STAMPED,
            swap(TWO, "{Cc}\\u{2028}", "{Cc}\\u{2027}\\u{2028}"),
        ],
    ),
];

/// The manifest of a second template, which is the first one's twin.
const TWO: &str = "template-two/cargo-generate.toml";
const TWIN: Edit = Edit::Twin("template-axum", "template-two");
/// It is registered after it, and so it is the one that disagrees.
const LISTED: Edit = swap(
    REGISTRY,
    "\"template-axum\"",
    "\"template-axum\", \"template-two\"",
);
/// It knows its own name.
const STAMPED: Edit = swap(
    "template-two/hooks/facts.rhai",
    "\"template-axum\"",
    "\"template-two\"",
);
